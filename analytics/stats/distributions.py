"""Quantiles and tails of the normal, t and chi-squared distributions.

They are scipy's special functions under plain names: `scipy.stats` gives the same numbers and takes
longer to load than the whole rest of a page.
"""

from scipy import special


def central_quantile(level: float, df: float | None = None) -> float:
    """Half the width of a central interval in standard errors.

    Args:
        level: Coverage, between 0 and 1.
        df: Degrees of freedom of t (> 0); the normal distribution without it.

    Returns:
        The quantile at `(1 + level) / 2`, > 0.

    Source:
        Own definition; `special.ndtri` and `special.stdtrit`.
    """
    share = (1 + level) / 2
    return float(special.ndtri(share) if df is None else special.stdtrit(df, share))


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Chance of a statistic at least as far from 0.

    Args:
        statistic: A z, or a t where `df` is given.
        df: Degrees of freedom of t (> 0); the normal distribution without it.

    Returns:
        p, 0-1.

    Source:
        Own definition; `special.ndtr` and `special.stdtr`.
    """
    far = -abs(statistic)
    return float(2 * (special.ndtr(far) if df is None else special.stdtr(df, far)))


def chi2_quantile(share: float, df: float) -> float:
    """Value below which `share` (0-1) of a chi-squared distribution with `df` (> 0) lies.

    Args:
        share: Share of the distribution below the value, 0-1.
        df: Degrees of freedom, > 0.

    Returns:
        The quantile, >= 0.

    Source:
        Own definition; `special.chdtri`, which takes the upper tail.
    """
    return float(special.chdtri(df, 1 - share))


def chi2_tail(statistic: float, df: float) -> float:
    """Chance of a chi-squared value above the statistic.

    Args:
        statistic: The value, >= 0.
        df: Degrees of freedom, > 0.

    Returns:
        p, 0-1.

    Source:
        Own definition; `special.chdtrc`.
    """
    return float(special.chdtrc(df, statistic))
