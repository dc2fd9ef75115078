"""A report as a Word file."""

import io
from collections.abc import Mapping
from typing import Any

import docx
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analytics.tables.document import Block, Document, Drawing, Grid
from analytics.tables.docx import fit_for_xml

WIDTH = Cm(17)
FONT_SIZE, TABLE_SIZE = 10, 7
MOST_ROWS = 60


def document_as_docx(document: Document, pictures: Mapping[str, bytes], missing: str) -> bytes:
    """Write a report.

    Args:
        document: Any.
        pictures: PNG by key of a drawing.
        missing: Why a drawing has no picture; it stands above the data that stand instead.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: Never.

    Source:
        Own definition.
    """
    made = docx.Document()
    made.core_properties.title = document.title
    made.core_properties.author = ""
    made.styles["Normal"].font.size = Pt(FONT_SIZE)
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    made.add_heading(fit_for_xml(document.title), level=0)
    made.add_paragraph(document.stand)
    for section in document.sections:
        made.add_heading(fit_for_xml(section.title), level=1)
        for block in section.blocks:
            _add(made, block, pictures, missing)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _add(made: Docx, block: Block, pictures: Mapping[str, bytes], missing: str) -> None:
    if isinstance(block, Grid):
        _table(made, block)
    elif isinstance(block, Drawing):
        _drawing(made, block, pictures.get(block.key, block.png), missing)
    else:
        made.add_paragraph(fit_for_xml(block))


def _drawing(made: Docx, one: Drawing, picture: bytes, missing: str) -> None:
    made.add_heading(fit_for_xml(one.title), level=2)
    made.add_paragraph(fit_for_xml(one.reading))
    if picture:
        made.add_picture(io.BytesIO(picture), width=WIDTH)
    elif one.data:
        rows = len(one.data.rows)
        cut = f" The first {MOST_ROWS} of {rows} rows." if rows > MOST_ROWS else ""
        made.add_paragraph(f"{missing} Its data stand here instead.{cut}")
        _table(made, Grid(one.data.head, one.data.rows[:MOST_ROWS]))
    for note in one.notes:
        made.add_paragraph(fit_for_xml(note), style="List Bullet")


def _table(made: Docx, grid: Grid) -> None:
    """Rows are made as XML: python-docx counts all cells of a table for each."""
    table = made.add_table(rows=0, cols=max(len(grid.head), 1), style="Table Grid")
    body = table._tbl  # noqa: SLF001 see above
    for number, cells in enumerate((grid.head, *grid.rows)):
        row = OxmlElement("w:tr")
        if number == 0:
            properties = OxmlElement("w:trPr")
            properties.append(OxmlElement("w:tblHeader"))
            row.append(properties)
        for text in cells:
            row.append(_cell(text, is_bold=number == 0))
        body.append(row)


def _cell(text: str, *, is_bold: bool) -> Any:
    cell, paragraph, run = (OxmlElement(f"w:{name}") for name in ("tc", "p", "r"))
    look, size = OxmlElement("w:rPr"), OxmlElement("w:sz")
    size.set(qn("w:val"), str(2 * TABLE_SIZE))
    if is_bold:
        look.append(OxmlElement("w:b"))
    look.append(size)
    run.append(look)
    for number, line in enumerate(fit_for_xml(text).split("\n")):
        if number:
            run.append(OxmlElement("w:br"))
        words = OxmlElement("w:t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        run.append(words)
    paragraph.append(run)
    cell.append(paragraph)
    return cell
