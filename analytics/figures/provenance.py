"""How many of the plotted values lead to their place: a quote, or a mark on the page."""

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
from analytics.figures.theme import axis, layout

BAR = 30
STATES = (
    ("both", "both values proven", "@group-4", "@on-group-4", ""),
    ("one", "one value proven", "@group-5", "@on-group-5", "/"),
    ("none", "no value proven", "@group-3", "@on-group-3", "x"),
)
LEGEND_SYMBOL = "square"


def proof_of(share: float) -> str:
    """Name how far the values of one experiment are proven.

    Args:
        share: Of both values' cells that are proven (`Cell.is_proven`), 0-1; NaN without values.

    Returns:
        `both`, `one` or `none`.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    return "both" if share == 1 else "one" if share > 0 else "none"


def provenance(experiments: pd.DataFrame, wording: Wording) -> Figure:
    """Count plotted experiments by how far their values are proven, per status.

    Args:
        experiments: With gains, `status` and `proof` (see `proof_of`).
        wording: The review's words.

    Returns:
        Stacked bars per status, and the share in the reading; each bar leads to its rows.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition.
    """
    plotted = experiments.loc[experiments["refused_reason"] == "", ["status", "proof", "proven"]]
    counts = pd.crosstab(plotted["status"], plotted["proof"])
    counts = counts.reindex(columns=[key for key, *_ in STATES], fill_value=0)
    rows = tuple(_row(str(status), line, wording) for status, line in counts.iterrows())
    columns = (
        Column("status", "Status"),
        *(Column(key, label.capitalize(), 0) for key, label, *_ in STATES),
        Column("total", "Experiments", 0),
    )
    return Figure(
        key="provenance",
        title="Provenance: which plotted values lead to their sentence",
        reading=_reading(plotted, wording),
        plot={
            "data": [_bar(counts, state, wording) for state in STATES] if len(counts) else [],
            "layout": layout(
                80 + BAR * max(len(counts), 2),
                barmode="stack",
                xaxis=axis(title={"text": "experiments", "font": {"size": 12}}, tickformat="d"),
                yaxis=axis(autorange="reversed", showgrid=False, ticksuffix="  "),
            ),
        },
        table=DataTable(columns, rows),
        legend=tuple((label, token, LEGEND_SYMBOL) for _, label, token, *_ in STATES),
        note="Proven: the value has a quote with a page or an address, or is marked on its page.",
    )


def _bar(counts: pd.DataFrame, state: tuple[str, str, str, str, str], wording: Wording) -> PlotJson:
    key, label, token, on, shape = state
    numbers = [int(value) for value in counts[key]]
    statuses = [str(status) for status in counts.index]
    return {
        "type": "bar",
        "orientation": "h",
        "name": label,
        "x": numbers,
        "y": statuses,
        "customdata": [wording.link({"status": one, "proof": key}) for one in statuses],
        "text": [str(number) if number else "" for number in numbers],
        "textposition": "inside",
        "textfont": {"color": on, "size": 11},
        "marker": {
            "color": token,
            "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "@surface",
                        "fgopacity": 0.25, "size": 7, "solidity": 0.2},
        },
        "hovertemplate": "%{y} · " + label + ": %{x}<extra></extra>",
    }  # fmt: skip


def _reading(plotted: pd.DataFrame, wording: Wording) -> tuple[Part, ...]:
    if plotted.empty:
        return (Part("No experiment of this selection is plotted."),)
    values = 2 * len(plotted)
    proven = round(2 * float(plotted["proven"].fillna(0).sum()))
    none = int((plotted["proof"] == "none").sum())
    return (
        Part(f"{100 * proven / values:.0f} % of the {values:,} plotted values lead to their "),
        Part("quote or mark; "),
        Part(counted(none, "experiment has", "experiments have"), wording.link({"proof": "none"})),
        Part(" neither for any value (descriptive)."),
    )


def _row(status: str, line: "pd.Series[int]", wording: Wording) -> Mapping[str, Cell]:
    cells: dict[str, Cell] = {key: int(line[key]) for key, *_ in STATES}
    total = int(line.sum())
    return cells | {"status": status, "total": total, "link": wording.link({"status": status})}
