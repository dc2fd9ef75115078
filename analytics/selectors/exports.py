"""The experiments of a review in the shape that `export_gains` promises to scripts."""

from collections.abc import Mapping

from analytics.figures.model import finite
from analytics.frames.rows import records
from analytics.selectors.experiments import selection_of
from screening.models import Review

GAIN_FIELDS = (
    "study_id",
    "first_author",
    "year",
    "task",
    "dataset",
    "metric",
    "fraction",
    "ssl",
    "supervised",
    "absolute_gain",
    "relative_gain",
    "refused_reason",
    "value_ids",
)


def gain_rows(review: Review) -> list[dict[str, object]]:
    """One row per experiment.

    `ssl` and `supervised` (stable names; any review's arm and comparator) are on the common scale
    (0-1 where the unit is a fraction or percent), `absolute_gain` in percentage points then,
    `relative_gain` in percent; numbers that do not exist are None.
    """
    selection = selection_of(review)
    if selection is None:
        return []
    return [_gain_row(row) for row in records(selection.experiments)]


def _gain_row(row: Mapping[str, object]) -> dict[str, object]:
    task = str(row["task_name"])
    year = finite(row["year"])
    return {
        "study_id": row["study_id"],
        "first_author": row["first_author"],
        "year": int(year) if year is not None else None,
        "task": task,
        "dataset": str(row["task"]).removeprefix(task).removeprefix(" / "),
        "metric": row["metric"],
        "fraction": row["fraction"],
        "ssl": finite(row["arm_value"], 12),
        "supervised": finite(row["other_value"], 12),
        "absolute_gain": finite(row["absolute_gain"], 10),
        "relative_gain": finite(row["relative_gain"], 10),
        "refused_reason": row["refused_reason"],
        "value_ids": list(row["value_ids"]) if isinstance(row["value_ids"], tuple) else [],
    }
