"""Relative gain per group and metric: one lane per study, full data and subset (figure 3E)."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

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
from analytics.frames.rows import records

LANE = 24
LABELLED_LANES = 90
TALLEST = 2400
MOST_DOTS = 2_000
BELOW = 0.2  # dots lie a little below the line, so that none hides under a reported mark
KINDS = {"relative_gain": "relative", "absolute_gain": "absolute"}
NOTE = (
    "Filled: full data. Hollow: smallest amount. Small dots: the study's other experiments. "
    "Upright line: median of the filled marks."
)
FULL, SUBSET, OTHER = "full", "subset", "other"
COLUMNS = (
    Column("study", "Study"),
    Column("group", "Group"),
    Column("metric", "Metric"),
    Column("task", "Task / data set"),
    Column("fraction", "Labels"),
    Column("arm_typed", "Method"),
    Column("other_typed", "Comparator"),
    Column("absolute_gain", "Absolute, points", 2, is_signed=True),
    Column("relative_gain", "Relative, %", 2, is_signed=True),
    Column("error_reduction", "Error reduction, %", 1, is_signed=True),
    Column("role", "Reported as"),
    Column("evaluation", "Measured by"),
    Column("read_method", "Read from"),
    Column("status", "Status"),
)

HOVERED = (
    *("study", "relative_gain", "arm_typed", "other_typed", "metric", "task", "fraction"),
    *("evaluation", "status"),
)
NEEDED = [*(column.key for column in COLUMNS), "study_id", "position", "link"]


@dataclass(frozen=True, slots=True)
class Lane:
    """One study's line inside the band of its group and metric; y grows downwards."""

    study_id: int
    group: str
    metric: str
    y: int


@dataclass(frozen=True, slots=True)
class Band:
    """All lanes of one group and metric; `median` is that of the full-data gains, in percent."""

    group: str
    metric: str
    head: int
    last: int
    studies: int
    median: float | None


def gains_by_group(
    experiments: pd.DataFrame,
    studies: pd.DataFrame,
    wording: Wording,
    column: str = "relative_gain",
) -> Figure:
    """Draw every gain: large marks for the reported experiments, dots for the others.

    Args:
        experiments: `mark_reported(with_gains(experiments_frame(...)))` with a `link` column.
        studies: `studies_frame` of the same selection with a `group` column: the denominators.
        wording: The review's words.
        column: `relative_gain` (percent) or `absolute_gain` (points).

    Returns:
        The figure; without any gain an empty plot that says so.

    Raises:
        ValueError: The column is unknown.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figure 3E.
    """
    if column not in KINDS:
        raise ValueError(f"no gain is called {column}")
    usable = experiments.loc[experiments["refused_reason"] == "", NEEDED]
    hidden = int((usable["role"] == OTHER).sum())
    if hidden > MOST_DOTS:
        usable = usable[usable["role"] != OTHER]
    lanes, bands = _arrange(usable, wording.order([*studies["group"], *usable["group"]]), column)
    placed = usable.assign(y=[lanes[key].y for key in _lane_keys(usable)])
    plot: PlotJson = {
        "data": _traces(placed, wording, column),
        "layout": _layout(placed, (lanes, bands), studies, wording, column),
    }
    return Figure(
        key=column.replace("_", "-"),
        title=f"{KINDS[column].capitalize()} gain per {wording.group.lower()} and metric",
        reading=reading(usable, wording),
        plot=plot,
        table=DataTable(COLUMNS, _rows(placed)),
        left_out=(*_hidden(hidden), *left_out(experiments, studies, wording)),
        is_wide=True,
        legend=_legend(usable, wording),
        note=NOTE,
    )


