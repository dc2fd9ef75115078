"""Settings of the test suite: a database in memory or the named Postgres, no delays, no disk."""

import tempfile
from pathlib import Path

from reviewapp.settings import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 50
DATA_DIR = Path(tempfile.mkdtemp(prefix="reviewapp-tests-"))
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
