"""Standard errors of reported scores, and the variance of a log ratio of two of them."""

import math

from analytics.stats.distributions import central_quantile

Z95 = 3.919927969080108  # twice the 97.5 % quantile of the normal distribution


def se_auroc(auroc: float, positives: int, negatives: int) -> float:
    """Standard error of an area under the ROC curve.

    Args:
        auroc: 0-1.
        positives: Test cases with the condition, >= 1.
        negatives: Test cases without it, >= 1.

    Returns:
        Standard error, 0-1 scale.

    Raises:
        ValueError: A value lies outside its range.

    Source:
        Hanley & McNeil 1982, Radiology 143:29, equation 1.
    """
    _check_share(auroc, "AUROC")
    if positives < 1 or negatives < 1:
        raise ValueError(f"{positives} positives and {negatives} negatives give no AUROC")
    q_1 = auroc / (2 - auroc)
    q_2 = 2 * auroc**2 / (1 + auroc)
    variance = (
        auroc * (1 - auroc)
        + (positives - 1) * (q_1 - auroc**2)
        + (negatives - 1) * (q_2 - auroc**2)
    ) / (positives * negatives)
    return math.sqrt(max(0.0, variance))


def se_proportion(share: float, n: int) -> float:
    """Standard error of accuracy, sensitivity or specificity.

    Args:
        share: 0-1.
        n: Test cases it is computed from, >= 1.

    Returns:
        Standard error, 0-1 scale.

    Raises:
        ValueError: A value lies outside its range.

    Source:
        Binomial variance p (1 - p) / n.
    """
    _check_share(share, "share")
    if n < 1:
        raise ValueError(f"{n} cases give no share")
    return math.sqrt(share * (1 - share) / n)


def se_from_interval(low: float, high: float) -> float:
    """Standard error from a reported 95 % interval.

    Args:
        low: Lower end.
        high: Upper end, >= low.

    Returns:
        (high - low) / 3.92, unit of the ends.

    Raises:
        ValueError: The ends are in the wrong order.

    Source:
        Cochrane Handbook 6.3, section 6.5.2.2.
    """
    if high < low:
        raise ValueError(f"interval {low} to {high} is turned around")
    return (high - low) / Z95


def log_ratio_variance(
    score: float, se: float, other: float, other_se: float, correlation: float = 0.0
) -> float:
    """Variance of ln(score / other) by the delta method.

    Args:
        score: Score of one arm, > 0.
        se: Its standard error, same unit, >= 0.
        other: Score of the other arm, > 0.
        other_se: Its standard error, >= 0.
        correlation: Of the two errors, -1 to 1. Both arms see the same test set, so it is
            positive; 0 is conservative.

    Returns:
        The variance (no unit), >= 0.

    Raises:
        ValueError: A score is not > 0, or the correlation lies outside -1 to 1.

    Source:
        Hedges, Gurevitch & Curtis 1999, Ecology 80:1150, with a covariance term.
    """
    if score <= 0 or other <= 0:
        raise ValueError(f"scores {score} and {other} must be greater than 0")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation {correlation} must lie between -1 and 1")
    a, b = se / score, other_se / other
    return max(0.0, a**2 + b**2 - 2 * correlation * a * b)


def wilson_interval(events: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a share that holds near 0 and 1.

    Args:
        events: 0..n.
        n: >= 1.
        level: Coverage, between 0 and 1.

    Returns:
        Lower and upper end, 0-1.

    Raises:
        ValueError: Counts do not fit.

    Source:
        Wilson 1927; Newcombe 1998, Stat Med 17:857, method 3.
    """
    if not 0 <= events <= n or n < 1:
        raise ValueError(f"{events} of {n} is no share")
    z2 = central_quantile(level) ** 2
    share = events / n
    middle = 2 * n * share + z2
    reach = math.sqrt(z2 * (z2 + 4 * n * share * (1 - share)))
    low, high = (middle - reach) / (2 * (n + z2)), (middle + reach) / (2 * (n + z2))
    return max(0.0, low), min(1.0, high)


def newcombe_difference(
    events: int, n: int, other_events: int, other_n: int, level: float = 0.95
) -> tuple[float, float]:
    """Interval of the difference of two independent shares.

    Args:
        events: Events of arm 1, 0..n.
        n: >= 1.
        other_events: Events of arm 2, 0..other_n.
        other_n: >= 1.
        level: Coverage, between 0 and 1.

    Returns:
        Lower and upper end of share 1 - share 2, -1 to 1.

    Raises:
        ValueError: Counts do not fit.

    Source:
        Newcombe 1998, Stat Med 17:873, method 10.
    """
    low, high = wilson_interval(events, n, level)
    other_low, other_high = wilson_interval(other_events, other_n, level)
    share, other = events / n, other_events / other_n
    down = math.hypot(share - low, other_high - other)
    up = math.hypot(high - share, other - other_low)
    return share - other - down, share - other + up


def _check_share(value: float, name: str) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} {value} must lie between 0 and 1")
