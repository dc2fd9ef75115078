"""Reports as DOCX and CSV."""

import csv
import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Row

from analytics.prisma.reporting.table import TO_BE_WRITTEN, ReportTable
from screening.rules.spreadsheets import harmless

REPORT_COLUMNS = ("Section", "Topic", "Item", "What to report", "From the review", "Page")
REPORT_WIDTHS = (2.6, 3.4, 1.2, 6.6, 10.2, 1.7)
SEARCH_WIDTHS = (3.2, 2.2, 2.6, 2.2, 9.0, 2.8, 1.8, 1.9)
FONT_SIZE = 9
CONTROL = dict.fromkeys(i for i in range(32) if chr(i) not in "\t\n\r")  # XML cannot hold these

Rows = Sequence[Sequence[str]]


def report_as_csv(report: ReportTable) -> str:
    """A report as CSV.

    Args:
        report: Any report.

    Returns:
        RFC 4180 text with one row per item; `status` tells what is still to be written.
    """
    header = ("section", "topic", "item", "what_to_report", "from_the_review", "status", "page")
    rows = [
        (
            row.item.section,
            row.item.topic,
            row.item.number,
            row.item.asked,
            row.told,
            "to be written" if row.is_open else "from the review",
            "",
        )
        for row in report.rows
    ]
    return rows_as_csv(header, rows)


def rows_as_csv(header: Sequence[str], rows: Rows) -> str:
    """Rows of text as CSV; nothing in a cell is a formula.

    Args:
        header: Names of the columns.
        rows: One sequence of cells each.

    Returns:
        RFC 4180 text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def report_as_docx(report: ReportTable) -> bytes:
    """A report as a Word file, landscape, with a repeated table head and a page column to fill.

    Args:
        report: Any report.

    Returns:
        The bytes of the file.
    """
    document = _document(report)
    cells = [
        (
            row.item.section,
            row.item.topic,
            row.item.number,
            row.item.asked,
            row.told or TO_BE_WRITTEN,
            "",
        )
        for row in report.rows
    ]
    _add_table(document, REPORT_COLUMNS, cells, REPORT_WIDTHS)
    return _bytes_of(document)


def searches_as_docx(report: ReportTable, header: Sequence[str], searches: Rows) -> bytes:
    """The search report as a Word file: the table of searches, then the items.

    Args:
        report: The items of PRISMA-S.
        header: Columns of the table of searches.
        searches: Its rows.

    Returns:
        The bytes of the file.
    """
    document = _document(report)
    document.add_heading("Searches", level=2)
    if searches:
        _add_table(document, header, searches, SEARCH_WIDTHS)
    else:
        document.add_paragraph("No search is documented yet.")
    document.add_heading("Items", level=2)
    cells = [
        (
            row.item.section,
            row.item.topic,
            row.item.number,
            row.item.asked,
            row.told or TO_BE_WRITTEN,
            "",
        )
        for row in report.rows
    ]
    _add_table(document, REPORT_COLUMNS, cells, REPORT_WIDTHS)
    return _bytes_of(document)


def _document(report: ReportTable) -> Docx:
    document = Document()
    document.core_properties.title = report.title
    document.core_properties.author = ""
    document.styles["Normal"].font.size = Pt(FONT_SIZE)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(2.0)
    document.add_heading(report.title, level=1)
    document.add_paragraph(_clean(report.review))
    document.add_paragraph(
        f"Computed {report.moment:%Y-%m-%d %H:%M %Z}; {report.filled} of {len(report.rows)} "
        "items answered from the review, the others are to be written."
    )
    return document


def _add_table(document: Docx, header: Sequence[str], rows: Rows, widths: Sequence[float]) -> None:
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], header, widths, is_head=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - python-docx has no name for it
    for row in rows:
        _fill(table.add_row(), row, widths)


def _fill(
    row: _Row, cells: Sequence[str], widths: Sequence[float], *, is_head: bool = False
) -> None:
    for cell, text, width in zip(row.cells, cells, widths, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(_clean(text))
        run.bold = is_head
        run.italic = text == TO_BE_WRITTEN


def _clean(text: str) -> str:
    return text.translate(CONTROL)


def _bytes_of(document: Docx) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
