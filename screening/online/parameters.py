"""Searches written in a service's own parameters: `query.title=...&filter=...`, or plain words."""

import re
from urllib.parse import parse_qsl

from screening.online.errors import RefusedQuestionError

_NAMED = re.compile(r"^\s*[a-z_]+(?:[.-][a-z_-]+)*=", re.I)


def parameters_of(query: str, allowed: tuple[str, ...]) -> dict[str, str]:
    """Split a search into parameters.

    Args:
        query: Plain words, or `name=value` pairs joined by `&`.
        allowed: Names that a search may use; plain words go to the first.

    Returns:
        Name -> value, at least one.

    Raises:
        RefusedQuestionError: A name is not allowed, or has no value.
    """
    if not _NAMED.match(query):
        return {allowed[0]: " ".join(query.split())}
    values: dict[str, str] = {}
    for name, value in parse_qsl(query.replace("+", "%2B").strip(), keep_blank_values=True):
        if name not in allowed:
            raise RefusedQuestionError(
                f"The search uses {name!r}; it may use {', '.join(allowed)}, or plain words."
            )
        if not value.strip():
            raise RefusedQuestionError(f"Say what {name} should be.")
        joint = "," if name == "filter" else " "
        values[name] = f"{values[name]}{joint}{value}" if name in values else value
    return values
