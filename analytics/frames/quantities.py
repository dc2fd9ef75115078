"""Numbers as extractors type them: scores with their unit, shares and amounts of labels."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from extraction.schema.fields import Field, Unit
from extraction.schema.metrics import Metric

RANGE = re.compile(r"^\s*[-+]?[\d.,]+\s*(?:-|–|—|to|\.\.)\s*[\d.,]+\s*%?\s*$", re.IGNORECASE)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\s*%?")
WHOLE = re.compile(r"\b(?:full|all|whole|complete)\b", re.IGNORECASE)
SHARE = "share"


@dataclass(frozen=True, slots=True)
class Score:
    """One arm's score.

    Attributes:
        number: On the common scale (0-1 for `fraction` and `percent`), None where refused.
        scale: `share`, or the unit itself where it cannot be converted; empty without unit.
        problem: Why there is no number; empty where there is one.
    """

    number: Decimal | None
    scale: str = ""
    problem: str = ""


def read_score(text: str, unit: str, field: Field, metric: Metric | None) -> Score:
    """Bring a score to the common scale of its field; the scale is never guessed.

    Args:
        text: As typed, e.g. `0.8348` or `98.46`; empty where nothing was extracted.
        unit: Key of the unit, e.g. `fraction` or `percent`.
        field: The number field it answers.
        metric: Its metric, for the natural range; None where the catalogue does not know it.

    Returns:
        The score, or the reason why it cannot be used.

    Raises:
        ValueError: Never; what is wrong with the text stands in `problem`.

    Source:
        Own definition (DESIGN 6: the unit is stored, never guessed from size).
    """
    typed = text.strip()
    if not typed:
        return Score(None, problem="is not reported")
    try:
        number = Decimal(typed)
    except InvalidOperation:
        if RANGE.match(typed):
            return Score(None, problem=f"is a range ({typed})")
        number = Decimal("NaN")
    if not number.is_finite():
        return Score(None, problem=f"is no number ({typed})")
    stated = field.unit(unit)
    if field.units and stated is None:
        return Score(None, problem=f"has no known scale ({typed} {unit})".replace(" )", ")"))
    return _scaled(number, stated, metric)


def _scaled(number: Decimal, unit: Unit | None, metric: Metric | None) -> Score:
    if unit is None or unit.scale is None:
        return Score(number, scale=unit.key if unit else "")
    value = number * unit.scale
    low = metric.low if metric else unit.low and unit.low * unit.scale
    high = metric.high if metric else unit.high and unit.high * unit.scale
    if (low is not None and value < low) or (high is not None and value > high):
        return Score(None, problem=f"lies outside its range ({number} {unit.key})")
    return Score(value, scale=SHARE)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many labels were used.

    Attributes:
        share: Of all labels, 0-1; None where only a count or nothing is known.
        count: Number of labelled examples (of a class or in all, as typed); None otherwise.
    """

    share: float | None = None
    count: float | None = None

    @property
    def kind(self) -> str:
        """`all`, `part`, or empty where nothing is known."""
        if self.share is None and self.count is None:
            return ""
        return "all" if self.share == 1 else "part"


def read_amount(text: str) -> Amount:
    """Read a share or a number of labels.

    Args:
        text: As typed: `1%`, `full (not stated)`, `160 per class`, `N=300 training scans`.

    Returns:
        `full`, `all`, ... without a number is share 1; the single number of a text is a share
        when % follows it, else a count; texts with several numbers or none stay unknown.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    found = NUMBER.findall(text)
    if not found:
        return Amount(share=1.0) if WHOLE.search(text) else Amount()
    if len(found) > 1:
        return Amount()
    number = float(found[0].rstrip("% ").replace(",", ""))
    if not found[0].rstrip().endswith("%"):
        return Amount(count=number)
    return Amount(share=number / 100) if number <= 100 else Amount()  # noqa: PLR2004 percent
