"""The files a figure can be taken away as, by the ending of their names."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from analytics.figures.files import csv_of, json_of, page_of
from analytics.figures.model import Figure
from analytics.figures.points import points_csv, script_of


class Download(NamedTuple):
    """One kind of file: its media type, and what writes it in the colours of a theme."""

    media_type: str
    write: Callable[[Figure, str], str]


CSV = "text/csv; charset=utf-8"
DOWNLOADS: Mapping[str, Download] = {
    "csv": Download(CSV, lambda figure, _theme: csv_of(figure.table)),
    "points.csv": Download(CSV, lambda figure, _theme: points_csv(figure)),
    "py": Download("text/x-python; charset=utf-8", script_of),
    "html": Download("text/html; charset=utf-8", page_of),
    "json": Download("application/json", json_of),
}
