"""A table as an Excel workbook."""

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from analytics.tables.footnotes import footnotes_of
from analytics.tables.model import Table
from analytics.tables.writers import as_number

WIDEST, NARROWEST = 48, 9
MAX_TEXT = 32_767  # Excel's own limit of a cell
LONGEST_NAME = 31  # ... and of a sheet's name
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def to_xlsx(table: Table) -> bytes:
    """Write a sheet with a frozen header and the rows, and one with the footnotes if there are any.

    Args:
        table: Any table.

    Returns:
        The bytes of the workbook. Text is always text, never a formula or a link; numbers are
        numbers, shown with the digits they were extracted with. An unknown value is an empty cell.
        Text over Excel's 32,767 characters is cut.
    """
    return to_workbook([("Table 1", table)])


def to_workbook(tables: Sequence[tuple[str, Table]]) -> bytes:
    """Write a workbook with one sheet a table, each as `to_xlsx` writes it.

    Args:
        tables: Name of the sheet (cut to Excel's 31 letters) and table.

    Returns:
        The bytes of the workbook; footnotes of the first table that has some.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, table in tables:
            _add_table(book, name, table, bold)
        for _, table in tables:
            if table.notes:
                _add_notes(book, table, bold)
                break
    return out.getvalue()


def _add_table(book: xlsxwriter.Workbook, name: str, table: Table, bold: Any) -> None:
    sheet = book.add_worksheet(_NOT_IN_NAMES.sub(" ", name)[:LONGEST_NAME])
    formats: dict[str, Any] = {}
    for i, column in enumerate(table.columns):
        sheet.write_string(0, i, column.heading, bold)
        texts = [row.said(column) for row in table.rows]
        longest = max([len(column.heading), *map(len, texts)])
        sheet.set_column(i, i, min(WIDEST, max(NARROWEST, longest + 1)))
        for line, text in enumerate(texts, start=1):
            if not text:
                continue
            number = as_number(text) if column.is_number else None
            if number is None:
                sheet.write_string(line, i, text[:MAX_TEXT])
                continue
            shape = _shape(text)
            if shape not in formats:
                formats[shape] = book.add_format({"num_format": shape})
            sheet.write_number(line, i, number, formats[shape])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), max(len(table.columns) - 1, 0))


def _add_notes(book: xlsxwriter.Workbook, table: Table, bold: Any) -> None:
    notes = footnotes_of(table)
    if not notes.texts:
        return
    sheet = book.add_worksheet("Footnotes")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    labels = {one.key: one.label for one in table.columns}
    names = {row.study_id: f"{row.text('first_author')} {row.text('year')}" for row in table.rows}
    places: dict[int, list[str]] = {}
    for (study, column), numbers in notes.marks.items():
        who = "" if study is None else f"{names[study].strip() or f'study {study}'}: "
        for number in numbers:
            places.setdefault(number, []).append(f"{who}{labels[column]}")
    for i, head in enumerate(("Number", "Footnote", "Stands at")):
        sheet.write_string(0, i, head, bold)
    for number, text in notes.numbered:
        sheet.write_number(number, 0, number)
        sheet.write_string(number, 1, text[:MAX_TEXT], wrap)
        sheet.write_string(number, 2, "; ".join(places[number])[:MAX_TEXT], wrap)
    sheet.set_column(1, 2, WIDEST)
    sheet.freeze_panes(1, 0)


def _shape(text: str) -> str:
    """`0.000` for `0.942`: as many decimals as were extracted."""
    if "e" in text.lower():
        return "General"
    decimals = len(text.partition(".")[2])
    return f"0.{'0' * decimals}" if decimals else "0"
