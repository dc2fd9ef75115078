"""A table for people: Markdown, LaTeX and HTML, with units, signs and numbered footnotes."""

import re
from collections.abc import Sequence
from html import escape

from analytics.tables.footnotes import Footnotes, footnotes_of
from analytics.tables.model import EMPTY, Column, Row, Table
from analytics.tables.words import printed

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


def words_at(row: Row, column: Column) -> str:
    """A cell for people.

    Args:
        row: A row.
        column: One of its table's columns.

    Returns:
        A computed number rounded and with its sign, an extracted one with its unit, a part of the
        evidence as it is.
    """
    if column.part:
        return row.said(column)
    value = row.values.get(column.key, EMPTY)
    unit = value.cell.unit if value.cell and column.is_number else ""
    return printed(column.key, value.text, unit)[0]


def columns_in_print(table: Table) -> tuple[Column, ...]:
    """The columns of a table whose groups stand in headings.

    Args:
        table: Any table.

    Returns:
        All but the column of the groups.
    """
    return tuple(column for column in table.columns if column.key != table.group_column)


def to_markdown(table: Table) -> str:
    """Write a Markdown table; nothing in a cell is taken for markup.

    Args:
        table: Any table.

    Returns:
        The text, one line per row; numbers to the right; footnotes as `[^1]`.
    """
    notes = footnotes_of(table)
    lines = [
        _markdown_line([(one.label, notes.of(one)) for one in table.columns]),
        f"|{'|'.join('---:' if column.is_number else '---' for column in table.columns)}|",
    ]
    lines += [
        _markdown_line([(words_at(row, one), notes.of(one, row)) for one in table.columns])
        for row in table.rows
    ]
    lines += [f"\n[^{number}]: {_markdown(text)}" for number, text in notes.numbered]
    return "\n".join(lines) + "\n"


def to_latex(table: Table) -> str:
    """Write a LaTeX longtable with booktabs lines and one heading per group.

    Args:
        table: Any table.

    Returns:
        The text; needs the packages longtable, booktabs, array and pdflscape. The group stands in
        a heading, not in a column; footnotes stand under the table.
    """
    columns = columns_in_print(table)
    notes = footnotes_of(table, columns)
    share = f"{0.96 / max(len(columns), 1):.3f}"
    kinds = "".join(_latex_kind(column, share) for column in columns)
    head = " & ".join(
        rf"\textbf{{{_latex(one.label)}}}{_latex_mark(notes.of(one))}" for one in columns
    )
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
        lines += [_latex_row(row, columns, notes) for row in rows]
    lines += [r"\bottomrule", r"\end{longtable}"]
    lines += [
        rf"\noindent\textsuperscript{{{number}}} {_latex(text)}\par"
        for number, text in notes.numbered
    ]
    return "\n".join([*lines, r"\end{landscape}"]) + "\n"


def to_html(table: Table) -> str:
    """Write an HTML document that holds only the table and its footnotes.

    Args:
        table: Any table.

    Returns:
        The text; no script, no address outside, everything escaped. The group stands in a heading
        row, not in a column.
    """
    columns = columns_in_print(table)
    notes = footnotes_of(table, columns)
    head = "".join(
        f'<th scope="col">{escape(one.label)}{_html_mark(notes.of(one))}</th>' for one in columns
    )
    bodies = "".join(
        _html_group(table, group, _html_rows(rows, columns, notes), len(columns))
        for group, rows in table.groups()
    )
    title = escape(table.title)
    under = "".join(
        f'<p id="footnote-{number}"><sup>{number}</sup> {escape(text)}</p>\n'
        for number, text in notes.numbered
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><table><caption>{title}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n{bodies}</table>\n{under}</body></html>\n"
    )


def _markdown_line(cells: list[tuple[str, tuple[int, ...]]]) -> str:
    plain = [
        _markdown(text) + "".join(f"[^{number}]" for number in numbers) for text, numbers in cells
    ]
    return f"| {' | '.join(plain)} |"


def _markdown(text: str) -> str:
    return _BLANKS.sub(" ", _MARKDOWN.sub(r"\\\1", text))


def _latex(text: str) -> str:
    return _BLANKS.sub(" ", "".join(LATEX.get(letter, letter) for letter in text))


def _latex_mark(numbers: tuple[int, ...]) -> str:
    return rf"\textsuperscript{{{','.join(map(str, numbers))}}}" if numbers else ""


def _latex_row(row: Row, columns: Sequence[Column], notes: Footnotes) -> str:
    cells = [_latex(words_at(row, one)) + _latex_mark(notes.of(one, row)) for one in columns]
    return " & ".join(cells) + r" \\"


def _latex_kind(column: Column, share: str) -> str:
    return "r" if column.is_number else rf">{{\raggedright\arraybackslash}}p{{{share}\linewidth}}"


def _html_mark(numbers: tuple[int, ...]) -> str:
    links = ", ".join(f'<a href="#footnote-{number}">{number}</a>' for number in numbers)
    return f"<sup>{links}</sup>" if links else ""


def _html_rows(rows: Sequence[Row], columns: Sequence[Column], notes: Footnotes) -> str:
    lines = []
    for row in rows:
        cells = "".join(
            f"<td>{escape(words_at(row, one))}{_html_mark(notes.of(one, row))}</td>"
            for one in columns
        )
        lines.append(f"<tr>{cells}</tr>\n")
    return "".join(lines)


def _html_group(table: Table, group: str, rows: str, width: int) -> str:
    head = ""
    if table.group_column:
        words = escape(group or NOT_STATED)
        head = f'<tr><th colspan="{width}" scope="rowgroup">{words}</th></tr>\n'
    return f"<tbody>{head}{rows}</tbody>\n"
