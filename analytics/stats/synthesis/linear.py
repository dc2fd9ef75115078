"""The mixed linear model below all pooling: known variances, one between-effects variance."""

from collections.abc import Callable

import numpy as np
from scipy import optimize

from analytics.stats.synthesis.effects import Effects, FloatArray

TOLERANCE = 1e-12


def intercept(k: int) -> FloatArray:
    """The design of a plain pooled value: one column of ones, shape (k, 1)."""
    return np.ones((k, 1))


def weighted_fit(
    effects: Effects, design: FloatArray, tau2: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted least squares with weights 1 / (vi + tau2).

    Args:
        effects: k effects.
        design: Columns of the model, shape (k, p), full rank.
        tau2: Between-effects variance, >= 0.

    Returns:
        Coefficients (p,), their model covariance (p, p), weights (k,).

    Raises:
        ValueError: The design has not one row per effect or as many columns as effects.

    Source:
        Viechtbauer 2010, J Stat Softw 36(3), section 2.
    """
    k, p = design.shape
    if k != effects.k or p >= k:
        raise ValueError(f"design {design.shape} does not fit {effects.k} effects")
    weights = 1 / (effects.vi + tau2)
    vcov = np.asarray(np.linalg.inv(design.T @ (weights[:, None] * design)), dtype=np.float64)
    beta = vcov @ (design.T @ (weights * effects.yi))
    return beta, vcov, weights


def residual_q(effects: Effects, design: FloatArray, tau2: float) -> float:
    """Generalised Q: sum of squared residuals weighted by 1 / (vi + tau2); >= 0, no unit.

    Args:
        effects: k effects.
        design: Shape (k, p).
        tau2: >= 0.

    Returns:
        Q; at tau2 = 0 Cochran's Q.

    Raises:
        ValueError: As `weighted_fit`.

    Source:
        DerSimonian & Kacker 2007, Contemp Clin Trials 28:105.
    """
    beta, _, weights = weighted_fit(effects, design, tau2)
    residuals = effects.yi - design @ beta
    return float(weights @ residuals**2)


def solve_decreasing(function: Callable[[float], float], start: float) -> float:
    """The root >= 0 of a function that falls to below 0; 0 where it starts at or below 0.

    Args:
        function: Continuous and falling on [0, inf).
        start: A first guess of the upper end, > 0.

    Returns:
        The root.

    Raises:
        ValueError: The function does not fall below 0.

    Source:
        Own definition (Brent's method on a bracket widened by doubling).
    """
    if function(0.0) <= 0:
        return 0.0
    high = start
    for _ in range(200):
        if function(high) < 0:
            return float(optimize.brentq(function, 0.0, high, xtol=TOLERANCE, rtol=1e-14))
        high *= 2
    raise ValueError("the between-effects variance has no upper end in these data")
