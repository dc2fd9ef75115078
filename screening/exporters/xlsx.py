"""Excel workbooks, row by row through a temporary file; every text stays a text."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from screening.exporters.exported import Exported
from screening.exporters.table import HEADERS, cells_of, note_cell
from screening.rules.spreadsheets import harmless

MAX_CELL = 32_767
MAX_ROWS = 1_048_575
_CHUNK = 256 * 1024
#: Letters that XML cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERS = {HEADERS.index("record_id"), HEADERS.index("year")}
_WIDTHS = {"title": 60, "authors": 30, "abstract": 60, "venue": 30, "keywords": 30}


class XlsxWriter:
    """Writes one sheet; what looks like a formula is a text with Excel's own text mark."""

    name = "xlsx"
    label = "Excel (.xlsx)"
    ending = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`. The file is complete before its first byte."""
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / "records.xlsx"
            _write(path, folder, records)
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk


def _write(path: Path, folder: str, records: Iterable[Exported]) -> None:
    import xlsxwriter  # noqa: PLC0415  (most starts of the app write no workbook)

    options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Records")
        looks = {"plain": book.add_format(), "text": book.add_format({"quote_prefix": True})}
        for at, header in enumerate(HEADERS):
            sheet.set_column(at, at, _WIDTHS.get(header, 14))
            sheet.write_string(0, at, header, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 2)
        for number, one in enumerate(records, 1):
            if number > MAX_ROWS:
                raise ValueError(f"A sheet holds {MAX_ROWS:,} records. Export them as CSV.")
            cells = [_fitting(cell) for cell in cells_of(one)]
            for at, cell in enumerate([*cells, note_cell(one, cells, limit=MAX_CELL)]):
                _cell(sheet, number, at, cell, looks)


def _cell(sheet: Any, row: int, at: int, text: str, looks: dict[str, Any]) -> None:
    if at in _NUMBERS and text.isascii() and text.isdigit():
        sheet.write_number(row, at, int(text))
    elif text:
        is_odd = harmless(text) != text
        sheet.write_string(row, at, _cut(text), looks["text" if is_odd else "plain"])


def _fitting(text: str) -> str:
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _cut(text: str) -> str:
    if len(text) <= MAX_CELL:
        return text
    words = f" [cut: {len(text):,} letters, a cell holds {MAX_CELL:,}; the CSV export has them all]"
    return text[: MAX_CELL - len(words)] + words
