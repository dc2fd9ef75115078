"""Agreement as plain data and as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from analytics.stats.agreement import Estimate
from screening.rules.spreadsheets import harmless

PERCENT = 100


def estimate_as_json(estimate: Estimate) -> dict[str, Any]:
    """A coefficient as value, standard error, interval and note.

    Args:
        estimate: Any coefficient.

    Returns:
        Plain data; `ci` is a list of two or null, `note` says why a value is missing.
    """
    return {
        "value": estimate.value,
        "se": estimate.se,
        "ci": interval_of(estimate),
        "note": estimate.note,
    }


def interval_of(estimate: Estimate) -> list[float] | None:
    """The 95 % interval as a list, or nothing.

    Args:
        estimate: Any coefficient.

    Returns:
        Lower and upper end.
    """
    if estimate.low is None or estimate.high is None:
        return None
    return [estimate.low, estimate.high]


def in_percent(estimate: Estimate) -> Estimate:
    """A share as a percentage.

    Args:
        estimate: A share, 0 to 1.

    Returns:
        The same, times 100.
    """
    parts = (estimate.value, estimate.se, estimate.low, estimate.high)
    value, se, low, high = (None if part is None else part * PERCENT for part in parts)
    return Estimate(value, se, low, high, estimate.note)


def rows_as_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """Rows of equal keys as CSV.

    Args:
        rows: One mapping per row; the first gives the header.

    Returns:
        RFC 4180 text, empty without rows; nothing is an empty cell, text is no formula.
    """
    listed = list(rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if listed:
        writer.writerow(listed[0].keys())
    for row in listed:
        writer.writerow(["" if value is None else harmless(str(value)) for value in row.values()])
    return out.getvalue()
