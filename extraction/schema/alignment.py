"""Finds which row of one extractor is which row of the other: by content, not by order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from importlib import import_module

from extraction.schema.comparing import Answer, CellState, compare_cells
from extraction.schema.fields import Field, Group

Row = Mapping[str, Answer]
LEAST_LIKENESS = 0.6
ALONE = 0.5  # what leaving two rows alone is worth
_TIE_WEIGHT = 0.05
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

    The pairs are those with the greatest sum of what their likeness exceeds `ALONE` by (the
    optimal assignment), so that an exact pair is not torn apart for two doubtful ones. Likeness is
    the mean over the group's `row_keys` that at least one side answers (1 for the same answer, the
    share of equal letters for texts, 0 for an answer missing on one side); the other fields only
    break ties. Rows that contradict each other in a strict key, and rows below `LEAST_LIKENESS`,
    are never paired.

    Args:
        group: The repeating group.
        rows_a: One extractor's rows: answers by field key.
        rows_b: The other's.

    Returns:
        One pair for each row of either side, in the order of A, then what only B has. Which
        contents are paired does not depend on the order of the rows.

    Source:
        Crouse 2016, IEEE Trans Aerosp Electron Syst 52:1679 (the assignment, as in SciPy); own
        definition of likeness.
    """
    order_a, order_b = _by_content(group, rows_a), _by_content(group, rows_b)
    likeness = [[row_likeness(group, rows_a[a], rows_b[b]) for b in order_b] for a in order_a]
    partner = {
        order_a[left]: (order_b[right], min(likeness[left][right], 1.0))
        for left, right in _assigned(likeness)
    }
    taken = {b for b, _ in partner.values()}
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
    keys = [field for field in group.fields if field.key in group.row_keys] or list(group.fields)
    others = [field for field in group.fields if field not in keys]
    for field in keys:
        strict = field.key in group.strict_row_keys
        if strict and field.key in a and field.key in b and _likeness(field, a, b) < 1:
            return 0.0
    main = _mean_likeness(keys, a, b)
    return main + _TIE_WEIGHT * _mean_likeness(others, a, b) if main else 0.0


def _mean_likeness(fields: Sequence[Field], a: Row, b: Row) -> float:
    asked = [field for field in fields if field.key in a or field.key in b]
    return sum(_likeness(field, a, b) for field in asked) / len(asked) if asked else 0.0


def _likeness(field: Field, a: Row, b: Row) -> float:
    left, right = a.get(field.key), b.get(field.key)
    state = compare_cells(field, left, right)
    if state is CellState.SAME:
        return 1.0
    if left is None or right is None or not _are_texts(left, right):
        return 0.0
    return _text_likeness(_text(left), _text(right))


def _are_texts(a: Answer, b: Answer) -> bool:
    return isinstance(a.value, str) and isinstance(b.value, str)


@lru_cache(maxsize=20_000)
def _text_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    first, second = sorted((a, b))
    return min(SequenceMatcher(None, first, second, autojunk=False).ratio(), 0.99)


def _text(answer: Answer) -> str:
    return _SPACE_BEFORE_UNIT.sub("", " ".join(str(answer.value).casefold().split()))


def _by_content(group: Group, rows: Sequence[Row]) -> list[int]:
    """Positions in an order that only the contents give, so that ties never turn with the rows."""
    return sorted(
        range(len(rows)),
        key=lambda place: [str(rows[place].get(field.key)) for field in group.fields],
    )


def _assigned(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs of places with the greatest sum of likeness, those below the least left out.

    SciPy is loaded when the first rows are aligned and not with the app.
    """
    if not likeness or not likeness[0]:
        return []
    optimize = import_module("scipy.optimize")
    gain = [[one - ALONE if one >= LEAST_LIKENESS else 0.0 for one in line] for line in likeness]
    lefts, rights = optimize.linear_sum_assignment(gain, maximize=True)
    pairs = zip(map(int, lefts), map(int, rights), strict=True)
    return [(left, right) for left, right in pairs if gain[left][right]]
