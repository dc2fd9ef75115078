"""Doubts about numbers of one row that only show beside each other: intervals, cases."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extraction.schema.checks import as_decimal
from extraction.schema.comparing import Answer
from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.fields import Field

Doubt = tuple[tuple[str, ...], str]


def row_doubts(
    spec: ComparisonSpec, fields: Mapping[str, Field], answers: Mapping[str, Answer]
) -> dict[str, tuple[str, ...]]:
    """Ask about an interval turned round or beside its value, and about more cases than there are.

    Args:
        spec: The comparison, which says what the numbers of a row are.
        fields: Fields of the row by key.
        answers: What is answered in the row by key.

    Returns:
        Questions by the key of each field they are about; nothing where all is likely. Numbers
        whose units cannot be brought to one scale are not compared.

    Source:
        Own definition.
    """
    found: dict[str, tuple[str, ...]] = {}
    for arm in (spec.arm, spec.comparator, *spec.other_arms):
        for keys, question in _of_interval(arm, fields, answers):
            found |= {key: (*found.get(key, ()), question) for key in keys}
    for keys, question in _of_cases(spec, fields, answers):
        found |= {key: (*found.get(key, ()), question) for key in keys}
    return found


def _of_interval(
    arm: Arm, fields: Mapping[str, Field], answers: Mapping[str, Answer]
) -> Iterator[Doubt]:
    value, low, high = (_number(key, fields, answers) for key in (arm.field, arm.low, arm.high))
    if low is None or high is None:
        return
    ends = f"{answers[arm.low].value} to {answers[arm.high].value}"
    if low > high:
        yield (arm.low, arm.high), f"The interval goes from {ends}. Are its ends turned round?"
    elif value is not None and not low <= value <= high:
        typed = answers[arm.field].value
        question = f"{typed} lies outside its interval, {ends}. Is a digit or a unit wrong?"
        yield (arm.field, arm.low, arm.high), question


def _of_cases(
    spec: ComparisonSpec, fields: Mapping[str, Field], answers: Mapping[str, Answer]
) -> Iterator[Doubt]:
    keys = (spec.positives_field, spec.cases_field)
    positives, cases = (_number(key, fields, answers) for key in keys)
    if positives is not None and cases is not None and positives > cases:
        few, many = (answers[key].value for key in reversed(keys))
        yield keys, f"{many} of {few} cases have the condition. Is a digit wrong?"


def _number(key: str, fields: Mapping[str, Field], answers: Mapping[str, Answer]) -> Decimal | None:
    """An answered number on the common scale."""
    answer, field = answers.get(key), fields.get(key)
    if answer is None or field is None or not isinstance(answer.value, str):
        return None
    number = as_decimal(answer.value)
    unit = field.unit(answer.unit)
    if number is None or (field.units and (unit is None or unit.scale is None)):
        return None
    return number * unit.scale if unit and unit.scale else number
