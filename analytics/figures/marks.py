"""Small pieces that figures of single effects share: points with links, cells, link makers."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.figures.model import Cell, Column, PlotJson, Wording, finite, signed
from analytics.figures.theme import colour, symbol
from analytics.frames.rows import records

DESCRIPTIVE = "descriptive"
SIZE = 10
TEXT = ("study", "relative_gain", "arm_typed", "other_typed", "metric", "task", "fraction")


def group_points(
    rows: pd.DataFrame, x: str, y: str, wording: Wording, texts: Sequence[str]
) -> list[PlotJson]:
    """One trace per group, in the group's colour and symbol.

    Args:
        rows: With `group`, `link` and both columns.
        x: Column of the horizontal axis.
        y: Column of the vertical axis.
        wording: The review's words.
        texts: What is shown beside the pointer, one per row.

    Returns:
        Plotly traces; groups without a row have none.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition.
    """
    order = wording.order([*wording.groups, *rows["group"]])
    shown = pd.Series(list(texts), index=rows.index, dtype="object")
    traces: list[PlotJson] = []
    for position, group in enumerate(order):
        own = rows[rows["group"] == group]
        if own.empty:
            continue
        traces.append({
            "type": "scatter",
            "mode": "markers",
            "name": group,
            "x": [finite(value, 4) for value in own[x]],
            "y": [finite(value, 4) for value in own[y]],
            "customdata": own["link"].tolist(),
            "text": shown.loc[own.index].tolist(),
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": SIZE, "symbol": symbol(position), "color": colour(position)},
        })  # fmt: skip
    return traces


def legend_of(rows: pd.DataFrame, wording: Wording) -> tuple[tuple[str, str, str], ...]:
    """Entries of the legend for the groups that occur.

    Args:
        rows: With `group`.
        wording: The review's words.

    Returns:
        Label, colour token and symbol of each group.

    Raises:
        KeyError: The column is missing.

    Source:
        Own definition.
    """
    order = wording.order([*wording.groups, *rows["group"]])
    present = set(rows["group"])
    return tuple((one, colour(i), symbol(i)) for i, one in enumerate(order) if one in present)


def table_rows(rows: pd.DataFrame, columns: Sequence[Column]) -> tuple[Mapping[str, Cell], ...]:
    """Rows of a data table, one per effect, each with its link.

    Args:
        rows: With `link` and a column for each of `columns`.
        columns: Of the table.

    Returns:
        Numbers rounded and None where they are missing, everything else as text.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition.
    """
    return tuple(
        {one.key: _cell(row[one.key], one) for one in columns} | {"link": str(row["link"])}
        for row in records(rows, [*(one.key for one in columns), "link"])
    )


def _cell(value: object, column: Column) -> Cell:
    return finite(value) if column.digits is not None else str(value)


def gain_text(row: Mapping[str, object]) -> str:
    """What stands beside the pointer on one effect: study, gain, both values, what was measured.

    Args:
        row: Of a frame with gains.

    Returns:
        Lines parted by `<br>`; texts of extractors are escaped.

    Raises:
        KeyError: A column is missing.

    Source:
        Own definition.
    """
    gain = signed(float(str(row["relative_gain"])))
    lines = [f"<b>{plain(row['study'])}</b> {gain}"]
    lines.append(f"{plain(row['arm_typed'])} against {plain(row['other_typed'])}")
    parts = [plain(row[key]) for key in ("metric", "task", "fraction") if row[key]]
    return "<br>".join([*lines, " · ".join(parts)])


def plain(value: object) -> str:
    """Keep a text from being read as Plotly's own markup.

    Args:
        value: Any text of an extractor.

    Returns:
        The text with its angle brackets escaped.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    return str(value).replace("<", "&lt;").replace(">", "&gt;")
