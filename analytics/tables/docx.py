"""A table as a Word file."""

import io
import re
from collections.abc import Sequence
from html import escape

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

from analytics.tables.footnotes import footnotes_of
from analytics.tables.model import Table
from analytics.tables.print_writers import NOT_STATED, columns_in_print, words_at

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BOLD = "<w:rPr><w:b/></w:rPr>"
RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
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
    head: list[Piece] = [(one.label, notes.of(one)) for one in columns]
    lines = [_row(head, is_head=True)]
    for group, rows in table.groups():
        if table.group_column:
            lines.append(_row([(group or NOT_STATED, ())], span=len(columns), is_bold=True))
        lines += [
            _row([(words_at(row, one), notes.of(one, row)) for one in columns]) for row in rows
        ]
    # Rows are made as text: python-docx counts all cells for each, and elements take their time.
    made._tbl.extend(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(lines)}</w:tbl>"))  # noqa: SLF001
    for number, text in notes.numbered:
        paragraph = document.add_paragraph()
        paragraph.add_run(str(number)).font.superscript = True
        paragraph.add_run(f" {fit_for_xml(text)}")
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
    document.add_heading(fit_for_xml(title), level=1)
    return document


def _row(
    pieces: Sequence[Piece], *, span: int = 1, is_head: bool = False, is_bold: bool = False
) -> str:
    shape = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>' if span > 1 else "<w:tcPr/>"
    bold = BOLD if is_head or is_bold else ""
    cells = [
        f"<w:tc>{shape}<w:p>{_run(text, bold)}"
        f"{_run(','.join(map(str, numbers)), RAISED) if numbers else ''}</w:p></w:tc>"
        for text, numbers in pieces
    ]
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _run(text: str, properties: str) -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(fit_for_xml(text))}</w:t></w:r>'


def fit_for_xml(text: str) -> str:
    """Take out of a text what XML cannot hold.

    Args:
        text: Any text.

    Returns:
        The text without control characters and halves of pairs.
    """
    return NOT_XML.sub("", text)
