"""A table as CSV, JSON, Markdown, LaTeX and HTML text."""

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from html import escape

from analytics.tables.model import EMPTY, Column, Row, Table
from analytics.tables.provenance import evidence_of
from screening.rules.spreadsheets import harmless

LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "−": "$-$",
    "±": r"$\pm$",
    "–": "--",
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_BLANKS = re.compile(r"\s+")
NOT_STATED = "Not stated"


def to_csv(table: Table) -> str:
    """Write RFC 4180 CSV: a header of column keys, CRLF, text that is no formula.

    Args:
        table: Any table.

    Returns:
        The text, to be encoded as UTF-8. An unknown value is an empty cell; numbers keep the
        digits they were extracted with.

    Source:
        RFC 4180; OWASP ASVS 5.0, 1.2.10.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        writer.writerow([harmless(row.text(column.key)) for column in table.columns])
    return out.getvalue()


def to_json(table: Table) -> str:
    """Write JSON: title, columns, and rows by column key with the evidence of each value.

    Args:
        table: Any table; provenance columns are not needed, the evidence is always there.

    Returns:
        The text; unknown values are null, numbers are numbers, and `evidence` holds their digits
        as extracted under `text`.
    """
    document = {
        "title": table.title,
        "columns": [{"key": column.key, "label": column.label} for column in table.columns],
        "rows": [_json_row(table, row) for row in table.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def to_markdown(table: Table) -> str:
    """Write a Markdown table; nothing in a cell is taken for markup.

    Args:
        table: Any table.

    Returns:
        The text, one line per row; numbers to the right.
    """
    lines = [
        _markdown_line([column.label for column in table.columns]),
        f"|{'|'.join('---:' if column.is_number else '---' for column in table.columns)}|",
    ]
    lines += [
        _markdown_line([row.text(column.key) for column in table.columns]) for row in table.rows
    ]
    return "\n".join(lines) + "\n"


def to_latex(table: Table) -> str:
    """Write a LaTeX longtable with booktabs lines and one heading per group.

    Args:
        table: Any table.

    Returns:
        The text; needs the packages longtable, booktabs and pdflscape. The group stands in a
        heading, not in a column.
    """
    columns = [column for column in table.columns if column.key != table.group_column]
    share = f"{0.96 / max(len(columns), 1):.3f}"
    kinds = "".join(_latex_kind(column, share) for column in columns)
    head = " & ".join(rf"\textbf{{{_latex(column.label)}}}" for column in columns)
    lines = [
        "% needs \\usepackage{longtable,booktabs,pdflscape,array}",
        r"\begin{landscape}",
        r"\scriptsize",
        rf"\begin{{longtable}}{{{kinds}}}",
        rf"\caption{{{_latex(table.title)}}}\\",
        rf"\toprule {head} \\ \midrule \endhead",
    ]
    for group, rows in table.groups():
        if table.group_column:
            words = _latex(group or NOT_STATED)
            lines.append(rf"\multicolumn{{{len(columns)}}}{{l}}{{\textbf{{{words}}}}} \\")
        lines += [" & ".join(_latex(row.text(one.key)) for one in columns) + r" \\" for row in rows]
    lines += [r"\bottomrule", r"\end{longtable}", r"\end{landscape}"]
    return "\n".join(lines) + "\n"


def to_html(table: Table) -> str:
    """Write an HTML document that holds only the table.

    Args:
        table: Any table.

    Returns:
        The text; no script, no address outside, everything escaped. The group stands in a heading
        row, not in a column.
    """
    columns = [column for column in table.columns if column.key != table.group_column]
    head = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in columns)
    bodies = "".join(_html_group(table, group, rows, columns) for group, rows in table.groups())
    title = escape(table.title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><table><caption>{title}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n{bodies}</table></body></html>\n"
    )


def _json_row(table: Table, row: Row) -> dict[str, object]:
    evidence = {
        column.key: {"text": value.text, **evidence_of(value.cell)}
        for column in table.columns
        if (value := row.values.get(column.key, EMPTY)).cell
    }
    values = {column.key: _json_value(column, row.text(column.key)) for column in table.columns}
    return {**values, "trace": list(row.trace), "evidence": evidence}


def _json_value(column: Column, text: str) -> object:
    if not text:
        return None
    number = as_number(text) if column.is_number else None
    if number is None:
        return text
    return int(number) if text.isdigit() else number


def as_number(text: str) -> float | None:
    """The number a text is, or nothing.

    Args:
        text: A cell's text.

    Returns:
        A finite number; nothing for anything else, `1_000` and `nan` included.
    """
    if not text.isascii() or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _markdown_line(cells: list[str]) -> str:
    plain = [_BLANKS.sub(" ", _MARKDOWN.sub(r"\\\1", cell)) for cell in cells]
    return f"| {' | '.join(plain)} |"


def _latex(text: str) -> str:
    return _BLANKS.sub(" ", "".join(LATEX.get(letter, letter) for letter in text))


def _latex_kind(column: Column, share: str) -> str:
    return "r" if column.is_number else rf">{{\raggedright\arraybackslash}}p{{{share}\linewidth}}"


def _html_group(table: Table, group: str, rows: Sequence[Row], columns: list[Column]) -> str:
    lines = ["<tbody>"]
    if table.group_column:
        words = escape(group or NOT_STATED)
        lines.append(f'<tr><th colspan="{len(columns)}" scope="rowgroup">{words}</th></tr>\n')
    for row in rows:
        cells = "".join(f"<td>{escape(row.text(column.key))}</td>" for column in columns)
        lines.append(f"<tr>{cells}</tr>\n")
    return "".join([*lines, "</tbody>\n"])
