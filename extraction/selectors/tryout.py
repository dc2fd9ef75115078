"""The draft as an entry form to try: two rows of each repeating group, nothing stored in tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class TriedEntry:
    """One entry to try: of the study, or of one of the shown rows of a repeating part, from 1."""

    field: str
    raw: Entered
    unit: str = ""
    part: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class TriedForm:
    """The entry form with what was tried; by `tried_key` what was refused, and what is asked."""

    entry: Entry
    refused: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]


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


def try_answers(form: FormSketch, entries: Iterable[TriedEntry]) -> TriedForm:
    """Try a whole sheet of entries at once, in their order.

    Raises:
        ValueError: The form has no such field in that part or row.
    """
    answers: dict[str, Tried] = {}
    refused: dict[str, str] = {}
    questions: dict[str, tuple[str, ...]] = {}
    for one in entries:
        row = _row_id(form, one.part, one.row)
        shown = tryout(form, answers).find(one.field, row)
        if shown is None:
            where = f" in row {one.row} of “{one.part}”" if one.row else ""
            raise ValueError(f"The draft has no field “{one.field}”{where}.")
        name, entered = tried_key(row, one.field), (one.raw, one.unit)
        checked = try_value(form=form, field=shown.field, entered=entered, answers=answers, row=row)
        refused.pop(name, None)
        questions.pop(name, None)
        if isinstance(checked, Refused):
            refused[name] = checked.message
        elif checked is None:
            answers.pop(name, None)
        else:
            answers[name] = as_tried(checked)
            questions[name] = checked.questions
    return TriedForm(tryout(form, answers), refused, questions)


def as_tried(checked: CheckedValue) -> Tried:
    """A checked value as it is kept while the form is tried."""
    value = list(checked.value) if isinstance(checked.value, tuple) else checked.value
    return Tried(value=value, unit=checked.unit)


def _row_id(form: FormSketch, part: str, number: int | None) -> int | None:
    """Number of a shown row among the rows of all parts; 0, which is no row, for a wrong one."""
    if number is None:
        return None
    keys = [one.key for one in form.groups if one.repeating]
    if part not in keys or number > ROWS_SHOWN:
        return 0
    place = [one.key for one in form.groups].index(part) + 1
    return place * ROWS_APART + number


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
