"""The logging setting: one line per event on standard error, never a password or a body."""

from typing import Any

FORMATTERS = {
    "line": {
        "()": "reviewapp.telemetry.formats.Line",
        "format": "{asctime} {levelname:<7} {name} {message}",
        "style": "{",
    },
    "json": {"()": "reviewapp.telemetry.formats.JsonLine"},
}


def logging_settings(level: str, form: str = "line") -> dict[str, Any]:
    """Django's LOGGING.

    Args:
        level: Least level of our own apps; everybody else's start at warnings.
        form: `line` for people, `json` for a collector.

    Returns:
        A `logging.config` dictionary.

    Raises:
        ValueError: There is no such form.
    """
    if form not in FORMATTERS:
        raise ValueError(f"LOG_FORMAT is {form!r}; write line or json.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "reviewapp.telemetry.formats.Context"}},
        "formatters": FORMATTERS,
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["context"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"level": level.upper()}
            for name in ("reviewapp", "screening", "extraction", "analytics")
        }
        | {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "celery": {"level": "WARNING"},
            "axes": {"level": "ERROR"},  # below, it names who could not sign in
            "httpx": {"level": "WARNING"},  # below, they write addresses, which may hold a key
            "httpcore": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},  # says each burst of requests
        },
    }
