"""Exactly what is plotted, point by point, and the Python lines that redraw the figure from it."""

import csv
import io
import math
import pprint
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.figures.files import FORMULA
from analytics.figures.model import Figure, PlotJson
from analytics.figures.theme import themed

NUMBER, TEXT = "number", "text"
TRACE, POINT = "trace", "point"
LINK = "customdata"  # what a point carries is the address of its rows
SCRIPT = '''"""Redraws the figure "{title}" from the points beside it.

    python3 -m pip install plotly
    python3 {key}.py {key}.points.csv {key}.html

The traces below hold the look of each series; every number and text comes out of the file.
"""

import csv
import sys

import plotly.graph_objects as go

TRACES = {traces}

LAYOUT = {layout}


def read(cell, kind):
    """A cell of the file: an apostrophe keeps a text from being run by a spreadsheet."""
    if kind == "number":
        return float(cell) if cell else None
    return cell[1:] if cell.startswith("'") else cell


def fill(look, path, values):
    """Put the values of one column where they belong in the look of a trace."""
    *outer, last = path.split(".")
    for name in outer:
        look = look.setdefault(name, {{}})
    look[last] = values


def figure(path):
    """The figure, drawn from the points in a file."""
    with open(path, encoding="utf-8", newline="") as file:
        points = list(csv.DictReader(file))
    traces = []
    for number, (look, columns) in enumerate(TRACES):
        own = [point for point in points if point["trace"] == str(number)]
        for column, kind in columns.items():
            fill(look, column, [read(point[column], kind) for point in own])
        traces.append(look)
    return go.Figure({{"data": traces, "layout": LAYOUT}})


if __name__ == "__main__":
    source = sys.argv[1] if len(sys.argv) > 1 else "{key}.points.csv"
    figure(source).write_html(sys.argv[2] if len(sys.argv) > 2 else "{key}.html")
'''


@dataclass(frozen=True, slots=True)
class Series:
    """One trace taken apart: its look, and its columns of values by their path in it."""

    look: PlotJson
    columns: Mapping[str, Sequence[object]]

    @property
    def kinds(self) -> dict[str, str]:
        """Whether each column holds numbers or texts."""
        return {path: _kind(values) for path, values in self.columns.items()}


def series_of(figure: Figure, theme: str = "light") -> list[Series]:
    """Take the traces of a figure apart.

    Args:
        figure: Any.
        theme: `light` or `dark`.

    Returns:
        One per trace. A list of the trace, at any depth of objects, is a column where it has as
        many values as the trace has points, all of them numbers (None where one is missing) or
        all of them texts; everything else is look.

    Raises:
        KeyError: The theme is unknown.

    Source:
        Own definition.
    """
    found = []
    traces = themed(figure.plot["data"], theme)
    for trace in traces if isinstance(traces, list) else []:
        columns: dict[str, Sequence[object]] = {}
        points = max((len(trace[axis]) for axis in ("x", "y") if axis in trace), default=0)
        look = _look(trace, "", points, columns)
        found.append(Series(look, columns))
    return found


def points_csv(figure: Figure) -> str:
    """Write every point of every trace.

    Args:
        figure: Any.

    Returns:
        RFC 4180 text: number of the trace and of the point from 0, the trace's name, then a column
        for each kind of value as Plotly names it (`x`, `y`, `error_x.array`, `customdata`: the
        address the point leads to, ...). Numbers keep all their digits, missing ones are empty;
        texts that a spreadsheet would run, and those that begin with an apostrophe, get one in
        front.

    Raises:
        ValueError: A number is not finite.

    Source:
        Own definition; OWASP ASVS 5.0, 1.2.10.
    """
    traces = series_of(figure)
    paths = list(dict.fromkeys(path for one in traces for path in one.columns))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([TRACE, POINT, "name", *paths])
    for number, one in enumerate(traces):
        name = guarded(str(one.look.get("name") or ""))
        for point, values in enumerate(_rows(one, paths)):
            writer.writerow([number, point, name, *values])
    return out.getvalue()


def script_of(figure: Figure, theme: str = "light") -> str:
    """Write the Python lines that draw the figure again from `points_csv`.

    Args:
        figure: Any.
        theme: `light` or `dark`.

    Returns:
        A script that needs Plotly and nothing else; its `figure(path)` gives the same traces.

    Raises:
        KeyError: The theme is unknown.

    Source:
        Own definition.
    """
    traces = [(one.look, one.kinds) for one in series_of(figure, theme)]
    title = figure.title.replace("\\", "").replace('"', "'")
    return SCRIPT.format(
        title=title,
        key=figure.key,
        traces=_literal(traces),
        layout=_literal(themed(figure.plot["layout"], theme)),
    )


def guarded(text: str) -> str:
    """Keep a spreadsheet from running a text, so that reading gives the text back.

    Args:
        text: Any.

    Returns:
        The text with an apostrophe in front where it begins like a formula or with an apostrophe.

    Raises:
        ValueError: Never.

    Source:
        Own definition; OWASP ASVS 5.0, 1.2.10.
    """
    return f"'{text}" if text.startswith("'") or FORMULA.match(text) else text


def _rows(one: Series, paths: Sequence[str]) -> Iterator[list[object]]:
    length = max(map(len, one.columns.values()), default=0)
    for point in range(length):
        yield [_cell(one.columns[path][point]) if path in one.columns else "" for path in paths]


def _cell(value: object) -> object:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number that can be plotted")
    return "" if value is None else value


def _look(
    part: Mapping[str, object], path: str, points: int, columns: dict[str, Sequence[object]]
) -> PlotJson:
    """A trace without its columns, which are put aside by their path."""
    kept: PlotJson = {}
    for key, value in part.items():
        here = f"{path}{key}"
        if isinstance(value, Mapping):
            kept[key] = _look(value, f"{here}.", points, columns)
        elif isinstance(value, list) and len(value) == points and _kind(value):
            columns[here] = value
        else:
            kept[key] = value
    return kept


def _kind(values: Sequence[object]) -> str:
    if all(isinstance(one, str) for one in values):
        return TEXT
    numbers = all(one is None or isinstance(one, int | float) for one in values)
    return NUMBER if numbers and not any(isinstance(one, bool) for one in values) else ""


def _literal(value: object) -> str:
    return pprint.pformat(value, width=100, sort_dicts=False)
