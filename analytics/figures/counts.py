"""How many studies there are: by category and group, by year, and where nothing is (3A, 3B)."""

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
from analytics.figures.theme import axis, colour, layout, pattern, symbol
from analytics.frames.filters import only

BAR = 29
BUBBLE = 34  # pixels for the largest, across and down
BESIDE_BUBBLES = 160
SEVERAL = "several"
NOT_STATED = "not stated"


def counts_by(
    studies: pd.DataFrame, field: str, label: str, wording: Wording, name: str = ""
) -> Figure:
    """Count studies per value of a category, stacked by group.

    Args:
        studies: `studies_frame` with a `group` column.
        field: Key of a study-level field; the column `study.<field>` is read. Studies with
            several values are counted once, under "several".
        label: The category's name.
        wording: The review's words.
        name: Name of the filter that leads to the rows; `field` without it.

    Returns:
        Horizontal bars, most frequent value on top, "several" and "not stated" last.

    Raises:
        KeyError: The frame has no such column.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figures 3A and 3B.
    """
    kinds = studies[f"study.{field}"].map(_single)
    table = pd.crosstab(kinds, studies["group"])
    table = table.loc[_order(table.sum(axis=1))]
    groups = wording.order(list(table.columns))
    plot: PlotJson = {
        "data": [
            _bar(
                table,
                group,
                wording.order([*wording.groups, *groups]).index(group),
                _linker(wording, name or field),
            )
            for group in groups
        ],
        "layout": _layout(table, counted(len(studies), "study", "studies")),
    }
    return Figure(
        key=counts_key(field),
        title=f"{label} by {wording.group.lower()}",
        reading=_reading(table, label, wording, name or field),
        plot=plot,
        table=_table(table, label, groups, _linker(wording, name or field)),
        left_out=_left_out(table, label),
        legend=_legend(groups, wording),
    )


def counts_key(field: str) -> str:
    """Name the figure of `counts_by` for a field."""
    return f"{field.replace('_', '-')}-by-group"


def per_year(studies: pd.DataFrame, wording: Wording) -> Figure:
    """Count studies per year of publication, stacked by group.

    Args:
        studies: `studies_frame` with a `group` column.
        wording: The review's words.

    Returns:
        Vertical bars, years without a study inside the span kept as gaps.

    Raises:
        ValueError: Never.

    Source:
        Huang et al. 2023, npj Digital Medicine 6:74, figure 1.
    """
    dated = studies[studies["year"].notna()]
    years = [int(year) for year in dated["year"]]
    span = list(range(min(years), max(years) + 1)) if years else []
    table = pd.crosstab(dated["year"].astype("int64"), dated["group"])
    table = table.reindex(span, fill_value=0)
    groups = wording.order(list(table.columns))
    order = wording.order([*wording.groups, *groups])
    link = _linker(wording, "year")
    data = [_upright(_bar(table, group, order.index(group), link)) for group in groups]
    undated = len(studies) - len(dated)
    peak = table.sum(axis=1)
    said = [Part("No study has a year.")]
    if span:
        top = span[int(peak.to_numpy().argmax())]
        said = [
            Part(f"{counted(int(peak.max()), 'study', 'studies')}", link(str(top), "")),
            Part(f" of {len(dated)} appeared in {top}, the year with the most."),
        ]
    return Figure(
        key="studies-per-year",
        title="Studies per year",
        reading=tuple(said),
        plot={"data": data, "layout": _year_layout(span)},
        table=_table(table, "Year", groups, link),
        left_out=(f"{counted(undated, 'study has', 'studies have')} no year.",) if undated else (),
        legend=_legend(groups, wording),
    )


