"""Gains of a method over its comparator: absolute, relative, error reduction, log ratio."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

SHARE = "share"
GAIN_COLUMNS = ("absolute_gain", "relative_gain", "error_reduction", "log_ratio", "refused_reason")


class RefusedError(ValueError):
    """No gain can be computed; the message says why."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How much better a method is than its comparator; positive is always better.

    Attributes:
        absolute: Difference: percentage points for scores on the 0-1 scale, else their unit.
        relative: Difference over the comparator's score, in percent.
        error_reduction: Share of the comparator's remaining error that is gone, in percent; None
            without a best possible score or where the comparator has reached it.
        log_ratio: ln(method / comparator), sign turned where lower is better; None where the
            method's score is not > 0.
    """

    absolute: float
    relative: float
    error_reduction: float | None
    log_ratio: float | None


def gain(
    arm: float,
    other: float,
    *,
    lower_is_better: bool = False,
    ceiling: float | None = 1.0,
    is_share: bool = True,
) -> Gain:
    """Compare one score with its comparator's.

    Args:
        arm: Score of the method, on the same scale as `other`.
        other: Score of the comparator, > 0.
        lower_is_better: Turns the sign, so that positive is better.
        ceiling: Best possible score on that scale; None without a bound.
        is_share: Whether the scale is 0-1, so that differences are points.

    Returns:
        The gains.

    Raises:
        RefusedError: A score is not a number, or the comparator is not > 0.

    Source:
        Own definition (DESIGN 6); the relative form reproduces Huang et al. 2023: study 58,
        (0.8348 - 0.8330) / 0.8330 = 0.216 %.
    """
    if not (math.isfinite(arm) and math.isfinite(other)):
        raise RefusedError(f"the values {arm} and {other} are not both numbers")
    if other <= 0:
        raise RefusedError(f"the comparator's value {other:g} is not greater than 0")
    sign = -1 if lower_is_better else 1
    difference = sign * (arm - other)
    room = None if ceiling is None else abs(ceiling - other)
    return Gain(
        absolute=difference * (100 if is_share else 1),
        relative=100 * difference / other,
        error_reduction=100 * difference / room if room else None,
        log_ratio=sign * math.log(arm / other) if arm > 0 else None,
    )


def with_gains(experiments: pd.DataFrame) -> pd.DataFrame:
    """Add the gains, or the reason why there is none, to each experiment.

    Args:
        experiments: `analytics.frames.experiments_frame`; read are `arm_value`, `other_value`
            (common scale), `scale`, `ceiling`, `lower_is_better`, `value_problem`,
            `comparator_problem`.

    Returns:
        A new frame with `absolute_gain` (points), `relative_gain` (%), `error_reduction` (%),
        `log_ratio` (no unit), all float64 and NaN where refused or not defined, and
        `refused_reason` str, empty where there is a gain.

    Raises:
        ValueError: A column is missing.

    Source:
        Own definition (DESIGN 6).
    """
    missing = {"arm_value", "other_value", "value_problem"} - set(experiments.columns)
    if missing:
        raise ValueError(f"the frame has no column {', '.join(sorted(missing))}")
    refused = _refusals(experiments)
    usable = refused == ""
    arm = experiments["arm_value"].astype("float64").where(usable)
    other = experiments["other_value"].astype("float64").where(usable)
    sign = experiments["lower_is_better"].map({True: -1.0, False: 1.0}).astype("float64")
    difference = sign * (arm - other)
    points = np.where(experiments["scale"] == SHARE, 100.0, 1.0)
    room = (experiments["ceiling"].astype("float64") - other).abs()
    ratio = (arm / other).where(arm > 0)
    added = {
        "absolute_gain": difference * points,
        "relative_gain": 100 * difference / other,
        "error_reduction": 100 * difference / room.where(room > 0),
        "log_ratio": sign * np.log(ratio),
        "refused_reason": refused,
    }
    columns = {name: pd.Series(added[name], index=experiments.index) for name in GAIN_COLUMNS}
    kinds = dict.fromkeys(GAIN_COLUMNS[:-1], "float64") | {"refused_reason": "str"}
    return pd.concat([experiments, pd.DataFrame(columns).astype(kinds)], axis=1)


def _refusals(experiments: pd.DataFrame) -> "pd.Series[str]":
    """Why there is no gain, row by row: the value, the comparator, then the number itself."""
    columns = ("value_problem", "comparator_problem", "arm_value", "other_value")
    lists = [experiments[name].astype("object").tolist() for name in columns]
    found = [_refusal(*row) for row in zip(*lists, strict=True)]
    return pd.Series(found, index=experiments.index, dtype="str")


def _refusal(value: str, comparator: str, arm: float, other: float) -> str:
    if value or comparator:
        return value or comparator
    if not (math.isfinite(arm) and math.isfinite(other)):
        return f"the values {arm} and {other} are not both numbers"
    return "" if other > 0 else f"the comparator's value {other:g} is not greater than 0"
