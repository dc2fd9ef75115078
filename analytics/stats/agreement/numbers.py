"""Agreement of two raters on numbers, when which of the two is which means nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics.stats.agreement.estimate import NOTHING, Estimate, undefined

LEVEL = 0.95
LIMIT = 1.96
LEAST_ITEMS = 2
LEAST_RATERS = 2
ALL_EQUAL = "not defined: every number is the same"


@dataclass(frozen=True, slots=True)
class Differences:
    """How far two raters' numbers lie apart, in the unit of the numbers.

    Attributes:
        n: Items that both rated.
        mean_absolute: Mean of |a - b|.
        limit: 95 % of the differences are expected to lie within plus or minus this.
    """

    n: int
    mean_absolute: float
    limit: float


def intraclass(ratings: Sequence[Sequence[float]]) -> Estimate:
    """One-way random intraclass correlation of single ratings, ICC(1,1).

    The model for raters that are not the same two people, or have no order, from item to item.

    Args:
        ratings: Shape (items, raters), at least 2 raters, every number finite.

    Returns:
        At most 1, with the 95 % interval by F; not defined for fewer than 2 items or when every
        number is the same.

    Raises:
        ValueError: When rows differ in length, there is one rater only, or a number is not finite.

    Source:
        Shrout and Fleiss 1979, Psychol Bull 86:420, table 4 and equations 1 and 4.
    """
    if len(ratings) < LEAST_ITEMS:
        return undefined(NOTHING if not ratings else "not defined: one item only")
    table = np.asarray(ratings, dtype=float)
    if table.ndim != LEAST_RATERS or table.shape[1] < LEAST_RATERS:
        raise ValueError(f"Ratings of shape {table.shape}; expected (items, 2 raters or more).")
    if not np.isfinite(table).all():
        raise ValueError("A rating is not finite.")
    n, k = table.shape
    means = table.mean(axis=1)
    between = k * float(((means - table.mean()) ** 2).sum()) / (n - 1)
    within = float(((table - means[:, None]) ** 2).sum()) / (n * (k - 1))
    if math.isclose(between + within, 0, abs_tol=1e-300):
        return undefined(ALL_EQUAL)
    value = (between - within) / (between + (k - 1) * within)
    if within == 0:
        return Estimate(value)
    low, high = _interval(between / within, n, k)
    return Estimate(value, None, low, high)


def differences_of(pairs: Sequence[tuple[float, float]]) -> Differences | None:
    """How far pairs of numbers lie apart, whichever of a pair comes first.

    Args:
        pairs: Two raters' numbers for each item, on one scale, all finite.

    Returns:
        Mean absolute difference and 95 % limit `1.96 * sqrt(mean d^2)`; None without pairs.

    Raises:
        ValueError: When a number is not finite.

    Source:
        Bland and Altman 1986, Lancet 1:307, "repeatability" (differences with mean zero, since
        who is called A is drawn by lot).
    """
    if not pairs:
        return None
    table = np.asarray(pairs, dtype=float)
    if not np.isfinite(table).all():
        raise ValueError("A number is not finite.")
    apart = table[:, 0] - table[:, 1]
    spread = math.sqrt(float((apart**2).mean()))
    return Differences(len(pairs), float(np.abs(apart).mean()), LIMIT * spread)


def _interval(f: float, n: int, k: int) -> tuple[float, float]:
    df1, df2 = n - 1, n * (k - 1)
    upper = 1 - (1 - LEVEL) / 2
    low = f / float(special.fdtri(df1, df2, upper))
    high = f * float(special.fdtri(df2, df1, upper))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
