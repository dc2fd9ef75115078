"""How much effects differ beyond chance: Q, I2, H2, tau2 and its interval."""

import numpy as np
from scipy import stats

from analytics.stats.synthesis.effects import Effects, FloatArray
from analytics.stats.synthesis.linear import (
    intercept,
    residual_q,
    solve_decreasing,
    weighted_fit,
)

ROUNDS = 500
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
    """Between-effects variance by restricted maximum likelihood (Fisher scoring).

    Args:
        effects: At least 2 effects.
        design: Shape (k, p); a pooled value without it.

    Returns:
        tau2, >= 0, squared unit of the effects.

    Raises:
        ValueError: Too few effects, or the scoring does not settle.

    Source:
        Viechtbauer 2005, J Educ Behav Stat 30:261, equation 22.
    """
    x = intercept(effects.k) if design is None else design
    tau2 = float(np.var(effects.yi, ddof=1)) if effects.k > 1 else 0.0
    for _ in range(ROUNDS):
        beta, vcov, weights = weighted_fit(effects, x, tau2)
        residuals = effects.yi - x @ beta
        weighted = weights[:, None] * x
        hat = weighted @ vcov
        trace_p = float(weights.sum() - np.sum(hat * weighted))
        cross = weighted.T @ weighted @ vcov
        trace_pp = float(
            (weights**2).sum()
            - 2 * np.sum(hat * weighted * weights[:, None])
            + np.sum(cross * cross.T)
        )
        step = (float((weights * residuals) @ (weights * residuals)) - trace_p) / trace_pp
        following = max(0.0, tau2 + step)
        if abs(following - tau2) <= CONVERGED * (1 + tau2):
            return following
        tau2 = following
    raise ValueError("REML did not settle on a between-effects variance")


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
        target = float(stats.chi2.ppf(probability, effects.k - 1))
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
