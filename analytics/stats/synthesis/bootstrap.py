"""A seeded bootstrap that draws whole studies, so that their effects stay together."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from analytics.stats.synthesis.effects import FloatArray, IntArray
from analytics.stats.synthesis.pooling import MINIMUM

FEWEST_DRAWS = 100  # fewer leave no tail of 2.5 %


class Statistic(StrEnum):
    """What is computed in every draw."""

    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A descriptive value with a percentile interval over resampled studies.

    Attributes:
        estimate: The statistic of the data, unit of the values.
        low: Lower percentile.
        high: Upper percentile.
        draws: How many resamples.
        seed: The seed that gives the same interval again.
        k: Number of values.
        studies: Number of clusters.
    """

    estimate: float
    low: float
    high: float
    draws: int
    seed: int
    k: int
    studies: int


def cluster_bootstrap(
    values: FloatArray,
    clusters: IntArray,
    statistic: Statistic = Statistic.MEAN,
    *,
    draws: int = 10_000,
    seed: int = 20_230_601,
    level: float = 0.95,
) -> Bootstrap:
    """Percentile interval of a mean or median; studies are drawn with replacement.

    Args:
        values: Shape (k,), finite, any unit.
        clusters: Study of each value, 0..g-1 without gaps, at least 2 studies.
        statistic: Mean or median over all values of the studies drawn.
        draws: Number of resamples, >= 100.
        seed: Seed of the generator.
        level: Coverage, between 0 and 1.

    Returns:
        The statistic and its interval. The order of the rows does not matter.

    Raises:
        ValueError: Fewer than 2 studies or 100 draws, or a value that is not finite.

    Source:
        Field & Welsh 2007, J R Stat Soc B 69:369 (cluster bootstrap); own vectorisation.
    """
    if draws < FEWEST_DRAWS or not np.isfinite(values).all():
        raise ValueError(f"{draws} draws of finite values are needed, at least {FEWEST_DRAWS}")
    groups = int(clusters.max()) + 1 if clusters.size else 0
    if groups < MINIMUM:
        raise ValueError(f"{groups} study cannot be resampled, at least {MINIMUM} are needed")
    renamed = _in_order_of_content(values, clusters, groups)
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(groups, np.full(groups, 1 / groups), size=draws)
    compute = _STATISTICS[statistic]
    sample = compute(values, renamed, counts)
    once = np.ones((1, groups), dtype=np.int64)
    low, high = np.quantile(sample, [(1 - level) / 2, (1 + level) / 2])
    return Bootstrap(
        estimate=float(compute(values, renamed, once)[0]),
        low=float(low),
        high=float(high),
        draws=draws,
        seed=seed,
        k=int(values.size),
        studies=groups,
    )


def _in_order_of_content(values: FloatArray, clusters: IntArray, groups: int) -> IntArray:
    """Number the studies by their values, so that the rows' order changes no draw."""
    content = [tuple(np.sort(values[clusters == g])) for g in range(groups)]
    rank = np.empty(groups, dtype=np.int64)
    rank[np.array(sorted(range(groups), key=content.__getitem__))] = np.arange(groups)
    return rank[clusters]


def _means(values: FloatArray, clusters: IntArray, counts: npt.NDArray[np.int64]) -> FloatArray:
    sums = np.bincount(clusters, values)
    sizes = np.bincount(clusters)
    return np.asarray((counts @ sums) / (counts @ sizes), dtype=np.float64)


def _medians(values: FloatArray, clusters: IntArray, counts: npt.NDArray[np.int64]) -> FloatArray:
    """Medians from cumulated counts over the sorted values, in blocks that bound the memory."""
    order = np.argsort(values, kind="stable")
    ordered, owners = values[order], clusters[order]
    block = max(1, 4_000_000 // values.size)
    parts = []
    for start in range(0, counts.shape[0], block):
        reached = np.cumsum(counts[start : start + block][:, owners], axis=1)
        total = reached[:, -1]
        lower = (reached < ((total + 1) // 2)[:, None]).sum(axis=1)
        upper = (reached < (total // 2 + 1)[:, None]).sum(axis=1)
        parts.append((ordered[lower] + ordered[upper]) / 2)
    return np.concatenate(parts)


_STATISTICS: dict[
    Statistic, Callable[[FloatArray, IntArray, npt.NDArray[np.int64]], FloatArray]
] = {Statistic.MEAN: _means, Statistic.MEDIAN: _medians}
