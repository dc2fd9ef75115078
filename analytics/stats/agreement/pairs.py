"""Agreement of two raters, from the table of their verdicts."""

import math
from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.stats.agreement.estimate import (
    NOTHING,
    ONE_ANSWER,
    ONE_CATEGORY,
    Estimate,
    undefined,
    with_interval,
)
from analytics.stats.synthesis.errors import wilson_interval

Category = TypeVar("Category", bound=Hashable)
Table = NDArray[np.float64]
LINEAR = "linear"
QUADRATIC = "quadratic"
DIMENSIONS = 2
LEAST_CATEGORIES = 2


def table_of(
    first: Sequence[Category], second: Sequence[Category], categories: Sequence[Category]
) -> Table:
    """Count how often the first rater said one thing and the second another.

    Args:
        first: Verdicts of the first rater, one per item.
        second: Verdicts of the second rater on the same items, in the same order.
        categories: All categories, in order of the table.

    Returns:
        Counts of shape (categories, categories), rows the first rater's.

    Raises:
        ValueError: When the lengths differ or a verdict is no category.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} verdicts stand against {len(second)}; they must pair up.")
    place = {category: i for i, category in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)))
    for one, other in zip(first, second, strict=True):
        if one not in place or other not in place:
            raise ValueError(f"{one!r} and {other!r} must both be among {list(categories)}.")
        table[place[one], place[other]] += 1
    return table


def percent_agreement(table: Table) -> Estimate:
    """Share of the items on which both said the same.

    Args:
        table: Counts of shape (q, q), q >= 2.

    Returns:
        Share, 0 to 1, with Wilson's interval; not defined without items.

    Raises:
        ValueError: When the table is not square or holds negative counts.

    Source:
        Interval: Newcombe 1998, Stat Med 17:857, method 3.
    """
    n = _size(table)
    if not n:
        return undefined(NOTHING)
    agreed = int(np.trace(table))
    share = agreed / n
    low, high = wilson_interval(agreed, n)
    return Estimate(share, math.sqrt(share * (1 - share) / n), low, high)


def kappa(table: Table, weights: str = "") -> Estimate:
    """Cohen's kappa, plain or weighted.

    Args:
        table: Counts of shape (q, q), q >= 2; for weights the categories stand in their order.
        weights: Empty for plain kappa, `linear` or `quadratic`.

    Returns:
        Kappa, -1 to 1, with the large-sample standard error and normal interval; not defined when
        both raters used one and the same category only, and without an interval when one of them
        used one only: kappa is then 0 whatever the other said, and its variance 0 tells nothing.

    Raises:
        ValueError: When the table is not square, holds negative counts, or the weights are unknown.

    Source:
        Cohen 1960, 1968; variance: Fleiss, Cohen & Everitt 1969, Psychol Bull 72:323, eq. 14.
    """
    n = _size(table)
    if not n:
        return undefined(NOTHING)
    shares = table / n
    agreeing = _weights(len(table), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    expected = float(rows @ agreeing @ columns)
    if np.isclose(expected, 1.0):
        return undefined(ONE_CATEGORY)
    value = (float((agreeing * shares).sum()) - expected) / (1 - expected)
    if np.isclose(max(rows.max(), columns.max()), 1.0):
        return Estimate(value, note=ONE_ANSWER)
    of_rows, of_columns = agreeing @ columns, agreeing.T @ rows
    spread = agreeing - (of_rows[:, None] + of_columns[None, :]) * (1 - value)
    moment = float((shares * spread**2).sum())
    variance = (moment - (value - expected * (1 - value)) ** 2) / (n * (1 - expected) ** 2)
    return with_interval(value, variance)


def pabak(table: Table) -> Estimate:
    """Prevalence-adjusted bias-adjusted kappa: what kappa would be if chance were even.

    Args:
        table: Counts of shape (q, q), q >= 2.

    Returns:
        (q p - 1) / (q - 1) with p the percent agreement, and p's interval brought to that scale.

    Raises:
        ValueError: When the table is not square or holds negative counts.

    Source:
        Byrt, Bishop & Carlin 1993, J Clin Epidemiol 46:423; q categories: Brennan & Prediger 1981.
    """
    share = percent_agreement(table)
    if share.value is None or share.se is None or share.low is None or share.high is None:
        return share
    q = len(table)
    scaled = [(q * part - 1) / (q - 1) for part in (share.value, share.low, share.high)]
    return Estimate(scaled[0], share.se * q / (q - 1), scaled[1], scaled[2])


def ac1(table: Table) -> Estimate:
    """Gwet's AC1, which stays sensible when nearly everything falls into one category.

    Args:
        table: Counts of shape (q, q), q >= 2.

    Returns:
        AC1, at most 1, with the interval of t(n - 1) cut at 1; not defined without items.

    Raises:
        ValueError: When the table is not square or holds negative counts.

    Source:
        Gwet 2008, Br J Math Stat Psychol 61:29, eqs. 5 and 13.
    """
    n = _size(table)
    if not n:
        return undefined(NOTHING)
    shares, q = table / n, len(table)
    usual = (shares.sum(axis=1) + shares.sum(axis=0)) / 2
    agreed = float(np.trace(shares))
    expected = float((usual * (1 - usual)).sum()) / (q - 1)
    value = (agreed - expected) / (1 - expected)
    on_diagonal = float((np.diag(shares) * (1 - usual)).sum()) / (q - 1)
    pairs = 1 - (usual[:, None] + usual[None, :]) / 2
    everywhere = float((shares * pairs**2).sum()) / (q - 1) ** 2
    rest = 1 - value
    moment = (
        agreed * (1 - agreed)
        - 4 * rest * (on_diagonal - agreed * expected)
        + 4 * rest**2 * (everywhere - expected**2)
    )
    return with_interval(value, moment / (n * (1 - expected) ** 2), df=n - 1)


def specific_agreement(table: Table, category: int) -> float | None:
    """Of all verdicts for one category, the share the other rater shared.

    Called positive agreement for include and negative agreement for exclude.

    Args:
        table: Counts of shape (q, q), q >= 2.
        category: Place of the category in the table, from 0.

    Returns:
        Share, 0 to 1, or nothing when nobody used the category.

    Raises:
        ValueError: When the table is not square or holds negative counts.

    Source:
        Cicchetti & Feinstein 1990, J Clin Epidemiol 43:551.
    """
    _size(table)
    used = float(table[category].sum() + table[:, category].sum())
    return 2 * float(table[category, category]) / used if used else None


def _size(table: Table) -> int:
    shape = table.shape
    if table.ndim != DIMENSIONS or shape[0] != shape[1] or shape[0] < LEAST_CATEGORIES:
        raise ValueError(f"A table of agreement is square with 2 categories or more, not {shape}.")
    if (table < 0).any():
        raise ValueError(f"A table of agreement holds counts, not {table.min():g}.")
    return int(table.sum())


def _weights(q: int, kind: str) -> Table:
    if not kind:
        return np.eye(q)
    places = np.arange(q)
    apart = np.abs(places[:, None] - places[None, :]) / (q - 1)
    powers = {LINEAR: 1, QUADRATIC: 2}
    if kind not in powers:
        raise ValueError(f"Weights are {LINEAR!r}, {QUADRATIC!r} or empty, not {kind!r}.")
    return np.asarray(1 - apart ** powers[kind])