def evidence_map(
    studies: pd.DataFrame,
    fields: tuple[str, str],
    labels: tuple[str, str],
    wording: Wording,
    names: tuple[str, str] | None = None,
    key: str = "evidence-map",
) -> Figure:
    """Cross two categories: the size of a bubble is the number of studies, gaps stay visible.

    Args:
        studies: `studies_frame` with a `group` column.
        fields: Keys of two study-level fields: rows and columns.
        labels: Their names.
        wording: The review's words.
        names: Names of the filters that lead to the rows; `fields` without them.
        key: Stable name of the figure.

    Returns:
        Bubbles with their counts; empty cells carry a small cross.

    Raises:
        KeyError: The frame has no such column.

    Source:
        Own definition (evidence map).
    """
    kinds = [studies[f"study.{field}"].map(_single) for field in fields]
    table = pd.crosstab(kinds[0], kinds[1])
    table = table.loc[_order(table.sum(axis=1)), _order(table.sum(axis=0))]
    cells = [
        (str(row), str(column), int(table.loc[row, column]))
        for row in table.index
        for column in table.columns
    ]
    link = wording.link
    down, across = names or fields
    points = [
        (row, column, n, link({down: only(row), across: only(column)})) for row, column, n in cells
    ]
    filled = [point for point in points if point[2]]
    empty = [point for point in points if not point[2]]
    biggest = max((n for _, _, n, _ in filled), default=1)
    crossed = f"{labels[0].lower()} and {labels[1].lower()}"
    said = f"{len(empty)} of {counted(len(cells), 'combination')} of {crossed} have no study."
    rows: tuple[Mapping[str, Cell], ...] = tuple(
        {"row": row, "column": column, "count": n, "link": target}
        for row, column, n, target in filled
    )
    columns = (Column("row", labels[0]), Column("column", labels[1]), Column("count", "Studies", 0))
    data = [_bubbles(filled, biggest), _crosses(empty)]
    return Figure(
        key=key,
        title=f"{labels[0]} by {labels[1].lower()}: where there is evidence",
        reading=(Part(said),),
        plot={
            "data": [trace for trace in data if trace["x"]],
            "layout": layout(
                90 + BUBBLE * len(table),
                meta={"least_width": BESIDE_BUBBLES + BUBBLE * len(table.columns)},
                xaxis=axis(showgrid=False, tickangle=-35),
                yaxis=axis(autorange="reversed"),
            ),
        },
        table=DataTable(columns, rows),
        is_wide=True,
    )


def _bubbles(points: list[tuple[str, str, int, str]], biggest: int) -> PlotJson:
    sizes = [10 + 20 * (n / biggest) ** 0.5 for _, _, n, _ in points]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [column for _, column, _, _ in points],
        "y": [row for row, _, _, _ in points],
        "text": [str(n) for _, _, n, _ in points],
        "textfont": {"color": "@on-group-2", "size": 11},
        "customdata": [target for _, _, _, target in points],
        "marker": {"size": [round(size, 1) for size in sizes], "color": "@group-2", "opacity": 1},
        "hovertemplate": "%{y} · %{x}: %{text}<extra></extra>",
    }


def _crosses(points: list[tuple[str, str, int, str]]) -> PlotJson:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [column for _, column, _, _ in points],
        "y": [row for row, _, _, _ in points],
        "marker": {"size": 5, "symbol": "x-thin-open", "color": "@ink-3", "opacity": 0.6},
        "hovertemplate": "%{y} · %{x}: no study<extra></extra>",
    }


def _single(value: str) -> str:
    return SEVERAL if "; " in value else value


def _order(totals: "pd.Series[int]") -> list[str]:
    last = [name for name in (SEVERAL, NOT_STATED) if name in totals.index]
    first = [str(name) for name in totals.sort_values(ascending=False, kind="stable").index]
    return [name for name in first if name not in last] + last


class _Linker:
    """Makes the address of the studies behind one bar."""

    def __init__(self, wording: Wording, name: str) -> None:
        self.wording = wording
        self.name = name

    def __call__(self, value: str, group: str) -> str:
        exact = only(value) if self.name != "year" else value
        chosen = {self.name: exact} | ({"group": group} if group else {})
        return self.wording.link(chosen)


