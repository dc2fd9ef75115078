"""The draft as an entry form to try: two rows of each repeating group, nothing stored in tables."""

from collections.abc import Mapping
from typing import TypedDict

from extraction.models import ExtractedValue, ExtractionRow
from extraction.schema.checks import CheckedValue, Entered, Refused, check_value
from extraction.schema.definition import FormSketch
from extraction.schema.fields import Field
from extraction.selectors.entry import Entry, groups_of, together_in

ROWS_SHOWN = 2
ROWS_APART = 10


class Tried(TypedDict):
    """One answer as the session keeps it."""

    value: str | bool | list[str]
    unit: str


Answers = Mapping[str, Tried]


def tried_key(row: int | None, field: str) -> str:
    """Name of one cell among the tried answers."""
    return f"{row or 0}:{field}"


def tryout(form: FormSketch, answers: Answers) -> Entry:
    """The entry form of a sketch, filled with what was tried.

    Args:
        form: The draft.
        answers: Tried answers by `tried_key`.

    Returns:
        The same structure the real entry form is drawn from.
    """
    rows = [
        ExtractionRow(pk=place * ROWS_APART + number, group=group.key, position=number)
        for place, group in enumerate(form.groups, start=1)
        if group.repeating
        for number in range(1, ROWS_SHOWN + 1)
    ]
    stored = {}
    for name, tried in answers.items():
        row, _, key = name.partition(":")
        value = ExtractedValue(field=key, value=tried["value"], unit=tried["unit"])
        stored[(int(row) or None, key)] = value
    return Entry(None, groups_of(form, stored, rows), together=together_in(form))


def try_value(
    *,
    form: FormSketch,
    field: Field,
    entered: tuple[Entered, str],
    answers: Answers,
    row: int | None,
) -> CheckedValue | Refused | None:
    """Check an entry (value and unit) as the real form would; None for an empty one."""
    raw, unit = entered
    is_empty = not raw.strip() if isinstance(raw, str) else raw in ([], ())
    if is_empty:
        return None
    named = answers.get(tried_key(row, field.metric_field)) if field.metric_field else None
    name = named["value"] if named else None
    metric = form.metric(name) if isinstance(name, str) else None
    return check_value(field, raw, unit, metric)
