"""Effects with their sampling variances: what every synthesis starts from."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Effects:
    """k effects, their sampling variances, and the cluster (study) each belongs to.

    Attributes:
        yi: Effects, shape (k,), any real scale (for gains: lnRR, no unit).
        vi: Sampling variances, shape (k,), > 0, squared unit of `yi`.
        clusters: Index of the cluster of each effect, shape (k,), 0..g-1 without gaps.
    """

    yi: FloatArray
    vi: FloatArray
    clusters: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def k(self) -> int:
        """How many effects there are."""
        return int(self.yi.size)

    @property
    def cluster_count(self) -> int:
        """How many clusters (studies) they come from."""
        return int(self.clusters.max()) + 1 if self.k else 0


def make_effects(
    yi: Sequence[float] | FloatArray,
    vi: Sequence[float] | FloatArray,
    clusters: Sequence[Hashable] | None = None,
) -> Effects:
    """Check and bind effects, variances and clusters.

    Args:
        yi: Effects, shape (k,), finite.
        vi: Sampling variances, shape (k,), finite and > 0.
        clusters: One hashable name per effect; without it each effect is a cluster of its own.

    Returns:
        The effects, clusters numbered 0..g-1 in the order of their first appearance.

    Raises:
        ValueError: Shapes differ, nothing is given, a value is not finite, a variance is not > 0.

    Source:
        Own definition.
    """
    y = np.asarray(yi, dtype=np.float64)
    v = np.asarray(vi, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape or y.size == 0:
        raise ValueError(f"effects {y.shape} and variances {v.shape} must be two equal columns")
    if not np.isfinite(y).all():
        raise ValueError(f"effect {y[~np.isfinite(y)][0]} is not a number")
    if not (np.isfinite(v) & (v > 0)).all():
        raise ValueError(f"variance {v[~(np.isfinite(v) & (v > 0))][0]} must be greater than 0")
    names = list(clusters) if clusters is not None else list(range(y.size))
    if len(names) != y.size:
        raise ValueError(f"{len(names)} clusters were given for {y.size} effects")
    numbers = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return Effects(y, v, np.array([numbers[name] for name in names], dtype=np.int64))


def log_risk_ratio(
    events: float, others: float, events_2: float, others_2: float
) -> tuple[float, float]:
    """Log risk ratio of a 2 x 2 table with its variance.

    Args:
        events: Events of arm 1, a count > 0.
        others: Non-events of arm 1, a count >= 0.
        events_2: Events of arm 2, a count > 0.
        others_2: Non-events of arm 2, a count >= 0.

    Returns:
        Effect (no unit) and variance.

    Raises:
        ValueError: An arm has no events.

    Source:
        Viechtbauer 2010, J Stat Softw 36(3), `escalc(measure="RR")`.
    """
    if events <= 0 or events_2 <= 0:
        raise ValueError(f"events {events} and {events_2} must both be greater than 0")
    n_1, n_2 = events + others, events_2 + others_2
    effect = float(np.log(events / n_1) - np.log(events_2 / n_2))
    return effect, 1 / events - 1 / n_1 + 1 / events_2 - 1 / n_2
