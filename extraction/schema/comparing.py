"""Two extractions side by side: are two answers the same?"""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extraction.schema.answers import Scalar
from extraction.schema.checks import as_decimal
from extraction.schema.fields import Field, FieldType

_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")


class CellState(StrEnum):
    """How two extractors' answers to one question stand to each other."""

    SAME = "same"
    DIFFERS = "differs"
    ONLY_A = "only_a"
    ONLY_B = "only_b"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Answer:
    """One extractor's answer: value and unit."""

    value: Scalar
    unit: str = ""


def compare_cells(field: Field, a: Answer | None, b: Answer | None) -> CellState:
    """Compare two answers to one question.

    Args:
        field: The question.
        a: One extractor's answer, None when empty.
        b: The other's.

    Returns:
        SAME when both mean the same: numbers on their common scale (0.92 and 92 percent; 0.90
        and 0.9), choices as sets, texts without regard to case and blanks (100% and 100 %).

    Source:
        Own definition.
    """
    if a is None or b is None:
        if a is None and b is None:
            return CellState.EMPTY
        return CellState.ONLY_B if a is None else CellState.ONLY_A
    return CellState.SAME if meaning_of(field, a) == meaning_of(field, b) else CellState.DIFFERS


def common_scale(field: Field, answer: Answer) -> Decimal | None:
    """Bring a number to the common scale of its field.

    Args:
        field: A number field.
        answer: Value as typed, with its unit.

    Returns:
        The value times the unit's scale (92 percent = 0.92); the bare number where the field has
        no units; None when it is no number or its unit has no scale.

    Source:
        Own definition.
    """
    number = as_decimal(answer.value) if isinstance(answer.value, str) else None
    if number is None or not field.units:
        return number
    unit = field.unit(answer.unit)
    return number * unit.scale if unit and unit.scale is not None else None


def meaning_of(field: Field, answer: Answer) -> Hashable:
    """What an answer means, however it is written.

    Args:
        field: The question.
        answer: One extractor's answer.

    Returns:
        Equal for answers that mean the same: a number on its common scale, a set of choices, a
        text without case and surplus blanks.

    Source:
        Own definition.
    """
    if isinstance(answer.value, bool):
        return answer.value
    if isinstance(answer.value, tuple):
        return frozenset(map(_folded, answer.value))
    if field.type is FieldType.NUMBER:
        scaled = common_scale(field, answer)
        return scaled if scaled is not None else (_folded(answer.value), answer.unit)
    return _folded(answer.value)


def _folded(text: str) -> str:
    return _BEFORE_PERCENT.sub("", " ".join(text.casefold().split()))
