"""Values of columns as text of a CSV file and back, the same on both databases."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.utils.encoding import force_bytes

from screening.rules.spreadsheets import harmless

MARK = "'"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `unguarded` gives back what it was."""
    return MARK + text if text.startswith(MARK) or harmless(text) != text else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text.removeprefix(MARK)


def as_json(value: Any) -> str:
    """JSON in one form: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def is_text(field: "models.Field[Any, Any]") -> bool:
    """Whether an empty cell is an empty text and not a missing value."""
    return isinstance(field, models.CharField | models.TextField)


def cell_of(field: "models.Field[Any, Any]", value: Any) -> str:  # noqa: PLR0911  # one per type
    """The text of a stored value; a missing one is empty. Texts are not guarded yet."""
    if value is None:
        return ""
    if isinstance(field, models.JSONField):
        return as_json(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(force_bytes(value)).decode()
    return repr(value) if isinstance(value, float) else str(value)


def value_of(field: "models.Field[Any, Any]", cell: str) -> Any:
    """The value that `cell_of` wrote.

    Raises:
        ValueError: The cell holds no value of this column.
    """
    if is_text(field):
        most = field.max_length
        if most is not None and len(cell) > most:
            raise ValueError(f"{len(cell)} characters stand where {most} are the most")
        return cell
    if cell:
        return next((read(cell) for kind, read in READERS if isinstance(field, kind)), None)
    if not field.null:
        raise ValueError("a value is needed and none stands there")
    return None


def _boolean(cell: str) -> bool:
    if cell not in {"true", "false"}:
        raise ValueError(f"{cell!r} is neither true nor false")
    return cell == "true"


def _time(cell: str) -> datetime:
    found = datetime.fromisoformat(cell)
    if found.tzinfo is None:
        raise ValueError(f"{cell!r} has no time zone")
    return found


def _bytes(cell: str) -> bytes:
    return base64.b64decode(cell, validate=True)


READERS: tuple[tuple[type, Callable[[str], Any]], ...] = (
    (models.JSONField, json.loads),
    (models.BinaryField, _bytes),
    (models.BooleanField, _boolean),
    (models.DateTimeField, _time),
    (models.DateField, date.fromisoformat),
    (models.FloatField, float),
    (models.IntegerField, int),
)
