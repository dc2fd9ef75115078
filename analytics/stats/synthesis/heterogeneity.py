"""How much effects differ beyond chance: Q, I2, H2, tau2 and its interval."""

import numpy as np
from scipy import optimize

from analytics.stats.distributions import chi2_quantile
from analytics.stats.synthesis.effects import Effects, FloatArray
from analytics.stats.synthesis.linear import (
    intercept,
    residual_q,
    solve_decreasing,
    weighted_fit,
)

ROUNDS = 100
CONVERGED = 1e-12


def tau2_dersimonian_laird(effects: Effects) -> float:
    """Between-effects variance by the method of moments.

    Args:
        effects: At least 2 effects.

    Returns:
        tau2, >= 0, squared unit of the effects.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        DerSimonian & Laird 1986, Control Clin Trials 7:177, equation 8.
    """
    weights = 1 / effects.vi
    q = residual_q(effects, intercept(effects.k), 0.0)
    spread = weights.sum() - (weights**2).sum() / weights.sum()
    return max(0.0, float((q - (effects.k - 1)) / spread))


def tau2_paule_mandel(effects: Effects) -> float:
    """Between-effects variance at which the generalised Q equals its degrees of freedom.

    Args:
        effects: At least 2 effects.

    Returns:
        tau2, >= 0, squared unit of the effects.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        Paule & Mandel 1982, J Res Natl Bur Stand 87:377.
    """
    design = intercept(effects.k)
    return solve_decreasing(
        lambda tau2: residual_q(effects, design, tau2) - (effects.k - 1), _first_guess(effects)
    )


def tau2_reml(effects: Effects, design: FloatArray | None = None) -> float:
    """Between-effects variance by restricted maximum likelihood.

    Args:
        effects: At least 2 effects.
        design: Shape (k, p); a pooled value without it.

    Returns:
        tau2, >= 0, squared unit of the effects.

    Raises:
        ValueError: Too few effects.

    Source:
        Viechtbauer 2005, J Educ Behav Stat 30:261, equation 22 (Fisher scoring); where the
        scoring swings to and fro, a bounded search of the same likelihood.
    """
    x = intercept(effects.k) if design is None else design
    tau2 = float(np.var(effects.yi, ddof=1)) if effects.k > 1 else 0.0
    for _ in range(ROUNDS):
        following = max(0.0, tau2 + _scoring_step(effects, x, tau2))
        if abs(following - tau2) <= CONVERGED * (1 + tau2):
            return following
        tau2 = following
    return _most_likely(effects, x)


def restricted_log_likelihood(effects: Effects, design: FloatArray, tau2: float) -> float:
    """Restricted log-likelihood of tau2, without its constant.

    Args:
        effects: k effects.
        design: Shape (k, p).
        tau2: >= 0.

    Returns:
        The value; larger is more likely.

    Raises:
        ValueError: As `weighted_fit`.

    Source:
        Viechtbauer 2005, J Educ Behav Stat 30:261, equation 12.
    """
    beta, vcov, weights = weighted_fit(effects, design, tau2)
    residuals = effects.yi - design @ beta
    log_det = float(np.linalg.slogdet(vcov)[1])
    return 0.5 * (float(np.log(weights).sum()) + log_det - float(weights @ residuals**2))


def _scoring_step(effects: Effects, x: FloatArray, tau2: float) -> float:
    beta, vcov, weights = weighted_fit(effects, x, tau2)
    weighted_residuals = weights * (effects.yi - x @ beta)
    weighted = weights[:, None] * x
    hat = weighted @ vcov
    cross = weighted.T @ hat
    trace = float(weights.sum() - np.sum(hat * weighted))
    trace_squared = float(
        (weights**2).sum() - 2 * np.sum(hat * weighted * weights[:, None]) + np.sum(cross * cross.T)
    )
    return (float(weighted_residuals @ weighted_residuals) - trace) / trace_squared


def _most_likely(effects: Effects, x: FloatArray) -> float:
    """The best of a grid, refined between its neighbours."""
    top = 4 * _first_guess(effects)
    grid = [0.0, *np.geomspace(top * 1e-6, top, 60).tolist()]
    best = int(np.argmax([restricted_log_likelihood(effects, x, one) for one in grid]))
    low, high = grid[max(0, best - 1)], grid[min(len(grid) - 1, best + 1)]
    found = optimize.minimize_scalar(
        lambda tau2: -restricted_log_likelihood(effects, x, float(tau2)),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return max((0.0, float(found.x)), key=lambda one: restricted_log_likelihood(effects, x, one))


def q_profile_interval(effects: Effects, level: float = 0.95) -> tuple[float, float]:
    """Interval of tau2 by inverting the generalised Q.

    Args:
        effects: At least 2 effects.
        level: Coverage, between 0 and 1.

    Returns:
        Lower and upper end, >= 0, squared unit of the effects.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        Viechtbauer 2007, Stat Med 26:37, section 2.5.
    """
    design = intercept(effects.k)
    ends = []
    for probability in ((1 + level) / 2, (1 - level) / 2):
        target = chi2_quantile(probability, effects.k - 1)
        ends.append(
            solve_decreasing(
                lambda tau2, target=target: residual_q(effects, design, tau2) - target,  # type: ignore[misc]
                _first_guess(effects),
            )
        )
    return ends[0], ends[1]


def typical_variance(effects: Effects) -> float:
    """The typical sampling variance of Higgins & Thompson 2002 (Stat Med 21:1539, equation 9).

    Args:
        effects: At least 2 effects.

    Returns:
        The variance, > 0.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        Higgins & Thompson 2002, Stat Med 21:1539.
    """
    if effects.k <= 1:
        raise ValueError("one effect has no heterogeneity")
    weights = 1 / effects.vi
    return float((effects.k - 1) * weights.sum() / (weights.sum() ** 2 - (weights**2).sum()))


def i_squared(effects: Effects, tau2: float) -> float:
    """Share of the total variation that is not chance, in percent (0-100).

    Args:
        effects: At least 2 effects.
        tau2: Between-effects variance, >= 0.

    Returns:
        I2 in percent.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        Higgins & Thompson 2002, Stat Med 21:1539; general form of metafor.
    """
    return 100 * tau2 / (tau2 + typical_variance(effects))


def h_squared(effects: Effects, tau2: float) -> float:
    """Total variation over chance variation (>= 1, no unit).

    Args:
        effects: At least 2 effects.
        tau2: Between-effects variance, >= 0.

    Returns:
        H2.

    Raises:
        ValueError: Fewer than 2 effects.

    Source:
        Higgins & Thompson 2002, Stat Med 21:1539; general form of metafor.
    """
    return tau2 / typical_variance(effects) + 1


def _first_guess(effects: Effects) -> float:
    return float(np.var(effects.yi)) + float(effects.vi.mean())
