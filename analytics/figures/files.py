"""Figures as files: the plotted rows as CSV, the figure as JSON and as an offline page."""

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

import plotly.io as plotly_io

from analytics.figures.model import DataTable, Figure
from analytics.figures.theme import themed

FORMULA = re.compile(r"^[\s\x00]*[=+\-@\t\r\n＝＋－＠]")


def csv_of(table: DataTable) -> str:
    """Write a data table.

    Args:
        table: Of a figure.

    Returns:
        RFC 4180 text with a header; texts that a spreadsheet would run as a formula begin with
        an apostrophe, numbers stay numbers, missing values are empty.

    Raises:
        ValueError: Never.

    Source:
        OWASP ASVS 5.0, 1.2.10.
    """
    return rows_as_csv([column.key for column in table.columns], table.rows)


def rows_as_csv(fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Write rows under named columns.

    Args:
        fields: Keys of the columns in order, which are also the header.
        rows: Values by key; every key of `fields` is there.

    Returns:
        As `csv_of`.

    Raises:
        KeyError: A row lacks a key.

    Source:
        OWASP ASVS 5.0, 1.2.10.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(fields)
    writer.writerows([harmless(row[key]) for key in fields] for row in rows)
    return out.getvalue()


def json_of(figure: Figure, theme: str = "light") -> str:
    """Write a figure as Plotly reads it.

    Args:
        figure: Any.
        theme: `light` or `dark`.

    Returns:
        JSON without NaN or Infinity.

    Raises:
        ValueError: A number is not finite.

    Source:
        Plotly's figure schema.
    """
    return json.dumps(themed(figure.plot, theme), allow_nan=False, ensure_ascii=False, indent=1)


def page_of(figure: Figure, theme: str = "light", *, is_whole: bool = True) -> str:
    """Write a page that draws the figure offline.

    Args:
        figure: Any.
        theme: `light` or `dark`.
        is_whole: Whether plotly.js is written into the page, which then is one file of some MB;
            otherwise the page takes it from a copy of `plotly.min.js` beside it.

    Returns:
        An HTML document.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    plot = plotly_io.to_html(
        json.loads(json_of(figure, theme)),
        include_plotlyjs=True if is_whole else "directory",
        full_html=False,
        validate=False,
        div_id=f"figure-{figure.key}",  # a chance one would make two files of one figure differ
        config={"displaylogo": False},
    )
    notes = "".join(f"<li>{html.escape(text)}</li>" for text in figure.left_out)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(figure.title)}</title></head>\n<body>"
        f"<h1>{html.escape(figure.title)}</h1>\n<p>{html.escape(figure.sentence)}</p>\n{plot}\n"
        f"<ul>{notes}</ul>\n</body></html>\n"
    )


def harmless(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula.

    Args:
        value: Any cell.

    Returns:
        The text with an apostrophe in front where it begins like a formula, also after blanks
        and in full width; numbers as they are; an empty text for None.

    Raises:
        ValueError: Never.

    Source:
        OWASP ASVS 5.0, 1.2.10.
    """
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value
