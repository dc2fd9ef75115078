"""A table as an Excel workbook."""

import io

import xlsxwriter

from analytics.tables.model import Table
from analytics.tables.writers import as_number

WIDEST, NARROWEST = 48, 9
MAX_TEXT = 32_767  # Excel's own limit of a cell


def to_xlsx(table: Table) -> bytes:
    """Write one sheet: a frozen header of labels, then the rows.

    Args:
        table: Any table.

    Returns:
        The bytes of the workbook. Text is always text, never a formula or a link; numbers are
        numbers, shown with the digits they were extracted with. An unknown value is an empty cell.
        Text over Excel's 32,767 characters is cut.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Table 1")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {}
        for i, column in enumerate(table.columns):
            sheet.write_string(0, i, column.key, bold)
            texts = [row.text(column.key) for row in table.rows]
            longest = max([len(column.key), *map(len, texts)])
            sheet.set_column(i, i, min(WIDEST, max(NARROWEST, longest + 1)))
            for line, text in enumerate(texts, start=1):
                number = as_number(text) if column.is_number else None
                if not text:
                    continue
                if number is None:
                    sheet.write_string(line, i, text[:MAX_TEXT])
                    continue
                shape = _shape(text)
                if shape not in formats:
                    formats[shape] = book.add_format({"num_format": shape})
                sheet.write_number(line, i, number, formats[shape])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), max(len(table.columns) - 1, 0))
    return out.getvalue()


def _shape(text: str) -> str:
    """`0.000` for `0.942`: as many decimals as were extracted."""
    if "e" in text.lower():
        return "General"
    decimals = len(text.partition(".")[2])
    return f"0.{'0' * decimals}" if decimals else "0"