def _linker(wording: Wording, name: str) -> _Linker:
    return _Linker(wording, name)


def _bar(table: pd.DataFrame, group: str, position: int, link: _Linker) -> PlotJson:
    counts = [int(count) for count in table[group]]
    names = [str(name) for name in table.index]
    return {
        "type": "bar",
        "orientation": "h",
        "name": group,
        "x": counts,
        "y": names,
        "customdata": [link(name, group) for name in names],
        "text": [str(count) if count else "" for count in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": f"@on-{colour(position)[1:]}", "size": 11},
        "marker": {
            "color": colour(position),
            "line": {"color": "@surface", "width": 1},
            "pattern": {
                "shape": pattern(position),
                "fillmode": "overlay",
                "fgcolor": "@surface",
                "fgopacity": 0.25,
                "size": 7,
                "solidity": 0.2,
            },
        },
        "hovertemplate": "%{y} · " + group + ": %{x}<extra></extra>",
    }  # fmt: skip


def _upright(bar: PlotJson) -> PlotJson:
    template = str(bar["hovertemplate"]).replace("%{y}", "%{X}").replace("%{x}", "%{y}")
    turned = {"orientation": "v", "x": bar["y"], "y": bar["x"]}
    return bar | turned | {"hovertemplate": template.replace("%{X}", "%{x}")}


def _layout(table: pd.DataFrame, total: str) -> PlotJson:
    return layout(
        70 + BAR * len(table),
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        xaxis=axis(title={"text": f"studies ({total})", "font": {"size": 12}}, tickformat="d"),
        yaxis=axis(autorange="reversed", showgrid=False, ticksuffix="  "),
    )


def _year_layout(span: list[int]) -> PlotJson:
    names = [str(year) for year in span]
    return layout(
        300,
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        xaxis=axis(type="category", categoryorder="array", categoryarray=names, showgrid=False),
        yaxis=axis(tickformat="d", title={"text": "studies", "font": {"size": 12}}),
    )


def _reading(table: pd.DataFrame, label: str, wording: Wording, name: str) -> tuple[Part, ...]:
    totals = table.sum(axis=1)
    named = [kind for kind in table.index if kind not in {SEVERAL, NOT_STATED}]
    if not named:
        return (Part(f"No study states its {label.lower()}."),)
    first = str(named[0])
    stated = int(totals.sum()) - int(totals.get(NOT_STATED, 0))
    return (
        Part(f"{first} leads with "),
        Part(counted(int(totals[first]), "study", "studies"), wording.link({name: only(first)})),
        Part(f" of {stated} that state their {label.lower()}; {len(named)} values occur."),
    )


def _table(table: pd.DataFrame, label: str, groups: list[str], link: _Linker) -> DataTable:
    columns = (
        Column("kind", label),
        *(Column(group, group, 0) for group in groups),
        Column("total", "Total", 0),
    )
    rows: list[Mapping[str, Cell]] = []
    for kind, counts in table.iterrows():
        cells: dict[str, Cell] = {group: int(counts[group]) for group in groups}
        cells |= {"kind": str(kind), "total": int(counts.sum()), "link": link(str(kind), "")}
        rows.append(cells)
    return DataTable(columns, tuple(rows))


def _left_out(table: pd.DataFrame, label: str) -> tuple[str, ...]:
    totals = table.sum(axis=1)
    said = []
    if SEVERAL in totals.index:
        words = counted(int(totals[SEVERAL]), "study has", "studies have")
        said.append(f"{words} more than one value and stand under “{SEVERAL}”, each counted once.")
    if NOT_STATED in totals.index:
        words = counted(int(totals[NOT_STATED]), "study has", "studies have")
        said.append(f"{words} no {label.lower()} on record.")
    return tuple(said)


def _legend(groups: list[str], wording: Wording) -> tuple[tuple[str, str, str], ...]:
    order = wording.order([*wording.groups, *groups])
    return tuple((name, colour(order.index(name)), symbol(order.index(name))) for name in groups)
