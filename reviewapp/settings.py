"""Settings. Everything a host may change comes from an environment variable (docs/running.md)."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from reviewapp.broker import celery_settings
from reviewapp.caches import cache_settings
from reviewapp.databases import database_from_url, sqlite_database
from reviewapp.env import read_choice, read_flag, read_list, read_number, read_text
from reviewapp.files import files_storage
from reviewapp.logs import logging_settings
from reviewapp.redis_keys import key_prefix

if TYPE_CHECKING:
    from httpx import BaseTransport

BASE_DIR = Path(__file__).resolve().parent.parent


def _default_data_dir() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "reviewapp"
    if os.name == "nt":
        return Path(read_text("LOCALAPPDATA", str(Path.home()))) / "reviewapp"
    return Path(read_text("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "reviewapp"


def _package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"The package {name} is not installed.")
    return Path(spec.origin).parent


DATA_DIR = Path(read_text("REVIEWAPP_DATA_DIR", str(_default_data_dir())))
DEBUG = read_flag("DEBUG", default=False)
TLS = read_flag("TLS", default=False)
_secret_file = DATA_DIR / "secret-key"
SECRET_KEY = read_text(
    "SECRET_KEY",
    _secret_file.read_text(encoding="utf-8").strip()
    if _secret_file.is_file()
    else get_random_secret_key(),
)
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "screening",
    "extraction",
    "analytics",
    "reviewapp",
]

MIDDLEWARE = [
    "reviewapp.telemetry.middleware.TelemetryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "reviewapp.uploads.UploadLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reviewapp.sessions.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "reviewapp.diskfull.DiskFullMiddleware",
]

MESSAGE_TAGS = {message_levels.SUCCESS: "done"}  # the notice of that name

ROOT_URLCONF = "reviewapp.urls"
WSGI_APPLICATION = "reviewapp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reviewapp.navigation.navigation",
            ],
            "builtins": ["screening.templatetags.ui"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

_database_url = read_text("DATABASE_URL", "")
DATABASES = {
    "default": database_from_url(
        _database_url, is_pooled=read_flag("DATABASE_POOLER", default=False)
    )
    if _database_url
    else sqlite_database(DATA_DIR / "reviewapp.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "screening.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "screening:login"
LOGIN_REDIRECT_URL = "screening:home"
LOGOUT_REDIRECT_URL = "screening:login"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "reviewapp.security.login_name"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "screening/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "reviewapp.security.client_address"
PROXY_COUNT = read_number("PROXY_COUNT", 0)
AXES_VERBOSE = False

#: The institution whose people may sign in by its own page (OpenID Connect); off without an issuer.
OIDC_ISSUER = read_text("OIDC_ISSUER", "")
OIDC_CLIENT_ID = read_text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = read_text("OIDC_CLIENT_SECRET", "")
OIDC_NAME = read_text("OIDC_NAME", "your institution") if OIDC_ISSUER else ""
OIDC_CREATES_ACCOUNTS = read_flag("OIDC_CREATES_ACCOUNTS", default=False)
OIDC_TRANSPORT: "BaseTransport | None" = None  # an httpx transport; tests put their own provider

LANGUAGE_CODE = "en-gb"
TIME_ZONE = read_text("TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ("htmx", _package_folder("django_htmx") / "static" / "django_htmx"),
    ("plotly", _package_folder("plotly") / "package_data"),
]
STORAGES = {
    "default": files_storage(DATA_DIR / "files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEGABYTE = 1024 * 1024
TEMPLATE_COPIERS = (  # what the upper apps copy into a review that is made like another
    "extraction.services.templates.copy_extraction",
    "analytics.services.templates.copy_reporting",
)
BLIND_SPOTS = ("extraction.selectors.states.hidden_readings",)  # what a bundle may not tell yet
DELETION_GRACE_DAYS = read_number("DELETION_GRACE_DAYS", 30)  # of a review, to be taken back
UPLOAD_LIMIT_BYTES = read_number("UPLOAD_LIMIT_MB", 100) * MEGABYTE
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # PDFs are uploaded many at once
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE
FILE_UPLOAD_PERMISSIONS = 0o600

#: Outside databases (screening.online); the keys are never shown, stored or logged.
ONLINE_SERVICES = read_flag("ONLINE_SERVICES", default=True)
ONLINE_EMAIL = read_text("CONTACT_EMAIL", "")
ONLINE_API_KEYS = {
    "pubmed": read_text("NCBI_API_KEY", ""),
    "openalex": read_text("OPENALEX_API_KEY", ""),
}
ONLINE_TRANSPORT: "BaseTransport | None" = (
    None  # an httpx transport; tests put one that plays answers back
)

#: Whether webhooks may go to machines of the own network, and to http addresses.
WEBHOOK_PRIVATE_TARGETS = read_flag("WEBHOOK_PRIVATE_TARGETS", default=False)

#: Trainings of the order by relevance run in a thread of the web process; off, in the request.
RANKING_IN_BACKGROUND = True

_broker_url = read_text("CELERY_BROKER_URL", "")
_cache_url = read_text("CACHE_URL", _broker_url)
_redis_prefix = key_prefix(read_text("REDIS_PREFIX", ""), _broker_url, _cache_url)
CELERY = celery_settings(_broker_url, DATA_DIR, _redis_prefix)

#: What web processes count together, such as requests a person: with Redis there for all of them,
#: else for each process of its own.
CACHES = {"default": cache_settings(_cache_url, _redis_prefix)}
LOGGING = logging_settings(read_text("LOG_LEVEL", "INFO"), read_text("LOG_FORMAT", "line"))
LOG_REQUESTS = read_flag("LOG_REQUESTS", default=False)
#: Who asks `/metrics` shows it; empty: there is no such address.
METRICS_TOKEN = read_text("METRICS_TOKEN", "")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
CSRF_FAILURE_VIEW = "reviewapp.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = read_number("SESSION_DAYS", 30) * 24 * 3600  # whatever is done in it
SESSION_IDLE_SECONDS = read_number("SESSION_IDLE_HOURS", 7 * 24) * 3600
#: Of whom a second factor is asked in every review; a review can ask for more by its settings.
REQUIRE_SECOND_FACTOR = read_choice(
    "REQUIRE_SECOND_FACTOR", ("nobody", "leads", "everyone"), "nobody"
)
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
]  # asked by probes inside the house
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
# Without TLS these four ask for what only TLS can give: HSTS, the redirect, two secure cookies.
SILENCED_SYSTEM_CHECKS = [] if TLS else [f"security.{w}" for w in ("W004", "W008", "W012", "W016")]

# Draws figures for reports; empty looks for it, `off` leaves pictures out.
CHROMIUM = read_text("CHROMIUM", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "screening.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "screening.api.negotiation.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["screening.api.authentication.PersonRate"],
    "DEFAULT_THROTTLE_RATES": {
        "person": read_text("API_RATE", "600/min") or None,
        "public": read_text("PUBLIC_RATE", "60/min") or None,
        "bad_token": read_text("API_BAD_TOKEN_RATE", "30/min") or None,
    },
    "NUM_PROXIES": PROXY_COUNT,
    "DEFAULT_SCHEMA_CLASS": "screening.api.schema.ApiSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Systematic review API",
    "VERSION": "1",
    "DESCRIPTION": "Everything a page can do. Blinding holds here as on the pages.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["screening.api.schema.refuse_unknown_fields"],
}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
