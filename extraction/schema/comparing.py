"""Two extractions side by side: are two answers the same, and how often extractors agree."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import mean, stdev

from extraction.schema.answers import Scalar
from extraction.schema.checks import as_decimal
from extraction.schema.fields import Field, FieldType


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


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """How far two extractors agree in one field.

    Attributes:
        field: Key of the field.
        both: Number of cells that both answered.
        same: Of these, how many are the same.
        only_one: Number of cells that one of them left empty.
        percent: `100 * same / both`; None when `both` is 0.
        kappa: Cohen's kappa over cells both answered, for choice and yes/no fields; None for
            other fields, and where both used one and the same word throughout (not defined).
        mean_difference: Mean of A - B on the common scale, for numbers; None otherwise.
        limits: 95 % limits of agreement of the differences; None with fewer than two.
    """

    field: str
    both: int
    same: int
    only_one: int
    percent: float | None = None
    kappa: float | None = None
    mean_difference: float | None = None
    limits: tuple[float, float] | None = None


def compare_cells(field: Field, a: Answer | None, b: Answer | None) -> CellState:
    """Compare two answers to one question.

    Args:
        field: The question.
        a: One extractor's answer, None when empty.
        b: The other's.

    Returns:
        SAME when both mean the same: numbers on their common scale (0.92 and 92 percent; 0.90
        and 0.9), choices as sets, texts without regard to case and blanks.

    Source:
        Own definition.
    """
    if a is None or b is None:
        if a is None and b is None:
            return CellState.EMPTY
        return CellState.ONLY_B if a is None else CellState.ONLY_A
    return CellState.SAME if _meaning(field, a) == _meaning(field, b) else CellState.DIFFERS


def field_agreement(
    field: Field, cells: Iterable[tuple[Answer | None, Answer | None]]
) -> FieldAgreement:
    """Measure the agreement of two extractors in one field.

    Args:
        field: The question.
        cells: Pairs of answers, one for each study or aligned row.

    Returns:
        Counts, percentage, kappa for categories and limits of agreement for numbers.

    Source:
        Cohen 1960 (kappa = (po - pe) / (1 - pe)); Bland and Altman 1986 (mean +- 1.96 sd).
    """
    cells = list(cells)
    pairs = [(a, b) for a, b in cells if a is not None and b is not None]
    states = Counter(compare_cells(field, a, b) for a, b in cells)
    same = states[CellState.SAME]
    agreement = FieldAgreement(
        field=field.key,
        both=len(pairs),
        same=same,
        only_one=states[CellState.ONLY_A] + states[CellState.ONLY_B],
        percent=100 * same / len(pairs) if pairs else None,
        kappa=_kappa(field, pairs),
    )
    differences = _differences(field, pairs)
    if not differences:
        return agreement
    centre = mean(differences)
    spread = 1.96 * stdev(differences) if len(differences) > 1 else None
    return FieldAgreement(
        field=agreement.field,
        both=agreement.both,
        same=agreement.same,
        only_one=agreement.only_one,
        percent=agreement.percent,
        mean_difference=centre,
        limits=None if spread is None else (centre - spread, centre + spread),
    )


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


def _meaning(field: Field, answer: Answer) -> object:
    if isinstance(answer.value, bool):
        return answer.value
    if isinstance(answer.value, tuple):
        return frozenset(map(_folded, answer.value))
    if field.type is FieldType.NUMBER:
        scaled = common_scale(field, answer)
        return scaled if scaled is not None else (_folded(answer.value), answer.unit)
    return _folded(answer.value)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _kappa(field: Field, pairs: Sequence[tuple[Answer, Answer]]) -> float | None:
    if field.type not in {FieldType.CHOICE, FieldType.YES_NO} or not pairs:
        return None
    total = len(pairs)
    left = Counter(_meaning(field, a) for a, _ in pairs)
    right = Counter(_meaning(field, b) for _, b in pairs)
    observed = sum(_meaning(field, a) == _meaning(field, b) for a, b in pairs) / total
    expected = sum(left[word] * right[word] for word in left) / total**2
    return None if math.isclose(expected, 1) else (observed - expected) / (1 - expected)


def _differences(field: Field, pairs: Sequence[tuple[Answer, Answer]]) -> list[float]:
    if field.type is not FieldType.NUMBER:
        return []
    scaled = [(common_scale(field, a), common_scale(field, b)) for a, b in pairs]
    return [float(a - b) for a, b in scaled if a is not None and b is not None]
