"""Agreement of any number of raters, where not everybody rated everything."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.stats.agreement.estimate import (
    NOTHING,
    ONE_CATEGORY,
    Estimate,
    undefined,
    with_interval,
)

Category = TypeVar("Category", bound=Hashable)
Counts = NDArray[np.float64]
LEAST = 2


def counts_of(items: Sequence[Sequence[Category | None]], categories: Sequence[Category]) -> Counts:
    """Count the verdicts of each item.

    Args:
        items: One sequence of verdicts per item, in any order of raters; nothing where a rater did
            not rate it.
        categories: All categories.

    Returns:
        Counts of shape (items, categories).

    Raises:
        ValueError: When a verdict is no category.
    """
    place = {category: i for i, category in enumerate(categories)}
    counts = np.zeros((len(items), len(categories)))
    for i, verdicts in enumerate(items):
        for verdict in verdicts:
            if verdict is None:
                continue
            if verdict not in place:
                raise ValueError(f"{verdict!r} is not among {list(categories)}.")
            counts[i, place[verdict]] += 1
    return counts


class _Observed(NamedTuple):
    """What the pairs of verdicts within the items say."""

    raters: Counts  # verdicts per item, shape (n, 1)
    share: float  # mean agreement of the items with two verdicts or more
    per_item: Counts  # agreement of each item, 0 where it has one verdict, shape (n,)
    paired: NDArray[np.bool_]  # which items have two verdicts or more, shape (n,)
    usual: Counts  # mean share of each category, shape (q,)


def fleiss_kappa(counts: Counts) -> Estimate:
    """Fleiss' kappa, allowing a different number of raters per item.

    Args:
        counts: Verdicts per item and category, shape (n, q), q >= 2.

    Returns:
        Kappa, at most 1, with the interval of t(n - 1) cut at 1; not defined when only one category
        was used or no item has two verdicts.

    Raises:
        ValueError: When the shape is wrong or a count negative.

    Source:
        Fleiss 1971, Psychol Bull 76:378; missing verdicts and variance: Gwet 2014, Handbook of
        Inter-Rater Reliability, 4th ed., chapters 2 and 5.
    """
    seen = _observed(counts)
    if seen is None:
        return undefined(NOTHING)
    expected = float((seen.usual**2).sum())
    if np.isclose(expected, 1.0):
        return undefined(ONE_CATEGORY)
    chance = (_rated(counts) / seen.raters) @ seen.usual
    return _linearised(seen, expected, chance)


def gwet_ac1(counts: Counts) -> Estimate:
    """Gwet's AC1 for any number of raters.

    Args:
        counts: Verdicts per item and category, shape (n, q), q >= 2.

    Returns:
        AC1, at most 1, with the interval of t(n - 1) cut at 1; not defined when no item has two
        verdicts.

    Raises:
        ValueError: When the shape is wrong or a count negative.

    Source:
        Gwet 2008, Br J Math Stat Psychol 61:29; missing verdicts: Gwet 2014, chapters 2 and 5.
    """
    seen = _observed(counts)
    if seen is None:
        return undefined(NOTHING)
    q = counts.shape[1]
    expected = float((seen.usual * (1 - seen.usual)).sum()) / (q - 1)
    chance = (_rated(counts) / seen.raters) @ (1 - seen.usual) / (q - 1)
    return _linearised(seen, expected, chance)


def krippendorff_alpha(counts: Counts) -> Estimate:
    """Krippendorff's alpha for nominal categories; items with one verdict are left out.

    Args:
        counts: Verdicts per item and category, shape (n, q), q >= 2.

    Returns:
        Alpha, at most 1, with the interval of t(n - 1) cut at 1; not defined when only one category
        was used or no item has two verdicts.

    Raises:
        ValueError: When the shape is wrong or a count negative.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability; variance: Gwet 2014, Handbook
        of Inter-Rater Reliability, 4th ed., section 5.3.
    """
    _check(counts)
    paired = counts[counts.sum(axis=1) >= LEAST]
    if not len(paired):
        return undefined(NOTHING)
    raters, n = paired.sum(axis=1), len(paired)
    mean = float(raters.mean())
    usual = paired.sum(axis=0) / (n * mean)
    expected = float((usual**2).sum())
    if np.isclose(expected, 1.0):
        return undefined(ONE_CATEGORY)
    agreed = (paired * (paired - 1)).sum(axis=1) / (mean * (raters - 1))
    share = float(agreed.mean())
    small = 1 / float(raters.sum())
    lifted = (1 - small) * share + small  # Krippendorff's correction for few verdicts
    value = (lifted - expected) / (1 - expected)
    if n < LEAST:
        return Estimate(value)
    plain = (share - expected) / (1 - expected)
    apart = (raters - mean) / mean
    each = (agreed - lifted * apart - expected) / (1 - expected)
    chance = paired @ usual / mean - expected * apart
    each = each - 2 * (1 - plain) * (chance - expected) / (1 - expected)
    variance = float(((each - plain) ** 2).sum()) / (n * (n - 1))
    return with_interval(value, variance, df=n - 1)


def _linearised(seen: _Observed, expected: float, chance: Counts) -> Estimate:
    """Chance-corrected agreement with Gwet's variance from the items' own coefficients."""
    n = len(seen.per_item)
    value = (seen.share - expected) / (1 - expected)
    if n < LEAST:
        return Estimate(value)
    each = (n / seen.paired.sum()) * (seen.per_item - expected * seen.paired) / (1 - expected)
    each = each - 2 * (1 - value) * (chance - expected) / (1 - expected)
    variance = float(((each - value) ** 2).sum()) / (n * (n - 1))
    return with_interval(value, variance, df=n - 1)


def _rated(counts: Counts) -> Counts:
    return np.asarray(counts[counts.sum(axis=1) > 0])


def _observed(counts: Counts) -> _Observed | None:
    _check(counts)
    rated = _rated(counts)
    raters = rated.sum(axis=1)
    paired = raters >= LEAST
    if not paired.any():
        return None
    pairs = np.where(paired, raters * (raters - 1), 1)
    per_item = (rated * (rated - 1)).sum(axis=1) / pairs
    usual = (rated / raters[:, None]).mean(axis=0)
    return _Observed(raters[:, None], float(per_item[paired].mean()), per_item, paired, usual)


def _check(counts: Counts) -> None:
    if counts.ndim != LEAST or counts.shape[1] < LEAST:
        raise ValueError(f"Counts have items and 2 categories or more, not shape {counts.shape}.")
    if (counts < 0).any():
        raise ValueError(f"A number of verdicts cannot be {counts.min():g}.")
