"""Finds which row of one extractor is which row of the other: by content, not by order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from extraction.schema.comparing import Answer, meaning_of
from extraction.schema.fields import Field, FieldType, Group

Row = Mapping[str, Answer]
Prepared = Mapping[str, tuple[object, str]]
LEAST_LIKENESS = 0.6
_TIE_WEIGHT = 0.05
_ALMOST = 0.99  # the most that two different texts are alike
_SPACE_BEFORE_UNIT = re.compile(r"(?<=\d)\s+(?=%)")


@dataclass(frozen=True, slots=True)
class RowPair:
    """Positions of two rows that are the same row, or of one that has no counterpart.

    Attributes:
        a: Position in the first list, None when only the second has the row.
        b: Position in the second list, None when only the first has the row.
        likeness: 0 to 1; 0 for a row without counterpart.
    """

    a: int | None
    b: int | None
    likeness: float = 0.0


def align_rows(group: Group, rows_a: Sequence[Row], rows_b: Sequence[Row]) -> list[RowPair]:
    """Pair the rows of two extractions of one study.

    The pair with the greatest likeness is taken first, then the next among the rows left.
    Likeness is the mean over the group's `row_keys` that at least one side answers (1 for the
    same answer, the share of equal letters for texts, 0 for an answer missing on one side); the
    other fields only break ties. Rows that contradict each other in a strict key, and rows
    below `LEAST_LIKENESS`, are never paired.

    Args:
        group: The repeating group.
        rows_a: One extractor's rows: answers by field key.
        rows_b: The other's.

    Returns:
        One pair for each row of either side, in the order of A, then what only B has. Which
        contents are paired does not depend on the order of the rows.

    Source:
        Own definition (greedy matching).
    """
    levels = _levels(group)
    prepared = [[_prepared(group, row) for row in rows] for rows in (rows_a, rows_b)]
    scored = [
        (likeness, a, b)
        for a, row_a in enumerate(prepared[0])
        for b, row_b in enumerate(prepared[1])
        if (likeness := _row_likeness(levels, row_a, row_b)) >= LEAST_LIKENESS
    ]
    scored.sort(key=lambda one: (-one[0], _content(group, rows_a[one[1]], rows_b[one[2]])))
    partner: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, a, b in scored:
        if a not in partner and b not in taken:
            partner[a] = (b, min(likeness, 1.0))
            taken.add(b)
    pairs = [RowPair(a, *partner.get(a, (None, 0.0))) for a in range(len(rows_a))]
    return [*pairs, *(RowPair(None, b) for b in range(len(rows_b)) if b not in taken)]


def row_likeness(group: Group, a: Row, b: Row) -> float:
    """Measure how much two rows look like the same row.

    Args:
        group: The repeating group.
        a: One row.
        b: Another row.

    Returns:
        0 (contradiction in a strict key, or nothing to compare) to 1, plus at most 0.05 for
        agreement in the fields that are no row keys.

    Source:
        Own definition.
    """
    return _row_likeness(_levels(group), _prepared(group, a), _prepared(group, b))


@dataclass(frozen=True, slots=True)
class _Levels:
    """The keys of a group by what they weigh."""

    strict: tuple[str, ...]
    keys: tuple[str, ...]
    others: tuple[str, ...]


def _levels(group: Group) -> _Levels:
    names = tuple(field.key for field in group.fields)
    keys = tuple(name for name in names if name in group.row_keys) or names
    strict = tuple(name for name in keys if name in group.strict_row_keys)
    return _Levels(strict, keys, tuple(name for name in names if name not in keys))


def _prepared(group: Group, row: Row) -> Prepared:
    return {
        field.key: (meaning_of(field, row[field.key]), _text(field, row[field.key]))
        for field in group.fields
        if field.key in row
    }


def _row_likeness(levels: _Levels, a: Prepared, b: Prepared) -> float:
    for key in levels.strict:
        if key in a and key in b and _likeness(a[key], b[key]) < 1:
            return 0.0
    main = _mean_likeness(levels.keys, a, b)
    return main + _TIE_WEIGHT * _mean_likeness(levels.others, a, b) if main else 0.0


def _mean_likeness(keys: Sequence[str], a: Prepared, b: Prepared) -> float:
    asked = [key for key in keys if key in a or key in b]
    both = [key for key in asked if key in a and key in b]
    return sum(_likeness(a[key], b[key]) for key in both) / len(asked) if asked else 0.0


def _likeness(a: tuple[object, str], b: tuple[object, str]) -> float:
    if a[0] == b[0] or (a[1] and a[1] == b[1]):
        return 1.0
    return min(Indel.normalized_similarity(a[1], b[1]), _ALMOST) if a[1] and b[1] else 0.0


def _text(field: Field, answer: Answer) -> str:
    if not isinstance(answer.value, str) or field.type is FieldType.NUMBER:
        return ""
    return _SPACE_BEFORE_UNIT.sub("", " ".join(answer.value.casefold().split()))


def _content(group: Group, a: Row, b: Row) -> tuple[tuple[str, str], ...]:
    return tuple((str(a.get(field.key)), str(b.get(field.key))) for field in group.fields)
