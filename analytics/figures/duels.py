"""Two ways on the same task, side by side: dumbbells with wins, ties and losses (3C, 3D)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

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
)
from analytics.figures.theme import axis, colour, layout, named_rows, symbol
from analytics.frames.rows import records

LANE = 18
LONGEST = 28
COLUMNS = (
    Column("study", "Study"),
    Column("task", "Task / data set"),
    Column("metric", "Metric"),
    Column("fraction", "Labels"),
    Column("model", "Model"),
    Column("side", "Side"),
    Column("arm_typed", "Value"),
    Column("status", "Status"),
)


NEEDED = (
    *(column.key for column in COLUMNS if column.key != "side"),
    "study_id",
    "position",
    "arm_value",
    "scale",
    "lower_is_better",
    "link",
)


@dataclass(frozen=True, slots=True)
class Duel:
    """What is set against what.

    Attributes:
        key: Stable name of the figure.
        side: Column whose values compete, e.g. `group`.
        label: Its name, e.g. of the category.
        match: Columns in which two rows must agree to be the same task.
        unit: Column that is counted once in the reading, e.g. `study_id`; empty counts pairs.
        skipped: Values of `side` that take no part, e.g. "unclear".
    """

    key: str
    side: str
    label: str
    match: tuple[str, ...]
    unit: str = ""
    skipped: tuple[str, ...] = ("not stated", "unclear", "other")


@dataclass(frozen=True, slots=True)
class Meeting:
    """The best row of each side on one task, in the order of the sides."""

    rows: Mapping[str, Mapping[str, object]]
    lower_is_better: bool

    def winner(self, first: str, second: str) -> str:
        """The better of two sides, empty for a tie."""
        a, b = (float(str(self.rows[side]["arm_value"])) for side in (first, second))
        if a == b:
            return ""
        return first if (a < b) == self.lower_is_better else second


def duel(experiments: pd.DataFrame, what: Duel, wording: Wording) -> Figure:
    """Set the sides against each other wherever the same task was measured with both.

    Args:
        experiments: `experiments_frame` with a `link` column; rows without a usable value of
            the method are left out. The comparator plays no part.
        what: The sides and what must agree.
        wording: The review's words.

    Returns:
        One dumbbell per task; wins, ties and losses of each pair of sides in the reading.

    Raises:
        KeyError: A column is missing.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figures 3C and 3D.
    """
    wanted = [*what.match, what.side, *NEEDED]
    usable = experiments.loc[experiments["arm_value"].notna(), list(dict.fromkeys(wanted))]
    taking = usable[~usable[what.side].isin(what.skipped)]
    met = _meetings(taking, what)
    order = wording.groups if what.side == "group" else tuple(sorted(set(taking[what.side])))
    sides = [side for side in order if any(side in one.rows for one in met)]
    left = len(usable) - sum(len(one.rows) for one in met)
    return Figure(
        key=what.key,
        title=f"{what.label} against each other on the same task",
        reading=_reading(met, sides, what),
        plot={"data": _traces(met, sides, order), "layout": _layout(met, what)},
        table=DataTable(COLUMNS, _rows(met)),
        left_out=(
            f"{counted(left, 'experiment has', 'experiments have')} no counterpart that is equal "
            f"in {_agreeing(what)}, or no stated {what.label.lower()}.",
        )
        if left
        else (),
        is_wide=True,
        legend=tuple((side, colour(i), symbol(i)) for i, side in enumerate(order) if side in sides),
    )


def _agreeing(what: Duel) -> str:
    words = [name.removeprefix("row.").replace("_", " ") for name in what.match]
    named = ["value of the comparator" if word == "other value" else word for word in words]
    return ", ".join(word.removesuffix(" id") for word in named)


def _meetings(rows: pd.DataFrame, what: Duel) -> list[Meeting]:
    known = rows.dropna(subset=list(what.match))
    known = known[_has_rivals(known, what)]
    tasks: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for row in records(known):
        named = {str(key): value for key, value in row.items()}
        tasks.setdefault(tuple(named[key] for key in what.match), []).append(named)
    return [
        _meeting(own, what) for own in tasks.values() if len({row[what.side] for row in own}) > 1
    ]


def _has_rivals(known: pd.DataFrame, what: Duel) -> "pd.Series[bool]":
    """Whether another side was measured on the same task; most rows go here, at little cost."""
    task = known.groupby(list(what.match), sort=False).ngroup()
    return known.groupby(task)[what.side].transform("nunique") > 1


def _meeting(rows: list[dict[str, object]], what: Duel) -> Meeting:
    """The best row of each side; of equal values the first in the form."""
    lower = bool(rows[0]["lower_is_better"])
    sign = 1 if lower else -1
    best: dict[str, dict[str, object]] = {}
    for row in sorted(
        rows, key=lambda one: (sign * float(str(one["arm_value"])), int(str(one["position"])))
    ):
        best.setdefault(str(row[what.side]), row | {"side": row[what.side]})
    return Meeting(best, lower)


def _reading(met: Sequence[Meeting], sides: Sequence[str], what: Duel) -> tuple[Part, ...]:
    if not met:
        return (Part("No task was measured with two of them."),)
    said = []
    for first, second in combinations(sides, 2):
        results = _results(met, (first, second), what)
        if results:
            wins, losses = results.count(first), results.count(second)
            ties = len(results) - wins - losses
            noun = "study" if what.unit else "task"
            plural = "studies" if what.unit else "tasks"
            said.append(
                f"{first} beats {second} in {wins} of {counted(len(results), noun, plural)}"
                f" ({ties} tied, {losses} lost)"
            )
    studies = {row["study_id"] for one in met for row in one.rows.values()}
    effects = f"{counted(len(met), 'task')} from {counted(len(studies), 'study', 'studies')}"
    return (Part(f"{'; '.join(said)} ({effects}, descriptive)."),)


def _results(met: Sequence[Meeting], pair: tuple[str, str], what: Duel) -> list[str]:
    """Winner of every meeting of two sides, or of the majority inside each unit."""
    both = [one for one in met if pair[0] in one.rows and pair[1] in one.rows]
    if not what.unit:
        return [one.winner(*pair) for one in both]
    units: dict[object, list[str]] = {}
    for one in both:
        units.setdefault(one.rows[pair[0]][what.unit], []).append(one.winner(*pair))
    return [_majority(results, pair) for results in units.values()]


def _majority(results: Sequence[str], pair: tuple[str, str]) -> str:
    first, second = (results.count(side) for side in pair)
    return "" if first == second else pair[0] if first > second else pair[1]


def _traces(met: Sequence[Meeting], sides: Sequence[str], order: Sequence[str]) -> list[PlotJson]:
    x: list[float | None] = []
    y: list[int | None] = []
    for lane, one in enumerate(met):
        values = [_percent(row) for row in one.rows.values()]
        x += [min(values), max(values), None]
        y += [lane, lane, None]
    line: PlotJson = {"color": "@ink-3", "width": 1.5}
    join: PlotJson = {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line}
    points = [_points(met, side, list(order).index(side)) for side in sides]
    return [join | {"hoverinfo": "skip"}, *points] if met else []


def _points(met: Sequence[Meeting], side: str, position: int) -> PlotJson:
    own = [(lane, one.rows[side]) for lane, one in enumerate(met) if side in one.rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": side,
        "x": [_percent(row) for _, row in own],
        "y": [lane for lane, _ in own],
        "customdata": [row["link"] for _, row in own],
        "text": [_hover(row, side) for _, row in own],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 10, "symbol": symbol(position), "color": colour(position)},
    }


def _hover(row: Mapping[str, object], side: str) -> str:
    task = " · ".join(str(row[key]) for key in ("metric", "task", "fraction") if row[key])
    return f"<b>{row['study']}</b> {row['arm_typed']}<br>{side}<br>{task}"


def _percent(row: Mapping[str, object]) -> float:
    scale = 100 if row["scale"] == "share" else 1
    return finite(float(str(row["arm_value"])) * scale, 4) or 0.0


def _name(one: Meeting, what: Duel) -> str:
    """The study where it is the same for both sides, the data, the amount of labels."""
    row = next(iter(one.rows.values()))
    data = str(row["task"]).split(" / ")[-1]
    parts = [str(row["study"]) if what.unit else "", data[:LONGEST], str(row["fraction"])]
    return " · ".join(part.split(" (")[0] for part in parts if part)


def _layout(met: Sequence[Meeting], what: Duel) -> PlotJson:
    names = [_name(one, what) for one in met]
    return layout(
        70 + LANE * max(len(met), 2),
        margin={"l": 8, "r": 12, "t": 12, "b": 48},
        xaxis=axis(title={"text": "value of the method, %", "font": {"size": 12}}, zeroline=False),
        yaxis=named_rows(
            names,
            count=len(met),
            tickfont={"size": 11},
        ),
    )


def _rows(met: Sequence[Meeting]) -> tuple[Mapping[str, Cell], ...]:
    return tuple(
        {column.key: str(row[column.key]) for column in COLUMNS} | {"link": str(row["link"])}
        for one in met
        for row in one.rows.values()
    )
