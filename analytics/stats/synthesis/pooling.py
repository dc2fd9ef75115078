"""One pooled value of independent effects, with its interval and its prediction interval."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analytics.stats.distributions import central_quantile, chi2_tail, two_sided_p
from analytics.stats.synthesis.effects import Effects, FloatArray
from analytics.stats.synthesis.heterogeneity import (
    h_squared,
    i_squared,
    q_profile_interval,
    tau2_dersimonian_laird,
    tau2_paule_mandel,
    tau2_reml,
)
from analytics.stats.synthesis.linear import intercept, residual_q, weighted_fit

MINIMUM = 2


class Estimator(StrEnum):
    """How the between-effects variance is found."""

    COMMON = "common"
    DERSIMONIAN_LAIRD = "dersimonian_laird"
    PAULE_MANDEL = "paule_mandel"
    REML = "reml"


class Inference(StrEnum):
    """How the uncertainty of the pooled value is found."""

    WALD = "wald"
    HARTUNG_KNAPP = "hartung_knapp"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled value on the scale of the effects, and what it rests on.

    Attributes:
        estimate: The pooled value.
        se: Its standard error, > 0.
        statistic: estimate / se: z, or t with `df` under Hartung-Knapp.
        df: Degrees of freedom of t; None where z is used.
        p: Two-sided p-value, 0-1.
        low: Lower end of the confidence interval.
        high: Upper end of the confidence interval.
        tau2: Between-effects variance, >= 0 (0 for the common effect).
        tau2_interval: Its Q-profile interval.
        i2: In percent, 0-100.
        h2: >= 1.
        q: Cochran's Q.
        q_p: Its p-value.
        prediction: Interval in which the effect of a new study is expected; None for the
            common effect.
        weights: Shares of the effects in percent, sum 100, shape (k,).
        k: Number of effects.
        studies: Number of clusters they come from.
    """

    estimate: float
    se: float
    statistic: float
    df: int | None
    p: float
    low: float
    high: float
    tau2: float
    tau2_interval: tuple[float, float]
    i2: float
    h2: float
    q: float
    q_p: float
    prediction: tuple[float, float] | None
    weights: FloatArray
    k: int
    studies: int


_TAU2: dict[Estimator, Callable[[Effects], float]] = {
    Estimator.COMMON: lambda effects: 0.0,
    Estimator.DERSIMONIAN_LAIRD: tau2_dersimonian_laird,
    Estimator.PAULE_MANDEL: tau2_paule_mandel,
    Estimator.REML: tau2_reml,
}


def pool(
    effects: Effects,
    estimator: Estimator = Estimator.REML,
    test: Inference = Inference.HARTUNG_KNAPP,
    level: float = 0.95,
) -> Pooled:
    """Pool independent effects by inverse variance.

    Args:
        effects: At least 2 effects; they are treated as independent of each other.
        estimator: Common effect, or how tau2 is found.
        test: Wald (z) or Hartung-Knapp (t with k - 1 degrees of freedom, not truncated).
        level: Coverage of the intervals, between 0 and 1.

    Returns:
        The pooled value on the scale of the effects.

    Raises:
        ValueError: Fewer than 2 effects, or a level outside (0, 1).

    Source:
        DerSimonian & Laird 1986; Viechtbauer 2005; Hartung & Knapp 2001, Stat Med 20:3875;
        prediction interval as in metafor: estimate +- quantile * sqrt(tau2 + se^2).
    """
    if effects.k < MINIMUM:
        raise ValueError(f"{effects.k} effect cannot be pooled, at least {MINIMUM} are needed")
    if not 0 < level < 1:
        raise ValueError(f"level {level} must lie between 0 and 1")
    design = intercept(effects.k)
    tau2 = _TAU2[estimator](effects)
    beta, vcov, weights = weighted_fit(effects, design, tau2)
    estimate, variance, df = float(beta[0]), float(vcov[0, 0]), None
    if test is Inference.HARTUNG_KNAPP:
        df = effects.k - 1
        variance *= residual_q(effects, design, tau2) / df
    se = float(np.sqrt(variance))
    quantile, p = reference(estimate, se, df, level)
    q = residual_q(effects, design, 0.0)
    reach = quantile * float(np.sqrt(tau2 + se**2))
    is_common = estimator is Estimator.COMMON
    i2, h2 = _common_spread(q, effects.k - 1) if is_common else _spread(effects, tau2)
    return Pooled(
        estimate=estimate,
        se=se,
        statistic=estimate / se if se > 0 else 0.0,
        df=df,
        p=p,
        low=estimate - quantile * se,
        high=estimate + quantile * se,
        tau2=tau2,
        tau2_interval=q_profile_interval(effects, level),
        i2=i2,
        h2=h2,
        q=q,
        q_p=chi2_tail(q, effects.k - 1),
        prediction=None if is_common else (estimate - reach, estimate + reach),
        weights=100 * weights / weights.sum(),
        k=effects.k,
        studies=effects.cluster_count,
    )


def _spread(effects: Effects, tau2: float) -> tuple[float, float]:
    return i_squared(effects, tau2), h_squared(effects, tau2)


def _common_spread(q: float, df: int) -> tuple[float, float]:
    return (max(0.0, 100 * (q - df) / q) if q > 0 else 0.0), max(1.0, q / df)


def reference(estimate: float, se: float, df: int | None, level: float) -> tuple[float, float]:
    """Quantile for an interval and two-sided p-value of estimate / se.

    Args:
        estimate: A value.
        se: Its standard error, >= 0; at 0 the p-value is 1 for 0 and 0 for anything else.
        df: Degrees of freedom of t; z without it.
        level: Coverage, between 0 and 1.

    Returns:
        The quantile (> 0) and p (0-1).

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    quantile = central_quantile(level, df)
    if se <= 0:
        return quantile, 1.0 if estimate == 0 else 0.0
    return quantile, two_sided_p(estimate / se, df)