def reading(usable: pd.DataFrame, wording: Wording) -> tuple[Part, ...]:
    """Say in how many studies the method is better, and by how much.

    Args:
        usable: Experiments with a gain, with `role` and `relative_gain`.
        wording: The review's words.

    Returns:
        The sentence in parts, each count a link to its rows.

    Raises:
        ValueError: Never.

    Source:
        Own definition; labelled descriptive (unweighted, no p-value).
    """
    full = usable.loc[usable["role"] == FULL, "relative_gain"]
    if full.empty:
        return (Part("No study of this selection reports a comparable pair."),)
    up, same, down = int((full > 0).sum()), int((full == 0).sum()), int((full < 0).sum())
    subset = usable.loc[usable["role"] == SUBSET, "relative_gain"]
    rows, few = wording.link({"role": FULL}), wording.link({"role": SUBSET})
    parts = [
        Part("In "),
        Part(
            f"{up} of {counted(full.size, 'study', 'studies')}",
            wording.link({"role": FULL, "sign": "up"}),
        ),
        Part(f" {wording.arm} is better than {wording.comparator}, in "),
        Part(f"{same}", wording.link({"role": FULL, "sign": "same"})),
        Part(" equal and in "),
        Part(f"{down}", wording.link({"role": FULL, "sign": "down"})),
        Part(" worse; the median relative gain is "),
        Part(signed(float(full.median())), rows),
        Part(", from "),
        Part(f"{signed(float(full.min()))} to {signed(float(full.max()))}", rows),
    ]
    if not subset.empty:
        parts.append(Part("; with few labels "))
        said = f"{signed(float(subset.median()))} in {counted(subset.size, 'study', 'studies')}"
        parts.append(Part(said, few))
    count = usable.loc[usable["role"] == FULL, "study_id"].nunique()
    effects = f"{counted(int(full.size), 'effect')} from {counted(count, 'study', 'studies')}"
    return (*parts, Part(" ("), Part(effects, rows), Part(", descriptive)."))


