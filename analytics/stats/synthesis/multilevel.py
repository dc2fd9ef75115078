"""Three-level REML: effects inside studies, studies inside the review."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analytics.stats.synthesis.effects import Effects, FloatArray
from analytics.stats.synthesis.pooling import MINIMUM, reference

LOWEST = 1e-9


@dataclass(frozen=True, slots=True)
class ThreeLevel:
    """A pooled value of dependent effects.

    Attributes:
        estimate: The pooled value, unit of the effects.
        se: Its model standard error, > 0.
        low: Lower end of the confidence interval.
        high: Upper end.
        p: Two-sided, 0-1.
        sigma2_between: Variance between clusters, >= 0.
        sigma2_within: Variance between effects of one cluster, >= 0.
        log_likelihood: Restricted log-likelihood at the solution.
        prediction: Interval for one effect of a new study.
        k: Number of effects.
        studies: Number of clusters.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    sigma2_between: float
    sigma2_within: float
    log_likelihood: float
    prediction: tuple[float, float]
    k: int
    studies: int


def pool_three_level(effects: Effects, level: float = 0.95, df: int | None = None) -> ThreeLevel:
    """Pool effects nested in clusters by restricted maximum likelihood.

    Args:
        effects: At least 2 clusters, and more effects than clusters.
        level: Coverage, between 0 and 1.
        df: Degrees of freedom of t; z without it.

    Returns:
        The pooled value and both variance components.

    Raises:
        ValueError: Fewer than 2 clusters, or no cluster has 2 effects.

    Source:
        Konstantopoulos 2011, Res Synth Methods 2:61; likelihood as in metafor `rma.mv`.
    """
    if effects.cluster_count < MINIMUM or effects.cluster_count == effects.k:
        raise ValueError(
            f"{effects.k} effects of {effects.cluster_count} studies have no third level"
        )
    between, within = _maximise(effects)
    estimate, precision, log_likelihood = _profile(effects, between, within)
    se = float(np.sqrt(1 / precision))
    quantile, p = reference(estimate, se, df, level)
    reach = quantile * float(np.sqrt(se**2 + between + within))
    return ThreeLevel(
        estimate=estimate,
        se=se,
        low=estimate - quantile * se,
        high=estimate + quantile * se,
        p=p,
        sigma2_between=between,
        sigma2_within=within,
        log_likelihood=log_likelihood,
        prediction=(estimate - reach, estimate + reach),
        k=effects.k,
        studies=effects.cluster_count,
    )


def level_weights(effects: Effects, between: float, within: float) -> FloatArray:
    """Share of each effect in the three-level estimate.

    Args:
        effects: As given to `pool_three_level`.
        between: `sigma2_between`, >= 0.
        within: `sigma2_within`, >= 0.

    Returns:
        Percent, sum 100, shape (k,): row sums of the inverse of the marginal covariance.

    Raises:
        ValueError: Never.

    Source:
        Generalised least squares; Sherman-Morrison for one cluster's block.
    """
    weights = 1 / (effects.vi + within)
    total = np.bincount(effects.clusters, weights)
    shares = weights / (1 + between * total)[effects.clusters]
    shown: FloatArray = 100 * shares / shares.sum()
    return shown


def _maximise(effects: Effects) -> tuple[float, float]:
    """The best of three searches over the logarithms of both variances."""

    def cost(logs: FloatArray) -> float:
        return -_profile(effects, float(np.exp(logs[0])), float(np.exp(logs[1])))[2]

    spread = max(float(np.var(effects.yi)), float(effects.vi.mean()) / 10)
    starts = ((spread / 2, spread / 2), (spread, spread / 100), (spread / 100, spread))
    found = [
        optimize.fmin(
            cost, np.log(start), xtol=1e-8, ftol=1e-11, maxiter=4000, maxfun=4000, disp=False
        )
        for start in starts
    ]
    best = min((np.asarray(logs, dtype=np.float64) for logs in found), key=cost)
    between, within = (float(np.exp(value)) for value in best)
    return (0.0 if between < LOWEST else between), (0.0 if within < LOWEST else within)


def _profile(effects: Effects, between: float, within: float) -> tuple[float, float, float]:
    """Pooled value, its precision and the restricted log-likelihood at two variances.

    One cluster's covariance is diag(vi + within) + between * 1 1'; its inverse and determinant
    follow from the Sherman-Morrison formula, so nothing larger than (k,) is ever formed.
    """
    groups = effects.clusters
    weights = 1 / (effects.vi + within)
    total = np.bincount(groups, weights)
    total_y = np.bincount(groups, weights * effects.yi)
    total_yy = np.bincount(groups, weights * effects.yi**2)
    shrink = between / (1 + between * total)
    precision = float((total - shrink * total**2).sum())
    estimate = float((total_y - shrink * total * total_y).sum()) / precision
    quadratic = float((total_yy - shrink * total_y**2).sum()) - estimate**2 * precision
    log_det = float(-np.log(weights).sum() + np.log1p(between * total).sum())
    log_likelihood = -0.5 * (
        (effects.k - 1) * np.log(2 * np.pi)
        - np.log(effects.k)
        + log_det
        + np.log(precision)
        + quadratic
    )
    return estimate, precision, float(log_likelihood)
