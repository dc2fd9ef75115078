"""Settings of the test suite: a database in memory or the named Postgres, no delays, no disk."""

import atexit
import secrets
import shutil
import tempfile
from pathlib import Path

import httpx

from reviewapp import settings as named
from reviewapp.broker import celery_settings
from reviewapp.caches import cache_settings
from reviewapp.databases import sqlite_database
from reviewapp.env import read_text
from reviewapp.settings import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 50
DATA_DIR = Path(tempfile.mkdtemp(prefix="reviewapp-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY = celery_settings("memory://", DATA_DIR)  # messages go nowhere; tests run jobs themselves
DATABASES = named.DATABASES
if read_text("DATABASE_URL", ""):
    # Of this run alone, made at its start and dropped at its end: runs on one server never meet.
    DATABASES["default"]["TEST"] = {"NAME": f"test_review_{secrets.token_hex(4)}"}
else:
    DATABASES = {"default": sqlite_database(DATA_DIR / "reviewapp.sqlite3")}
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
CACHES = {"default": cache_settings("")}
RANKING_IN_BACKGROUND = False
REST_FRAMEWORK = REST_FRAMEWORK | {  # noqa: F405
    "DEFAULT_THROTTLE_RATES": {"person": None, "bad_token": None, "public": None}
}

# No test leaves this machine: one that plays answers back sets a transport of its own.
ONLINE_EMAIL = ""
ONLINE_API_KEYS = {"pubmed": "", "openalex": ""}


def _no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("The tests have no network.", request=request)


ONLINE_TRANSPORT = httpx.MockTransport(_no_network)
OIDC_TRANSPORT = httpx.MockTransport(_no_network)
