"""A spreadsheet as a grid of texts: CSV in any encoding and with any separator, or XLSX."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from screening.importers.encodings import guess_encoding
from screening.importers.packing import MAX_UNPACKED, check_archive
from screening.importers.parsed import ImportRefusedError
from screening.rules.spreadsheets import harmless

MAX_ROWS = 50_000
MAX_COLUMNS = 500
SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 40
_LETTERS = 26
_DECIMALS = re.compile(r"0(?:\.(0+))?")
_WIDE = 2
_DAMAGED = "The workbook is damaged. Save it again as .xlsx."
#: What a broken part of a workbook ends in; a part locked or packed oddly is a RuntimeError.
_FAULTS = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError),
    *(SyntaxError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """One table.

    Attributes:
        header: Names of the columns, empty where a column has none.
        rows: Cells as text, each as many as the header; empty rows are left out.
        numbers: Number of each row in its file, from 1.
        sheets: Names of the workbook's sheets; empty for CSV.
        sheet: The sheet read.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def read_grid(content: bytes, sheet: str = "") -> Grid:
    """Read a file.

    Args:
        content: Its bytes; a workbook is known by its content, never by its name.
        sheet: Which sheet of a workbook; the first one without.

    Returns:
        The grid. The header is the first row with at least two filled cells.

    Raises:
        ImportRefusedError: It is damaged, has no table, or is too large.

    Source:
        RFC 4180, read generously; own definition.
    """
    names: tuple[str, ...] = ()
    if content[:4] == b"PK\x03\x04":
        rows, names, sheet = _of_workbook(content, sheet)
    else:
        rows, sheet = _of_text(content), ""
    start = next((i for i, row in enumerate(rows) if _filled(row) >= _WIDE), None)
    if start is None:
        raise ImportRefusedError("The file holds no table: no row has two filled cells.")
    header = [cell.strip() for cell in rows[start]]
    while header and not header[-1]:
        header.pop()
    below = [
        (number, _fitted(row, len(header)))
        for number, row in enumerate(rows[start + 1 :], start=start + 2)
        if _filled(row)
    ]
    if len(header) > MAX_COLUMNS or len(below) > MAX_ROWS:
        raise ImportRefusedError(
            f"The table has {len(below):,} rows and {len(header):,} columns; at most "
            f"{MAX_ROWS:,} and {MAX_COLUMNS:,} are read. Split it."
        )
    kept = tuple(row for _, row in below)
    return Grid(tuple(header), kept, tuple(number for number, _ in below), names, sheet)


def address(column: int, number: int) -> str:
    """The address of a cell as a spreadsheet shows it.

    Args:
        column: From 0.
        number: Row, from 1.

    Returns:
        E.g. `AB12`.
    """
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{number}"


def _filled(row: Iterable[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _fitted(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row[:width]]
    return (*cells, *[""] * (width - len(cells)))


def _of_text(content: bytes) -> list[list[str]]:
    guess = guess_encoding([content], content[:4096])
    text = content.decode(guess.name, "replace").removeprefix("\ufeff").replace("\x00", "")
    stated = text.partition("\n")[0].strip()
    separator = ""
    if stated.casefold().startswith("sep=") and len(stated) == len("sep=,"):
        separator, text = stated[-1], text.partition("\n")[2]
    separator = separator or _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise ImportRefusedError(f"The file is no readable CSV: {error}.") from error
    return [[_unmarked(cell) for cell in row] for row in rows]


def _unmarked(cell: str) -> str:
    """Take off the apostrophe by which exports keep a cell from being a formula."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


def _separator(text: str) -> str:
    """The sign by which most of the first rows have the same number of cells, more than one."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])

    def fit(sign: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=sign) if row]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual >= _WIDE else 0, usual)

    return max(SEPARATORS, key=fit)


def _of_workbook(content: bytes, sheet: str) -> tuple[list[list[str]], tuple[str, ...], str]:
    import openpyxl  # noqa: PLC0415  (with NumPy: half a second that only a workbook needs)

    check_archive(io.BytesIO(content), lambda _part: MAX_UNPACKED, _DAMAGED)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = tuple(one.title for one in book.worksheets)
        chosen = sheet if sheet in names else names[0]
        rows = []
        for number, row in enumerate(book[chosen].iter_rows()):
            if number > MAX_ROWS + _SAMPLE:
                break
            rows.append([_shown(cell.value, cell.number_format) for cell in row])
        book.close()
    except _FAULTS as error:
        raise ImportRefusedError(_DAMAGED) from error
    return rows, names, chosen


def _shown(value: object, shape: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, shape or "")
    return str(value).replace("\x00", "")


def _number(value: float, shape: str) -> str:
    """With the decimals that the cell shows, where those are all it has."""
    decimals = _DECIMALS.fullmatch(shape)
    text = f"{value:.{len(decimals.group(1) or '')}f}" if decimals else ""
    if text and float(text) == value:
        return text
    return str(int(value)) if value == int(value) else repr(value)
