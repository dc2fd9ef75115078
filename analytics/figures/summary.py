"""Mean and median gain per group and metric, with intervals over resampled studies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.figures.model import (
    Cell,
    Column,
    DataTable,
    Figure,
    Part,
    PlotJson,
    Wording,
    counted,
    finite,
    signed,
)
from analytics.figures.theme import axis, colour, layout, named_rows, symbol
from analytics.stats.synthesis.bootstrap import Statistic, cluster_bootstrap
from analytics.stats.synthesis.pooling import MINIMUM

LANE = 30
SEED = 20_230_601
DRAWS = 10_000
FEW = 5
COLUMNS = (
    Column("group", "Group"),
    Column("metric", "Metric"),
    Column("effects", "Effects", 0),
    Column("studies", "Studies", 0),
    Column("mean", "Mean, %", 2, is_signed=True),
    Column("low", "95 % from, %", 2, is_signed=True),
    Column("high", "to, %", 2, is_signed=True),
    Column("median", "Median, %", 2, is_signed=True),
    Column("worse", "Worse", 0),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Reported gains of one group and metric, in percent; no interval from one study."""

    group: str
    metric: str
    effects: int
    studies: int
    mean: float
    median: float
    low: float | None
    high: float | None
    worse: int


def summary_by_group(experiments: pd.DataFrame, wording: Wording, role: str = "full") -> Figure:
    """Summarise the reported gains, one experiment per study, per group and metric.

    Args:
        experiments: `mark_reported(with_gains(experiments_frame(...)))`.
        wording: The review's words.
        role: Which reported experiments: `full` or `subset`.

    Returns:
        Means with percentile intervals of a seeded bootstrap over studies, medians beside them.
        Unweighted and descriptive: effects without a standard error are never pooled.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition; intervals: Field & Welsh 2007, J R Stat Soc B 69:369.
    """
    is_usable = (experiments["role"] == role) & (experiments["refused_reason"] == "")
    usable = experiments.loc[is_usable, ["study_id", "group", "metric", "task", "relative_gain"]]
    order = wording.order([*wording.groups, *usable["group"]])
    found = list(_summaries(usable, order))
    return Figure(
        key=f"mean-gain-{role}",
        title=f"Mean and median relative gain, {'full data' if role == 'full' else 'subset'}",
        reading=(Part(_reading(found, wording)),),
        plot={
            "data": [trace for i, group in enumerate(order) for trace in _traces(found, group, i)],
            "layout": _layout(found, wording),
        },
        table=DataTable(COLUMNS, tuple(_row(one, wording, role) for one in found)),
        left_out=tuple(_cautions(found, usable)),
        is_wide=True,
        legend=tuple(
            (group, colour(i), symbol(i))
            for i, group in enumerate(order)
            if group in {one.group for one in found}
        ),
    )


def _summaries(usable: pd.DataFrame, order: list[str]) -> Iterator[Summary]:
    for group in order:
        own = usable[usable["group"] == group]
        for metric in own["metric"].value_counts().index:
            rows = own[own["metric"] == metric]
            yield _summary(group, str(metric), rows)


def _summary(group: str, metric: str, rows: pd.DataFrame) -> Summary:
    values = rows["relative_gain"].to_numpy(dtype=np.float64)
    clusters = pd.factorize(rows["study_id"])[0].astype(np.int64)
    studies = int(clusters.max()) + 1
    low = high = None
    if studies >= MINIMUM:
        found = cluster_bootstrap(values, clusters, Statistic.MEAN, draws=DRAWS, seed=SEED)
        low, high = found.low, found.high
    middle, centre = float(values.mean()), float(np.median(values))
    worse = int((values < 0).sum())
    return Summary(group, metric, values.size, studies, middle, centre, low, high, worse)


def _reading(found: list[Summary], wording: Wording) -> str:
    if not found:
        return "No study of this selection reports a comparable pair."
    most = max(found, key=lambda one: one.studies)
    many = counted(most.studies, "study", "studies")
    return (
        f"{most.group[:1].upper()}{most.group[1:]}: {many} compared {wording.arm} with "
        f"{wording.comparator} by {most.metric}; mean relative gain {signed(most.mean)}, median "
        f"{signed(most.median)}, {most.worse} decreased ({counted(most.effects, 'effect')} from "
        f"{many}, descriptive)."
    )


def _cautions(found: list[Summary], usable: pd.DataFrame) -> Iterator[str]:
    if not found:
        return
    yield (
        "A weighted, pooled value is not offered: no standard error is on record for these "
        f"effects. Intervals resample studies ({DRAWS:,} draws, seed {SEED})."
    )
    single = sum(one.studies < MINIMUM for one in found)
    if single:
        rest = counted(
            single, "line rests on one study and has", "lines rest on one study and have"
        )
        yield f"{rest} no interval."
    few = sum(MINIMUM <= one.studies < FEW for one in found)
    if few:
        yield f"{counted(few, 'interval rests', 'intervals rest')} on fewer than {FEW} studies."
    if len({one.metric for one in found}) > 1:
        yield "Metrics are kept apart: their gains do not mean the same."
    shared = usable.groupby("task")["study_id"].nunique()
    if (shared > 1).any():
        names = ", ".join(str(name) for name in shared[shared > 1].index)
        yield f"Studies share a task and data set and depend on each other: {names}."


def _traces(found: list[Summary], group: str, position: int) -> list[PlotJson]:
    own = [(lane, one) for lane, one in enumerate(found) if one.group == group]
    if not own:
        return []
    y = [lane for lane, _ in own]
    marker: PlotJson = {"size": 12, "symbol": symbol(position), "color": colour(position)}
    up = [finite((one.high if one.high is not None else one.mean) - one.mean, 4) for _, one in own]
    down = [finite(one.mean - (one.low if one.low is not None else one.mean), 4) for _, one in own]
    mean: PlotJson = {
        "type": "scatter",
        "mode": "markers",
        "name": f"{group}, mean",
        "x": [finite(one.mean, 4) for _, one in own],
        "y": y,
        "error_x": {"type": "data", "symmetric": False, "array": up, "arrayminus": down,
                    "color": colour(position), "thickness": 2, "width": 5},
        "marker": marker,
        "hovertemplate": "mean %{x:.2f} %<extra></extra>",
    }  # fmt: skip
    median: PlotJson = {
        "type": "scatter",
        "mode": "markers",
        "name": f"{group}, median",
        "x": [finite(one.median, 4) for _, one in own],
        "y": y,
        "marker": {"size": 16, "symbol": "line-ns-open", "color": "@ink", "line": {"width": 2}},
        "hovertemplate": "median %{x:.2f} %<extra></extra>",
    }
    return [mean, median]


def _layout(found: list[Summary], wording: Wording) -> PlotJson:
    title = f"relative gain over {wording.comparator}, %: mean (mark), median (bar)"
    return layout(
        80 + LANE * max(len(found), 2),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
        xaxis=axis(title={"text": title, "font": {"size": 12}}, zeroline=True, rangemode="tozero"),
        yaxis=named_rows(
            [f"{one.group} · {one.metric} ({one.studies})" for one in found], count=len(found)
        ),
    )


def _row(one: Summary, wording: Wording, role: str) -> Mapping[str, Cell]:
    chosen = {"group": one.group, "reported_metric": one.metric, "role": role}
    return {
        "group": one.group,
        "metric": one.metric,
        "effects": one.effects,
        "studies": one.studies,
        "mean": finite(one.mean),
        "low": finite(one.low),
        "high": finite(one.high),
        "median": finite(one.median),
        "worse": one.worse,
        "link": wording.link(chosen),
    }
