"""Small readers of environment variables that fail loudly; each also accepts NAME_FILE."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def read_text(name: str, default: str | None = None) -> str:
    """Read a text setting.

    Args:
        name: The variable; `name_FILE` may hold the path of a file with the value instead.
        default: What to return when neither is set; None means the setting is required.

    Returns:
        The value without surrounding blanks.

    Raises:
        ImproperlyConfigured: A required setting is missing, or the named file cannot be read.
    """
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            message = f"{name}_FILE names {file_name}, which cannot be read: {error.strerror}."
            raise ImproperlyConfigured(message) from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE).")
    return value.strip()


def read_flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting; anything but 1/true/yes/on and 0/false/no/off is an error."""
    value = read_text(name, "1" if default else "0").lower()
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def read_number(name: str, default: int) -> int:
    """Read a whole-number setting."""
    value = read_text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.") from error


def read_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Read one of a few words; anything else is an error."""
    value = read_text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(choices)}.")
    return value


def read_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated setting; empty parts are dropped."""
    return [part.strip() for part in read_text(name, default).split(",") if part.strip()]
