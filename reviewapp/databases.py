"""The database setting: embedded SQLite by default, Postgres when DATABASE_URL says so."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
)


def sqlite_database(path: Path) -> dict[str, Any]:
    """Settings of the embedded database: WAL, writers queue up instead of failing."""
    return {
        "ENGINE": "reviewapp.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }


def database_from_url(url: str, *, is_pooled: bool = False) -> dict[str, Any]:
    """Settings of a team database from `postgres://user:password@host:port/name`.

    Args:
        url: The address.
        is_pooled: Whether a pooler of transactions stands there, so that a cursor of the server
            would be gone at the next query.

    Raises:
        ImproperlyConfigured: The scheme is not Postgres or no database is named.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme!r}; write postgres://user:password@host/name, "
            "or leave it unset for the embedded database."
        )
    name = parts.path.lstrip("/")
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database after the host.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # after a restart of the server no dead one is handed out
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 12, "timeout": 20}}
        | ({} if is_pooled else {"prepare_threshold": 2})
        | dict(parse_qsl(parts.query)),
    }
