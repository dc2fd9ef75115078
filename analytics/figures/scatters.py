"""Gain against what might explain it: test-set size, year, and the errors that are gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.figures.marks import TEXT, gain_text, group_points, legend_of, table_rows
from analytics.figures.model import (
    Column,
    DataTable,
    Figure,
    Part,
    PlotJson,
    Wording,
    counted,
)
from analytics.figures.theme import axis, layout
from analytics.frames.rows import records

LEAST = 3  # fewer points have no rank order worth a number
COMMON = (
    Column("study", "Study"),
    Column("group", "Group"),
    Column("metric", "Metric"),
    Column("task", "Task / data set"),
    Column("fraction", "Labels"),
    Column("arm_typed", "Method"),
    Column("other_typed", "Comparator"),
)
NEEDED = (*(one.key for one in COMMON), "study_id", "relative_gain", "link")
GAIN = Column("relative_gain", "Relative, %", 2, is_signed=True)


@dataclass(frozen=True, slots=True)
class Axes:
    """What is set against the gain.

    Attributes:
        key: Stable name of the figure.
        title: Heading.
        x: Column of the horizontal axis.
        label: Its name on the axis.
        column: Its column in the data table.
        missing: What an experiment without it lacks.
        is_log: Whether the axis is logarithmic.
        hint: What to do where it is missing.
    """

    key: str
    title: str
    x: str
    label: str
    column: Column
    missing: str
    is_log: bool = False
    hint: str = ""


SIZE = Axes(
    "gain-by-test-size",
    "Relative gain by size of the test set",
    "cases",
    "test cases",
    Column("cases", "Test cases", 0),
    "size of the test set",
    is_log=True,
    hint="Extract the number of test cases to see them here.",
)
YEAR = Axes(
    "gain-by-year", "Relative gain by year", "year", "year", Column("year", "Year", 0), "year"
)
ERRORS = Axes(
    "error-reduction",
    "Error reduction beside relative gain",
    "error_reduction",
    "error reduction, %",
    Column("error_reduction", "Error reduction, %", 1, is_signed=True),
    "error reduction (no best possible score, or the comparator has reached it)",
)


def gain_against(experiments: pd.DataFrame, what: Axes, wording: Wording) -> Figure:
    """Draw the reported relative gains over another number of the same experiment.

    Args:
        experiments: `mark_reported(with_gains(experiments_frame(...)))` with a `link` column.
        what: The other number.
        wording: The review's words.

    Returns:
        One point per study and amount reported; Spearman's rank correlation where at least three
        studies have both, as a description without a p-value.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition; error reduction: NUMBERS, (arm - comparator) / (best - comparator).
    """
    is_full = (experiments["role"] == "full") & (experiments["refused_reason"] == "")
    full = experiments.loc[is_full, list(dict.fromkeys([*NEEDED, what.x]))]
    values = full[what.x].astype("float64")
    drawn = full[values.notna()].assign(**{what.x: values[values.notna()]})
    columns = (*COMMON, what.column, GAIN)
    texts = [gain_text(row) for row in records(drawn, TEXT)]
    if what.x != "year":
        shown = f",.{what.column.digits or 0}f"
        pairs = zip(texts, drawn[what.x].tolist(), strict=True)
        texts = [f"{text}<br>{what.label}: {value:{shown}}" for text, value in pairs]
    return Figure(
        key=what.key,
        title=what.title,
        reading=tuple(_reading(drawn, what, wording)),
        plot={
            "data": group_points(drawn, what.x, "relative_gain", wording, texts),
            "layout": _layout(what, wording, drawn[what.x].tolist()),
        },
        table=DataTable(columns, table_rows(drawn.sort_values(what.x, kind="stable"), columns)),
        left_out=tuple(_left_out(len(full) - len(drawn), what, drawn)),
        is_wide=what is ERRORS,
        legend=legend_of(drawn, wording),
    )


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Spearman's rank correlation.

    Args:
        x: Shape (n,), finite.
        y: Shape (n,), finite.

    Returns:
        -1 to 1; None with fewer than 3 pairs, or where all values of a side are equal.

    Raises:
        ValueError: The shapes differ.

    Source:
        Spearman 1904: Pearson's correlation of average ranks.
    """
    if len(x) != len(y):
        raise ValueError(f"{len(x)} and {len(y)} values make no pairs")
    if len(x) < LEAST or len(set(x)) == 1 or len(set(y)) == 1:
        return None
    ranks = [pd.Series(list(side)).rank().to_numpy(dtype=np.float64) for side in (x, y)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _reading(drawn: pd.DataFrame, what: Axes, wording: Wording) -> Iterator[Part]:
    if drawn.empty:
        yield Part(f"No reported experiment has a {what.missing.split(' (')[0]} on record.")
        return
    studies = drawn["study_id"].nunique()
    words = f"{counted(len(drawn), 'effect')} from {counted(studies, 'study', 'studies')}"
    yield Part(words, wording.link({"role": "full"}))
    found = rank_correlation(drawn[what.x].tolist(), drawn["relative_gain"].tolist())
    if found is None:
        yield Part(": too few, or too much alike, for a rank correlation (descriptive).")
        return
    way = "larger" if found > 0 else "smaller"
    yield Part(
        f": Spearman's rank correlation with the relative gain is {found:+.2f}".replace("-", "−")
        + f", the gain tends to be {way} where the {what.label.split(',')[0]} is larger "
        "(descriptive, no p-value)."
    )


def _layout(what: Axes, wording: Wording, values: Sequence[float]) -> PlotJson:
    x: PlotJson = {"title": {"text": what.label, "font": {"size": 12}}}
    if what.is_log:
        x |= {"type": "log"}
    if what.x == "year":
        x |= {"tickformat": "d", "dtick": 1 if len(set(values)) <= 8 else None}  # noqa: PLR2004
    gain = f"relative gain over {wording.comparator}, %"
    return layout(
        320,
        xaxis=axis(**x),
        yaxis=axis(title={"text": gain, "font": {"size": 12}}, zeroline=True),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
    )


def _left_out(missing: int, what: Axes, drawn: pd.DataFrame) -> Iterator[str]:
    if missing:
        words = counted(missing, "reported experiment has", "reported experiments have")
        yield f"{words} no {what.missing}.{' ' + what.hint if what.hint else ''}"
    if len(set(drawn["metric"])) > 1:
        yield "Metrics are mixed here: choose one by the filter to keep them apart."
