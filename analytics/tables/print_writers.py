"""A table for people: Markdown, LaTeX and HTML, with units, signs and numbered footnotes."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from analytics.tables.footnotes import Footnotes, footnotes_of
from analytics.tables.latex import latex_text, unset_letters
from analytics.tables.model import EMPTY, Column, Row, Table
from analytics.tables.words import printed

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#])")
_BLANKS = re.compile(r"\s+")


NOT_STATED = "Not stated"
LINE, PADDING = 150, 1.5  # letters of a printed line, and beside a column
LONGEST_WORD, LONGEST_NUMBER = 7, 12  # a longer word is parted by TeX
HALVINGS = 40
NUMBER = "Table 1. "  # LaTeX gives the number of a table itself


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
        The text; needs the packages longtable, booktabs, array and pdflscape; pdfLaTeX also the T1
        encoding. The group stands in a heading, not in a column; footnotes stand under the table.
        The first lines say what is needed, and which letters pdfLaTeX cannot set.
    """
    columns = columns_in_print(table)
    notes = footnotes_of(table, columns)
    kinds = _latex_kinds(table, columns)
    head = " & ".join(
        rf"\textbf{{{latex_text(one.label)}}}{_latex_mark(notes.of(one))}" for one in columns
    )
    lines = [
        r"% needs \usepackage{longtable,booktabs,pdflscape,array}; pdfLaTeX also",
        r"% \usepackage[T1]{fontenc}, with which XeLaTeX and LuaLaTeX would leave letters out;",
        r"% many columns want narrow margins, e.g. \usepackage[margin=1.5cm]{geometry}",
        *_latex_warning(table, columns, notes),
        r"\begin{landscape}",
        r"\scriptsize\setlength{\tabcolsep}{2pt}",
        rf"\begin{{longtable}}{{{kinds}}}",
        rf"\caption{{{latex_text(table.title.removeprefix(NUMBER))}}}\\",
        rf"\toprule {head} \\ \midrule \endhead",
    ]
    for group, rows in table.groups():
        if table.group_column:
            words = latex_text(group or NOT_STATED)
            lines.append(rf"\multicolumn{{{len(columns)}}}{{l}}{{\textbf{{{words}}}}} \\*")
        lines += [_latex_row(row, columns, notes) for row in rows]
    lines += [r"\bottomrule", r"\end{longtable}"]
    lines += [
        rf"\noindent\textsuperscript{{{number}}} {latex_text(text)}\par"
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


def _latex_warning(table: Table, columns: Sequence[Column], notes: Footnotes) -> Iterator[str]:
    texts = [table.title, *notes.texts, *(one.label for one in columns)]
    texts += [row.group for row in table.rows]
    texts += [words_at(row, one) for row in table.rows for one in columns]
    if unset := unset_letters(texts):
        yield "% pdfLaTeX cannot set these letters; take XeLaTeX or LuaLaTeX (without fontenc) and"
        yield f"% a font that has them: {unset}"


def _latex_mark(numbers: tuple[int, ...]) -> str:
    return rf"\textsuperscript{{{','.join(map(str, numbers))}}}" if numbers else ""


def _latex_row(row: Row, columns: Sequence[Column], notes: Footnotes) -> str:
    cells = [latex_text(words_at(row, one)) + _latex_mark(notes.of(one, row)) for one in columns]
    return " & ".join(cells) + r" \\"


def _latex_kinds(table: Table, columns: Sequence[Column]) -> str:
    """Columns as wide as keeps rows low: none needs many more lines than the others.

    The first word of a paragraph is never parted, so an empty space stands before it.
    """
    texts = [[one.label, *(words_at(row, one) for row in table.rows)] for one in columns]
    needed = [_needed(one, own) for one, own in zip(columns, texts, strict=True)]
    widths = _widths(needed, [_usual_length(own) for own in texts])
    sides = ["left" if one.is_number else "right" for one in columns]
    return "".join(
        rf">{{\ragged{side}\arraybackslash\nobreak\hspace{{0pt}}}}"
        rf"p{{\dimexpr{width / sum(widths):.4f}\linewidth-2\tabcolsep\relax}}"
        for side, width in zip(sides, widths, strict=True)
    )


def _widths(needed: Sequence[float], lengths: Sequence[float]) -> list[float]:
    """Room for the longest word of each column, and for as many lines of text in all of them."""

    def at(lines: float) -> list[float]:
        both = zip(needed, lengths, strict=True)
        return [max(least, length / lines) for least, length in both]

    few, many = 0.1, max([1.0, *lengths])
    for _ in range(HALVINGS):
        middle = (few + many) / 2
        few, many = (few, middle) if sum(at(middle)) < LINE else (middle, many)
    return at(many)


def _usual_length(texts: Sequence[str]) -> float:
    """Letters that four of five texts do not exceed."""
    lengths = sorted(map(len, texts))
    return float(lengths[len(lengths) * 4 // 5])


def _needed(column: Column, texts: Sequence[str]) -> float:
    """Room for a column's longest number, or for as much of a word as TeX leaves whole."""
    head, *said = (max(map(len, text.split()), default=0) for text in texts)
    most = LONGEST_NUMBER if column.is_number else LONGEST_WORD
    return max(min(head, LONGEST_WORD), min(max(said, default=0), most)) + PADDING


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
