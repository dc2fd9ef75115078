"""One coefficient with its standard error and interval, or why it has none."""

import math
from dataclasses import dataclass

from analytics.stats.distributions import central_quantile

LEVEL = 0.95
ONE_CATEGORY = "not defined: only one category was used"
ONE_ANSWER = "no interval: one person gave only one answer"
NOTHING = "not defined: nothing was rated by two people"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient of agreement.

    Attributes:
        value: The coefficient, or nothing when it is not defined.
        se: Its standard error, or nothing when there is too little to tell.
        low: Lower end of the 95 % interval, or nothing.
        high: Upper end of the 95 % interval, or nothing.
        note: Why the value or its interval is missing; empty otherwise.
    """

    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


def undefined(note: str) -> Estimate:
    """A coefficient that cannot be computed, with the reason in words."""
    return Estimate(None, note=note)


def with_interval(value: float, variance: float, *, df: int | None = None) -> Estimate:
    """A value with the interval that its variance gives.

    Args:
        value: The coefficient, at most 1.
        variance: Its variance, >= 0; tiny negative rounding counts as 0.
        df: Degrees of freedom of Student's t, or nothing for the normal distribution. Below 1
            there is no interval.

    Returns:
        The estimate; the interval is cut at 1, the most any coefficient can be, and at -1.

    Source:
        Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., section 5.3 (t, cut at 1); own
        definition of the cut at -1.
    """
    if df is not None and df < 1:
        return Estimate(value)
    se = math.sqrt(max(variance, 0.0))
    times = central_quantile(LEVEL, df)
    return Estimate(value, se, max(value - times * se, -1.0), min(value + times * se, 1.0))
