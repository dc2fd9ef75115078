"""A table as a Word file."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analytics.tables.footnotes import footnotes_of
from analytics.tables.model import Table
from analytics.tables.print_writers import NOT_STATED, columns_in_print, words_at

CONTROL = dict.fromkeys(i for i in range(32) if chr(i) not in "\t\n\r")  # XML cannot hold these
FONT_SIZE = 7
Piece = tuple[str, tuple[int, ...]]


def to_docx(table: Table) -> bytes:
    """Write a landscape page with the table, one heading row per group and the footnotes.

    Args:
        table: Any table.

    Returns:
        The bytes of the document. The head repeats on every page, a row is never torn apart, the
        group stands in a heading row, not in a column.
    """
    columns = columns_in_print(table)
    notes = footnotes_of(table, columns)
    document = _document(table.title)
    made = document.add_table(rows=0, cols=max(len(columns), 1), style="Table Grid")
    body = made._tbl  # noqa: SLF001 - rows are made as XML: python-docx counts all cells for each
    head: list[Piece] = [(one.label, notes.of(one)) for one in columns]
    body.append(_row(head, is_head=True))
    for group, rows in table.groups():
        if table.group_column:
            body.append(_row([(group or NOT_STATED, ())], span=len(columns), is_bold=True))
        for row in rows:
            body.append(_row([(words_at(row, one), notes.of(one, row)) for one in columns]))
    for number, text in notes.numbered:
        paragraph = document.add_paragraph()
        paragraph.add_run(str(number)).font.superscript = True
        paragraph.add_run(f" {_clean(text)}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _document(title: str) -> Docx:
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.styles["Normal"].font.size = Pt(FONT_SIZE)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(1.5)
    document.add_heading(_clean(title), level=1)
    return document


def _row(
    pieces: Sequence[Piece], *, span: int = 1, is_head: bool = False, is_bold: bool = False
) -> Any:
    row = OxmlElement("w:tr")
    properties = _add(row, "w:trPr")
    _add(properties, "w:cantSplit")
    if is_head:
        _add(properties, "w:tblHeader")
    for text, numbers in pieces:
        cell = _add(row, "w:tc")
        shape = _add(cell, "w:tcPr")
        if span > 1:
            _add(shape, "w:gridSpan").set(qn("w:val"), str(span))
        paragraph = _add(cell, "w:p")
        _run(paragraph, _clean(text), "w:b" if is_head or is_bold else "")
        if numbers:
            _run(paragraph, ",".join(map(str, numbers)), "w:vertAlign")
    return row


def _run(paragraph: Any, text: str, kind: str) -> None:
    run = _add(paragraph, "w:r")
    if kind:
        mark = _add(_add(run, "w:rPr"), kind)
        if kind == "w:vertAlign":
            mark.set(qn("w:val"), "superscript")
    words = _add(run, "w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")


def _add(parent: Any, name: str) -> Any:
    child = OxmlElement(name)
    parent.append(child)
    return child


def _clean(text: str) -> str:
    return text.translate(CONTROL)
