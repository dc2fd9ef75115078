"""The logging setting: one line per event on standard error, never a password or a body."""

from typing import Any


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING.

    Args:
        level: Least level of our own apps and of Celery; Django's request log starts at warnings.

    Returns:
        A `logging.config` dictionary.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "format": "{asctime} {levelname:<7} {name} {message}",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"level": level.upper()}
            for name in ("reviewapp", "screening", "extraction", "analytics")
        }
        | {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "celery": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},  # below, they write addresses, which may hold a key
            "httpcore": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},  # says each burst of requests
        },
    }
