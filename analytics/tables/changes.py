"""What changed between two days: studies, rows and values that came, went or changed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.frames.studies import parts_of, study_name
from extraction.schema.answers import AnswerRow, Cell, StudyAnswers
from extraction.schema.definition import FormDefinition

NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?(?:\s?%)?")
UNITS = {"fraction": "", "percent": " %"}
ROW_WORDS = 3


class Kind(StrEnum):
    """What became of something."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"
    SETTLED = "settled"  # the same answer, on a better or worse footing than before


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One answer that differs. `row` is empty for an answer about the study.

    `row_key` is the key of the row after, or before where it went.
    """

    kind: Kind
    study_id: int
    study: str
    row: str
    row_key: str
    field: str
    before: str
    after: str
    is_after: bool


@dataclass(frozen=True, slots=True)
class StudyChange:
    """One study that came, went or holds values that differ."""

    kind: Kind
    study_id: int
    study: str
    values: tuple[ValueChange, ...]

    def count(self, kind: Kind) -> int:
        """How many of its values came, went, changed or were settled."""
        return sum(one.kind is kind for one in self.values)

    @property
    def summary(self) -> str:
        """The counts in words, e.g. `2 values came, 1 changed`."""
        found = [(self.count(kind), kind) for kind in Kind]
        told = [f"{number} {kind}" for number, kind in found if number]
        return ", ".join(told) if told else "no value"


def changes_between(
    before: Sequence[StudyAnswers],
    after: Sequence[StudyAnswers],
    form: FormDefinition,
    new_keys: Mapping[str, str],
) -> list[StudyChange]:
    """Compare the answers of two days.

    Args:
        before: Of the earlier day.
        after: Of the later day.
        form: Names fields and groups; what it does not know is named by its key.
        new_keys: Key of a row that stood before with the key of the row it became.

    Returns:
        Every study that differs, those that came first, then went, then changed, each by id.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    old = {one.study_id: one for one in before}
    new = {one.study_id: one for one in after}
    found = []
    for number in sorted(old.keys() | new.keys()):
        known = new.get(number) or old[number]
        values = tuple(_values(old.get(number), new.get(number), form, new_keys))
        kind = Kind.CHANGED
        if number not in old or number not in new:
            kind = Kind.WENT if number in old else Kind.CAME
        if values or kind is not Kind.CHANGED:
            found.append(StudyChange(kind, number, study_name(known), values))
    order = [Kind.CAME, Kind.WENT, Kind.CHANGED]
    return sorted(found, key=lambda one: order.index(one.kind))


def _values(
    old: StudyAnswers | None,
    new: StudyAnswers | None,
    form: FormDefinition,
    new_keys: Mapping[str, str],
) -> Iterator[ValueChange]:
    study = new or old
    if study is None:
        return
    name = study_name(study)
    rows_before = {new_keys.get(row.key, row.key): row for row in old.rows} if old else {}
    rows_after = {row.key: row for row in new.rows} if new else {}
    places: list[tuple[AnswerRow | None, AnswerRow | None]] = [(None, None)]
    places += [
        (rows_before.get(key), rows_after.get(key))
        for key in dict.fromkeys([*rows_after, *rows_before])
    ]
    for first, second in places:
        is_row = bool(first or second)
        left = (first.cells if first else {}) if is_row else (old.cells if old else {})
        right = (second.cells if second else {}) if is_row else (new.cells if new else {})
        row = second or first
        for field in dict.fromkeys([*left, *right]):
            a, b = left.get(field), right.get(field)
            kind = _kind(a, b)
            if kind is not None:
                yield ValueChange(
                    kind=kind,
                    study_id=study.study_id,
                    study=name,
                    row=_row_words(row, form) if row else "",
                    row_key=row.key if row else "",
                    field=_field_words(form, field, row.group if row else ""),
                    before=_told(a, kind),
                    after=_told(b, kind),
                    is_after=b is not None,
                )


def _kind(before: Cell | None, after: Cell | None) -> Kind | None:
    if before is None or after is None:
        return Kind.CAME if before is None else Kind.WENT
    if (before.value, before.unit) != (after.value, after.unit):
        return Kind.CHANGED
    return Kind.SETTLED if before.status is not after.status else None


def _told(cell: Cell | None, kind: Kind) -> str:
    if cell is None:
        return ""
    if kind is Kind.SETTLED:
        return f"{_shown(cell)} ({cell.status})"
    return _shown(cell)


def _shown(cell: Cell) -> str:
    return "; ".join(parts_of(cell.value)) + UNITS.get(cell.unit, f" {cell.unit}".rstrip())


def _field_words(form: FormDefinition, key: str, group: str) -> str:
    field = form.find(key, group) if group else form.find(key)
    return field.label if field else key


def _row_words(row: AnswerRow, form: FormDefinition) -> str:
    """A row by its task, metric and amount where it is compared, else by its number."""
    spec = form.comparison
    known = form.group(row.group)
    number = f"{known.label if known else row.group} {row.position + 1}"
    if spec is None or row.group != spec.group:
        return number
    keys = (*spec.task_fields, spec.metric_field, spec.fraction_field)
    words = [_shown(row.cells[key]) for key in keys if key in row.cells]
    return " · ".join(words) or number


def numbers_between(before: str, after: str) -> tuple[tuple[str, str], ...] | None:
    """The numbers that differ between two readings of one figure.

    Args:
        before: A sentence.
        after: The sentence of another day.

    Returns:
        Pairs of numbers that differ, in order; None where the sentences differ in their words.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    if NUMBER.sub("#", before) != NUMBER.sub("#", after):
        return None
    pairs = zip(NUMBER.findall(before), NUMBER.findall(after), strict=True)
    return tuple((a, b) for a, b in pairs if a != b)
