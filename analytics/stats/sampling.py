"""Sampling errors of both values, and the variances of the effects that follow from them."""

import math
from collections.abc import Mapping

import pandas as pd

from analytics.frames.rows import records
from analytics.stats.synthesis.errors import se_auroc, se_from_interval, se_proportion

REPORTED = "reported interval"
AREA = "Hanley-McNeil"
BINOMIAL = "binomial"
BASES = (REPORTED, AREA, BINOMIAL)
READ = (
    *("arm_low", "arm_high", "other_low", "other_high", "arm_value", "other_value"),
    *("scale", "error_family", "cases", "positives"),
)
NOTHING = ("", (math.nan, math.nan))
POINTS = 100.0
KNOWN, UNKNOWN = "on record", "not on record"


def with_sampling(experiments: pd.DataFrame, correlation: float = 0.0) -> pd.DataFrame:
    """Add the sampling errors of both values and the variances of both effects.

    Args:
        experiments: `with_gains(experiments_frame(...))`.
        correlation: Of the errors of both values, 0 up to but not including 1.

    Returns:
        A new frame with `arm_se`, `other_se` (common scale), `log_variance` (of the log ratio, no
        unit) and `difference_variance` (of the absolute gain, squared points; squared unit where
        the scale is no share), float64 and NaN where nothing gives them, and `error_basis`: a
        reported 95 % interval of both values first, else Hanley-McNeil for areas (needs cases
        with and without the condition), else binomial for shares of the cases, of those with or
        of those without the condition; empty where there is none, or where a value of 0 or 1
        would get an error of 0. Refused experiments have none. `gain_error` says in words whether
        there is one.

    Raises:
        ValueError: The correlation lies outside its range.

    Source:
        NUMBERS: Hanley & McNeil 1982; binomial; Cochrane Handbook 6.5.2.2; delta method.
    """
    if not 0 <= correlation < 1:
        raise ValueError(f"correlation {correlation} must lie from 0 to below 1")
    might = (experiments["refused_reason"] == "") & (
        experiments["cases"].notna() | experiments["arm_low"].notna()
    )
    rows = experiments[might]
    found = [_errors(row) for row in records(rows, READ)]
    errors = pd.DataFrame(found, columns=["error_basis", "arm_se", "other_se"], index=rows.index)
    added = errors.reindex(experiments.index)
    added["error_basis"] = added["error_basis"].fillna("")
    known = (added["error_basis"] != "").map({True: KNOWN, False: UNKNOWN})
    kinds = {"arm_se": "float64", "other_se": "float64", "error_basis": "str"}
    both = pd.concat([experiments, added.astype(kinds)], axis=1)
    return with_correlation(
        both.assign(gain_error=known.astype("str"), log_variance=1.0, difference_variance=1.0),
        correlation,
    )


def _errors(row: Mapping[str, object]) -> tuple[str, float, float]:
    """Both standard errors on the same basis; nothing where one of them would be 0."""
    basis, errors = _bases(row)
    return (basis, *errors) if min(errors) > 0 else ("", math.nan, math.nan)


def _bases(row: Mapping[str, object]) -> tuple[str, tuple[float, float]]:
    ends = [_number(row, name) for name in ("arm_low", "arm_high", "other_low", "other_high")]
    if ends[0] < ends[1] and ends[2] < ends[3]:
        return REPORTED, (se_from_interval(*ends[:2]), se_from_interval(*ends[2:]))
    values = (_number(row, "arm_value"), _number(row, "other_value"))
    if row["scale"] != "share" or not all(0 <= value <= 1 for value in values):
        return NOTHING
    cases, positives = _number(row, "cases"), _number(row, "positives")
    sizes = {"all": cases, "positives": positives, "negatives": cases - positives}
    n = sizes.get(str(row["error_family"]), math.nan)
    if n >= 1:
        return BINOMIAL, (se_proportion(values[0], int(n)), se_proportion(values[1], int(n)))
    if row["error_family"] == "area" and 1 <= positives < cases:
        both = (int(positives), int(cases - positives))
        return AREA, (se_auroc(values[0], *both), se_auroc(values[1], *both))
    return NOTHING


def _number(row: Mapping[str, object], key: str) -> float:
    value = row[key]
    return value if isinstance(value, float) else math.nan


CORRELATED = (
    *("scale", "arm_value", "other_value", "arm_se", "other_se"),
    *("log_variance", "difference_variance"),
)  # what `with_correlation` reads


def with_correlation(experiments: pd.DataFrame, correlation: float) -> pd.DataFrame:
    """Compute both variances again under another correlation of the errors.

    Args:
        experiments: From `with_sampling`.
        correlation: 0 up to but not including 1.

    Returns:
        A new frame with changed `log_variance` and `difference_variance`; what was NaN stays NaN.

    Raises:
        ValueError: The correlation lies outside its range.

    Source:
        NUMBERS: Var(lnRR) = SE1^2/m1^2 + SE2^2/m2^2 - 2 r SE1 SE2 / (m1 m2).
    """
    if not 0 <= correlation < 1:
        raise ValueError(f"correlation {correlation} must lie from 0 to below 1")
    scale = experiments["scale"].map(lambda one: POINTS if one == "share" else 1.0)
    arm, other = experiments["arm_se"], experiments["other_se"]
    a, b = arm / experiments["arm_value"], other / experiments["other_value"]
    absolute = scale**2 * (arm**2 + other**2 - 2 * correlation * arm * other)
    relative = a**2 + b**2 - 2 * correlation * a * b
    return experiments.assign(
        log_variance=relative.where(
            experiments["log_variance"].notna() & (experiments["arm_value"] > 0)
        ).clip(lower=0.0),
        difference_variance=absolute.where(experiments["difference_variance"].notna()),
    )
