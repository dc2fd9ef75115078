"""Checks one entered value against its field: a checked value, or what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extraction.schema.answers import Scalar
from extraction.schema.fields import Field, FieldType, Unit
from extraction.schema.metrics import Metric

_NUMBER = re.compile(r"[+\-−]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+\-−]?\d+,\d+")
_THOUSANDS = re.compile(r"[+\-−]?[1-9]\d{0,2}(,\d{3})+")
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}
MAX_TEXT = 10_000
Entered = str | bool | Sequence[str]
_MAX_DIGITS = 60


@dataclass(frozen=True, slots=True)
class CheckedValue:
    """A value that may be stored; `questions` are asked about, but do not stop it."""

    value: Scalar
    unit: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that may not be stored, and the sentence that says why and what to do."""

    message: str


def check_value(
    field: Field, raw: Entered, unit: str = "", metric: Metric | None = None
) -> CheckedValue | Refused:
    """Check one entered value.

    Args:
        field: The question.
        raw: What was entered: text as typed, a boolean for yes/no, texts for several choices
            (one text with `;` between them will do as well).
        unit: Key of the stated unit; never guessed from the value.
        metric: For a number: the metric it is a value of, whose natural range is then the range.

    Returns:
        The value as it is stored (numbers keep the digits as typed), or the refusal. An empty
        answer is refused too: to clear a field is another action than to fill it.

    Source:
        Own definition.
    """
    if field.type is FieldType.CHOICES:
        return _check_choices(field, raw)
    text = _as_text(raw)
    if not text:
        return Refused(f"{field.label} is empty.")
    if len(text) > MAX_TEXT:
        return Refused(f"{field.label} has {len(text)} characters; at most {MAX_TEXT} fit.")
    if unit and field.type is not FieldType.NUMBER:
        return Refused(f"{field.label} takes no unit, but “{unit}” is stated.")
    if field.type is FieldType.NUMBER:
        return _check_number(field, text, unit, metric)
    return _CHECKS[field.type](field, text)


def as_decimal(text: str) -> Decimal | None:
    """Read a number as typed.

    Args:
        text: Digits with a decimal point, maybe a sign (also the minus sign U+2212) or exponent.

    Returns:
        The exact number, or None when the text is none (also for NaN, infinity and commas).

    Source:
        Own definition.
    """
    cleaned = text.strip()
    if len(cleaned) > _MAX_DIGITS or not _NUMBER.fullmatch(cleaned):
        return None
    return Decimal(cleaned.replace("−", "-"))


def _as_text(raw: Entered) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    joined = raw if isinstance(raw, str) else "; ".join(raw)
    return joined.replace("\x00", "").strip()


def _check_text(_field: Field, text: str) -> CheckedValue | Refused:
    return CheckedValue(text)


def _check_yes_no(field: Field, text: str) -> CheckedValue | Refused:
    word = text.casefold()
    if word in _YES | _NO:
        return CheckedValue(word in _YES)
    return Refused(f"{field.label}: “{text}” is neither yes nor no.")


def _check_date(field: Field, text: str) -> CheckedValue | Refused:
    try:
        return CheckedValue(date.fromisoformat(text).isoformat())
    except ValueError:
        return Refused(f"{field.label}: “{text}” is no date; write it as 2021-05-31.")


def _check_choice(field: Field, text: str) -> CheckedValue | Refused:
    exact = field.exact_term(text)
    if exact and (not field.allow_other or exact.key.casefold() == text.casefold()):
        return CheckedValue(exact.key)
    if field.allow_other:
        return CheckedValue(text)
    words = ", ".join(term.shown for term in field.terms)
    return Refused(f"{field.label}: “{text}” is not in the vocabulary. Choose one of: {words}.")


def _check_choices(field: Field, raw: Entered) -> CheckedValue | Refused:
    if isinstance(raw, bool):
        return Refused(f"{field.label} takes words of its vocabulary, not yes or no.")
    chosen: list[str] = []
    for word in _split(field, raw):
        checked = _check_choice(field, word)
        if isinstance(checked, Refused):
            return checked
        if checked.value not in chosen:
            chosen.append(str(checked.value))
    return CheckedValue(tuple(chosen)) if chosen else Refused(f"{field.label} is empty.")


