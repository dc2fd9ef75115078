"""What a reader must be told before believing a pooled value."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.stats.synthesis.effects import Effects
from analytics.stats.synthesis.pooling import MINIMUM, Pooled

FEW = 5
EGGER_NEEDS = 10
HIGH_I2 = 75.0
HEAVY = 50.0
CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the effects beside their numbers.

    Attributes:
        metrics: Metric of each effect.
        datasets: Data set of each effect, empty where unknown.
        scores: Comparator's score of each effect, 0-1, for the check against chance.
        imputed_correlation: The r put in for the paired errors; None where it was reported.
    """

    metrics: Sequence[str] = ()
    datasets: Sequence[str] = ()
    scores: Sequence[float] = ()
    imputed_correlation: float | None = None


def may_pool(effects: Effects) -> bool:
    """Whether a pooled value may be shown at all: at least 2 effects from 2 studies.

    Args:
        effects: Any number.

    Returns:
        True or False.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    return effects.k >= MINIMUM and effects.cluster_count >= MINIMUM


def may_test_asymmetry(effects: Effects) -> bool:
    """Whether Egger's test is allowed: at least 10 effects.

    Args:
        effects: Any number.

    Returns:
        True or False.

    Raises:
        ValueError: Never.

    Source:
        Sterne et al. 2011, BMJ 343:d4002.
    """
    return effects.k >= EGGER_NEEDS


def cautions(effects: Effects, pooled: Pooled, setting: Setting) -> list[str]:
    """Sentences to be printed beside a pooled value.

    Args:
        effects: The effects pooled.
        pooled: What `pool` made of them.
        setting: Metrics, data sets and scores of the same effects, in the same order.

    Returns:
        One sentence per warning, most fundamental first; empty where nothing is to be said.

    Raises:
        ValueError: Never.

    Source:
        Own definition, after Cochrane Handbook 6.3, chapter 10.
    """
    shares = np.bincount(effects.clusters, pooled.weights)
    low, high = pooled.prediction or (pooled.low, pooled.high)
    crosses = low < 0 < high and not pooled.low < 0 < pooled.high
    checks = [
        (
            len(set(setting.metrics)) > 1,
            f"Mixed metrics: {', '.join(sorted(set(setting.metrics)))}.",
        ),
        (pooled.k < FEW, f"Only {pooled.k} effects: the interval rests on very little."),
        (
            pooled.studies < pooled.k,
            f"{pooled.k} effects come from {pooled.studies} studies and depend on each other.",
        ),
        (
            _has_twins(effects, setting.datasets),
            "Several studies share a data set and depend on each other.",
        ),
        (
            pooled.i2 > HIGH_I2,
            f"I² is {pooled.i2:.0f} %: the effects differ more than chance allows.",
        ),
        (bool(shares.max() > HEAVY), f"One study has {shares.max():.0f} % of the weight."),
        (crosses, "The prediction interval crosses no difference although the interval does not."),
        (
            setting.imputed_correlation is not None,
            f"The correlation of the paired errors is assumed: r = {setting.imputed_correlation}.",
        ),
        (
            any(score <= CHANCE for score in setting.scores),
            f"A comparator is at or below chance ({CHANCE}).",
        ),
    ]
    return [sentence for applies, sentence in checks if applies]


def _has_twins(effects: Effects, datasets: Sequence[str]) -> bool:
    owners: dict[str, int] = {}
    for name, owner in zip(datasets, effects.clusters.tolist(), strict=False):
        if name and owners.setdefault(name, owner) != owner:
            return True
    return False