def left_out(experiments: pd.DataFrame, studies: pd.DataFrame, wording: Wording) -> tuple[str, ...]:
    """Say what has no gain and why, reason by reason.

    Args:
        experiments: All experiments of the selection, with `refused_reason`.
        studies: All studies of the selection.
        wording: The review's words.

    Returns:
        One sentence per reason, most frequent first, then the studies without any experiment.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    refused = experiments.loc[experiments["refused_reason"] != "", "refused_reason"]
    said = [
        f"{counted(int(count), 'experiment')}: {reason}."
        for reason, count in refused.value_counts().items()
    ]
    silent = set(studies["study_id"]) - set(experiments["study_id"])
    if silent:
        words = counted(len(silent), "study has", "studies have")
        said.append(f"{words} no experiment with a value of {wording.arm} or {wording.comparator}.")
    return tuple(said)


def _hidden(dots: int) -> tuple[str, ...]:
    if dots <= MOST_DOTS:
        return ()
    return (f"{dots:,} other experiments are too many to draw; filter to see them as dots.",)


def _lane_keys(usable: pd.DataFrame) -> list[tuple[int, str]]:
    return list(zip(usable["study_id"].tolist(), usable["metric"].tolist(), strict=True))


def _arrange(
    usable: pd.DataFrame, groups: list[str], column: str
) -> tuple[dict[tuple[int, str], Lane], list[Band]]:
    """Give each study and metric its lane: bands by group, inside sorted by the reported gain."""
    lanes: dict[tuple[int, str], Lane] = {}
    bands: list[Band] = []
    y = 0
    for group in groups:
        own = usable[usable["group"] == group]
        for metric in _by_frequency(own["metric"]) or [""]:
            rows = own[own["metric"] == metric]
            head, y = y, y + 1
            for study_id in _sorted_studies(rows, column):
                lanes[study_id, metric] = Lane(study_id, group, metric, y)
                y += 1
            full = rows.loc[rows["role"] == FULL, column].tolist()
            count = int(rows["study_id"].nunique())
            middle = median(full) if full else None
            bands.append(Band(group, metric, head, y - 1, count, middle))
    return lanes, bands


def _by_frequency(metrics: pd.Series) -> list[str]:
    return [str(metric) for metric in metrics.value_counts().index]


def _sorted_studies(rows: pd.DataFrame, column: str) -> list[int]:
    best = rows.assign(rank=rows["role"].map({FULL: 0, SUBSET: 1, OTHER: 2}))
    ordered = best.sort_values(["rank", column]).drop_duplicates("study_id")
    return [int(number) for number in ordered["study_id"]]


def _traces(placed: pd.DataFrame, wording: Wording, column: str) -> list[PlotJson]:
    traces = [_joins(placed, column), _points(placed, OTHER, column, _dot())]
    order = wording.order([*wording.groups, *placed["group"]])
    for position, group in enumerate(order):
        own = placed[placed["group"] == group]
        for role, is_open in ((SUBSET, True), (FULL, False)):
            marker: PlotJson = {
                "size": 11,
                "symbol": symbol(position) + ("-open" if is_open else ""),
                "color": colour(position),
                "line": {"width": 2, "color": colour(position)},
            }
            traces.append(_points(own, role, column, marker) | {"name": f"{group}, {role}"})
    return [trace for trace in traces if trace["x"]]


def _dot() -> PlotJson:
    return {"size": 6, "symbol": "circle", "color": "@ink-3", "opacity": 0.45}


def _points(rows: pd.DataFrame, role: str, column: str, marker: PlotJson) -> PlotJson:
    own = rows[rows["role"] == role]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "other experiments",
        "x": [finite(value, 4) for value in own[column]],
        "y": [lane + (BELOW if role == OTHER else 0) for lane in own["y"].tolist()],
        "customdata": own["link"].tolist(),
        "text": [_hover(row) for row in records(own, HOVERED)],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": marker,
    }


def _hover(row: Mapping[str, object]) -> str:
    gain = signed(float(str(row["relative_gain"])))
    lines = [f"<b>{row['study']}</b> {gain}", f"{row['arm_typed']} against {row['other_typed']}"]
    lines.append(" · ".join(str(row[key]) for key in ("metric", "task", "fraction") if row[key]))
    lines.append(f"{row['evaluation']} · {row['status']}")
    return "<br>".join(lines)


def _joins(placed: pd.DataFrame, column: str) -> PlotJson:
    """A thin line from the subset's mark to the full data's mark of one study."""
    pairs: dict[tuple[object, object], list[tuple[float | None, int]]] = {}
    reported = placed[placed["role"].isin([FULL, SUBSET])]
    columns = (reported[name] for name in ("study_id", "metric", column, "y"))
    for study_id, metric, value, lane in zip(*columns, strict=True):
        pairs.setdefault((study_id, metric), []).append((finite(value, 4), int(lane)))
    x: list[float | None] = []
    y: list[int | None] = []
    for points in pairs.values():
        if len(points) > 1:
            x += [*(value for value, _ in points), None]
            y += [*(lane for _, lane in points), None]
    line: PlotJson = {"color": "@ink-3", "width": 1.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _layout(
    placed: pd.DataFrame,
    arranged: tuple[dict[tuple[int, str], Lane], list[Band]],
    studies: pd.DataFrame,
    wording: Wording,
    column: str,
) -> PlotJson:
    lanes, bands = arranged
    names = dict(zip(placed["study_id"], placed["study"], strict=True))
    ticks = list(lanes.values()) if len(lanes) <= LABELLED_LANES else []
    count = bands[-1].last + 1 if bands else 1
    unit = "%" if column == "relative_gain" else "points"
    title = f"{KINDS[column]} gain of {wording.arm} over {wording.comparator}, {unit}"
    return layout(
        70 + LANE * count if ticks or not lanes else min(70 + 8 * count, TALLEST),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
        xaxis=axis(title={"text": title, "font": {"size": 12}}, zeroline=True),
        yaxis=named_rows(
            [names[lane.study_id] for lane in ticks], [lane.y for lane in ticks], count=count
        ),
        annotations=[_head(band, studies) for band in bands],
        shapes=[_median_line(band) for band in bands if band.median is not None],
    )


def _head(band: Band, studies: pd.DataFrame) -> PlotJson:
    total = int((studies["group"] == band.group).sum())
    words = f"{band.studies} of {counted(total, 'study', 'studies')}"
    if not band.studies:
        words += ", no comparable pair"
    name = " · ".join(part for part in (band.group, band.metric) if part)
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "y",
        "y": band.head,
        "yanchor": "middle",
        "text": f"<b>{name}</b>  {words}",
        "showarrow": False,
        "font": {"size": 12, "color": "@ink"},
        "bgcolor": "@surface",
    }


def _median_line(band: Band) -> PlotJson:
    x = finite(band.median, 4)
    ends: PlotJson = {"x0": x, "x1": x, "y0": band.head + 0.5, "y1": band.last + 0.5}
    return {"type": "line", "layer": "below", "line": {"color": "@ink", "width": 2}} | ends


def _rows(placed: pd.DataFrame) -> tuple[Mapping[str, Cell], ...]:
    ordered = placed.sort_values(["y", "role", "position"])
    return tuple(
        {column.key: _cell(row, column) for column in COLUMNS} | {"link": str(row["link"])}
        for row in records(ordered, [*(one.key for one in COLUMNS), "link"])
    )


def _cell(row: Mapping[str, object], column: Column) -> Cell:
    value = row[column.key]
    return finite(value) if column.digits is not None else str(value)


def _legend(usable: pd.DataFrame, wording: Wording) -> tuple[tuple[str, str, str], ...]:
    order = wording.order([*wording.groups, *usable["group"]])
    return tuple((name, colour(i), symbol(i)) for i, name in enumerate(order))