def _split(field: Field, raw: str | Sequence[str]) -> list[str]:
    if not isinstance(raw, str):
        return [word.strip() for word in raw if word.strip()]
    parts = [word.strip() for word in raw.split(";")]
    joined = [word.strip() for word in raw.split("+")]
    if len(joined) > 1 and all(map(field.exact_term, joined)):
        parts = joined
    return [word for word in parts if word]


def _check_number(
    field: Field, text: str, unit: str, metric: Metric | None
) -> CheckedValue | Refused:
    number = as_decimal(text)
    if number is None:
        return Refused(_no_number(field, text))
    stated = field.unit(unit)
    if stated is None and (unit or field.units):
        known = " or ".join(one.shown for one in field.units)
        if not field.units:
            return Refused(f"{field.label} takes no unit, but “{unit}” is stated.")
        return Refused(f"{field.label}: state the unit of {text}: {known}.")
    low, high = _range(field, stated, metric)
    if (low is not None and number < low) or (high is not None and number > high):
        return Refused(_outside(field, text, number, stated, metric))
    return CheckedValue(text, unit, _questions(text, number, stated, metric))


def _no_number(field: Field, text: str) -> str:
    if text.endswith("%"):
        return f"{field.label}: leave the % out of “{text}” and choose the unit percent."
    if _THOUSANDS.fullmatch(text):
        whole = text.replace(",", "")
        between = f", or {text.replace(',', '.')}" if text.count(",") == 1 else ""
        return f"{field.label}: “{text}” has a comma. Did you mean {whole}{between}?"
    if _COMMA.fullmatch(text):
        return f"{field.label}: “{text}” has a comma. Did you mean {text.replace(',', '.')}?"
    return f"{field.label}: “{text}” is no number."


def _range(
    field: Field, unit: Unit | None, metric: Metric | None
) -> tuple[Decimal | None, Decimal | None]:
    if metric and unit and unit.scale:
        low = None if metric.low is None else metric.low / unit.scale
        high = None if metric.high is None else metric.high / unit.scale
        return low, high
    return (unit.low, unit.high) if unit else (field.low, field.high)


def _outside(
    field: Field, text: str, number: Decimal, unit: Unit | None, metric: Metric | None
) -> str:
    low, high = _range(field, unit, metric)
    bounds = f"{_plain(low)} to {_plain(high)}"
    if low is None or high is None:
        bounds = f"at least {_plain(low)}" if high is None else f"at most {_plain(high)}"
    stated = f" stated as {unit.shown}" if unit else ""
    fitting = [other.shown for other in field.units if other != unit and _fits(number, other)]
    question = f" Did you mean {text} {fitting[0]}?" if fitting else " Is a digit wrong?"
    name = f" of {metric.key}" if metric else ""
    return f"{field.label}: {text}{stated} lies outside {bounds}{name}.{question}"


def _fits(number: Decimal, unit: Unit) -> bool:
    above = unit.low is None or number >= unit.low
    return above and (unit.high is None or number <= unit.high)


def _questions(
    text: str, number: Decimal, unit: Unit | None, metric: Metric | None
) -> tuple[str, ...]:
    asked: list[str] = []
    scale = unit.scale if unit and unit.scale else Decimal(1)
    if metric and metric.ask_below is not None and number * scale < metric.ask_below:
        below = _plain(metric.ask_below / scale)
        asked.append(
            f"{metric.key} of {text} lies under {below}, worse than chance. Is it printed so?"
        )
    if scale < 1 and 0 < number < 1:
        asked.append(f"{text} {unit.shown if unit else ''} is less than 1 %. Is it a fraction?")
    return tuple(asked)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


_CHECKS = {
    FieldType.TEXT: _check_text,
    FieldType.YES_NO: _check_yes_no,
    FieldType.DATE: _check_date,
    FieldType.CHOICE: _check_choice,
}
