"""Which studies share data: they are not independent of each other, whatever a mean says."""

import math
from collections.abc import Mapping

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
)
from analytics.figures.theme import axis, colour, layout, symbol
from analytics.frames.rows import records

LANE = 24
MOST = 60
COLUMNS = (
    Column("dataset", "Data set"),
    Column("study", "Study"),
    Column("group", "Group"),
    Column("experiments", "Experiments", 0),
)


USED = ["dataset", "study_id", "study", "group"]


def shared_data(experiments: pd.DataFrame, wording: Wording, name: str = "dataset") -> Figure:
    """Draw studies against the data sets that two or more of them use.

    Args:
        experiments: `experiments_frame` with `dataset` and `group`.
        wording: The review's words.
        name: Name of the filter that leads to the rows of one data set.

    Returns:
        A line of marks per shared data set, most shared on top; the number of experiments in the
        mark's size. Spellings that differ in case or blanks only are one data set.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition; dependence of effects: Cochrane Handbook 6.5, chapter 6.2.
    """
    known = experiments.loc[experiments["dataset"] != "", USED]
    folded = known["dataset"].map(_folded)
    spelling = known.groupby(folded)["dataset"].first()
    cells = _cells(known.assign(data=folded.map(spelling)))
    users = cells.groupby("data")["study_id"].nunique().sort_values(ascending=False, kind="stable")
    shared = [str(data) for data, count in users.items() if count > 1]
    drawn = cells[cells["data"].isin(shared[:MOST])]
    studies = list(dict.fromkeys(drawn.sort_values(["group", "study"])["study_id"]))
    unknown = experiments["study_id"].nunique() - known["study_id"].nunique()
    left = [f"{counted(unknown, 'study names', 'studies name')} no data set."] if unknown else []
    if len(shared) > MOST:
        left.append(f"{len(shared) - MOST} data sets shared by fewer studies; filter to see them.")
    order = wording.order([*wording.groups, *drawn["group"]])
    present = set(drawn["group"])
    return Figure(
        key="shared-data",
        title="Studies that share a data set",
        reading=_reading(cells, shared, users, wording, name),
        plot={
            "data": _traces(drawn, shared, studies, order, wording, name),
            "layout": _layout(drawn, shared[:MOST], studies),
        },
        table=DataTable(COLUMNS, tuple(_row(row, wording, name) for row in _records(drawn))),
        left_out=tuple(left),
        is_wide=True,
        legend=tuple((g, colour(i), symbol(i)) for i, g in enumerate(order) if g in present),
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _cells(known: pd.DataFrame) -> pd.DataFrame:
    keys = ["data", "study_id", "study", "group"]
    counts = known.groupby(keys, sort=False).size().rename("experiments").reset_index()
    return counts.astype({"experiments": "int64"})


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    return records(rows)


def _row(row: Mapping[str, object], wording: Wording, name: str) -> Mapping[str, Cell]:
    return {
        "dataset": str(row["data"]),
        "study": str(row["study"]),
        "group": str(row["group"]),
        "experiments": int(str(row["experiments"])),
        "link": wording.link({name: str(row["data"])}),
    }


def _reading(
    cells: pd.DataFrame, shared: list[str], users: "pd.Series[int]", wording: Wording, name: str
) -> tuple[Part, ...]:
    if not shared:
        return (Part("No data set is used by two studies of this selection."),)
    dependent = cells[cells["data"].isin(shared)]["study_id"].nunique()
    first = shared[0]
    return (
        Part(f"{dependent} of {counted(cells['study_id'].nunique(), 'study', 'studies')} "),
        Part(f"that name their data share {counted(len(shared), 'data set')} with another; "),
        Part(f"{first} is used by "),
        Part(counted(int(users[first]), "study", "studies"), wording.link({name: first})),
        Part(" (descriptive). Their effects are not independent."),
    )


def _traces(
    drawn: pd.DataFrame,
    shared: list[str],
    studies: list[object],
    order: list[str],
    wording: Wording,
    name: str,
) -> list[PlotJson]:
    lane = {data: y for y, data in enumerate(shared)}
    place = {study: x for x, study in enumerate(studies)}
    traces: list[PlotJson] = []
    for position, group in enumerate(order):
        own = _records(drawn[drawn["group"] == group])
        if own:
            traces.append({
                "type": "scatter",
                "mode": "markers",
                "name": group,
                "x": [place[row["study_id"]] for row in own],
                "y": [lane[str(row["data"])] for row in own],
                "customdata": [wording.link({name: str(row["data"])}) for row in own],
                "text": [
                    f"<b>{row['study']}</b><br>{row['data']}<br>"
                    + counted(int(str(row["experiments"])), "experiment")
                    for row in own
                ],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "size": [_size(int(str(row["experiments"]))) for row in own],
                    "symbol": symbol(position),
                    "color": colour(position),
                    "opacity": 1,
                },
            })  # fmt: skip
    return traces


def _size(experiments: int) -> float:
    return round(min(9 + 2 * math.sqrt(experiments), 20.0), 1)


def _layout(drawn: pd.DataFrame, shared: list[str], studies: list[object]) -> PlotJson:
    names = dict(zip(drawn["study_id"], drawn["study"], strict=True))
    return layout(
        130 + LANE * max(len(shared), 2),
        xaxis=axis(
            tickmode="array",
            tickvals=list(range(len(studies))) if len(studies) <= MOST else [],
            ticktext=[str(names[study]) for study in studies] if len(studies) <= MOST else [],
            tickangle=-60,
            zeroline=False,
            range=[-0.6, max(len(studies), 1) - 0.4],
        ),
        yaxis=axis(
            tickmode="array",
            tickvals=list(range(len(shared))),
            ticktext=[data[:36] for data in shared],
            range=[max(len(shared), 1) - 0.4, -0.6],
            zeroline=False,
            ticksuffix="  ",
        ),
    )
