"""Cluster-robust standard errors: several effects of one study count as one source of chance."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.stats.distributions import two_sided_p
from analytics.stats.synthesis.effects import Effects, FloatArray
from analytics.stats.synthesis.linear import intercept, weighted_fit
from analytics.stats.synthesis.pooling import MINIMUM, reference


class Correction(StrEnum):
    """Small-sample correction of the sandwich."""

    CR0 = "CR0"
    CR1 = "CR1"
    CR2 = "CR2"


@dataclass(frozen=True, slots=True)
class Robust:
    """A pooled value with a cluster-robust error.

    Attributes:
        estimate: The pooled value, unit of the effects.
        variance: Robust variance of it, > 0.
        statistic: estimate / sqrt(variance), t with `df`.
        df: Clusters - 1.
        p: Two-sided, 0-1.
        low: Lower end of the confidence interval.
        high: Upper end.
        prediction: Interval for the effect of a new study.
        studies: Number of clusters.
    """

    estimate: float
    variance: float
    statistic: float
    df: int
    p: float
    low: float
    high: float
    prediction: tuple[float, float]
    studies: int


def pool_robust(
    effects: Effects,
    tau2: float,
    correction: Correction = Correction.CR2,
    level: float = 0.95,
) -> Robust:
    """Pool with weights 1 / (vi + tau2) and a sandwich error over clusters.

    Args:
        effects: Effects of at least 2 clusters.
        tau2: Between-effects variance, >= 0, e.g. by REML.
        correction: CR0 none, CR1 times g / (g - 1), CR2 bias-reduced linearisation.
        level: Coverage, between 0 and 1.

    Returns:
        The pooled value; the interval uses t with g - 1 degrees of freedom.

    Raises:
        ValueError: Fewer than 2 clusters.

    Source:
        Hedges, Tipton & Johnson 2010, Res Synth Methods 1:39; CR2: Tipton & Pustejovsky 2015,
        J Educ Behav Stat 40:604.
    """
    groups = effects.cluster_count
    if groups < MINIMUM:
        raise ValueError(f"{groups} cluster has no spread, at least {MINIMUM} are needed")
    beta, vcov, weights = weighted_fit(effects, intercept(effects.k), tau2)
    residuals = effects.yi - beta[0]
    shares = weights / weights.sum()
    sums = np.array(
        [
            _score(
                effects.vi[own] + tau2, residuals[own], shares[own], float(vcov[0, 0]), correction
            )
            for own in (effects.clusters == g for g in range(groups))
        ]
    )
    variance = float((sums**2).sum())
    if correction is Correction.CR1:
        variance *= groups / (groups - 1)
    estimate, se = float(beta[0]), float(np.sqrt(variance))
    quantile, p = reference(estimate, se, groups - 1, level)
    reach = quantile * float(np.sqrt(tau2 + variance))
    return Robust(
        estimate=estimate,
        variance=variance,
        statistic=estimate / se if se > 0 else 0.0,
        df=groups - 1,
        p=p,
        low=estimate - quantile * se,
        high=estimate + quantile * se,
        prediction=(estimate - reach, estimate + reach),
        studies=groups,
    )


def _score(
    variances: FloatArray,
    residuals: FloatArray,
    shares: FloatArray,
    bread: float,
    correction: Correction,
) -> float:
    """One cluster's weighted residual, under CR2 scaled up by what the fit took from it."""
    if correction is not Correction.CR2:
        return float(shares @ residuals)
    roots = np.sqrt(variances)
    inner = np.diag(variances) - bread
    values, vectors = np.linalg.eigh(roots[:, None] * inner * roots[None, :])
    kept = values > values.max() * 1e-12
    inverse_root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    adjusted = roots * (inverse_root @ (roots * residuals))
    return float(shares @ adjusted)


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Egger's test: does the effect change with its standard error?

    Attributes:
        slope: Change of the effect per unit of standard error.
        statistic: t of the slope.
        df: k - 2.
        p: Two-sided, 0-1.
        limit: Effect expected at standard error 0, unit of the effects.
    """

    slope: float
    statistic: float
    df: int
    p: float
    limit: float


def egger(effects: Effects, tau2: float | None = None) -> Asymmetry:
    """Regress the effects on their standard errors.

    Args:
        effects: At least 3 effects with differing variances; meaningful from 10 effects on.
        tau2: Between-effects variance of that regression (REML gives the mixed-effects form with
            Hartung-Knapp errors); without it the classical form, weights 1 / vi.

    Returns:
        Slope, its t test, and the limit estimate.

    Raises:
        ValueError: Fewer than 3 effects, or all standard errors are equal.

    Source:
        Egger et al. 1997, BMJ 315:629; Sterne & Egger 2005; metafor `regtest`.
    """
    errors = np.sqrt(effects.vi)
    if effects.k < MINIMUM + 1 or np.ptp(errors) == 0:
        raise ValueError("Egger's test needs 3 effects and standard errors that differ")
    design = np.column_stack([np.ones(effects.k), errors])
    beta, vcov, weights = weighted_fit(effects, design, tau2 or 0.0)
    df = effects.k - 2
    residuals = effects.yi - design @ beta
    scale = float(weights @ residuals**2) / df
    se = float(np.sqrt(scale * vcov[1, 1]))
    statistic = float(beta[1]) / se
    p = two_sided_p(statistic, df)
    return Asymmetry(float(beta[1]), statistic, df, p, float(beta[0]))
