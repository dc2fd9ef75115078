"""Excel workbooks: the first sheet with a table, read row by row."""

import re
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date, datetime
from itertools import count, islice

from screening.importers.delimited import Layout, Row, layout_of_rows, records_of
from screening.importers.files import Head, SourceFile
from screening.importers.packing import MAX_UNPACKED, check_archive
from screening.importers.parsed import ImportRefusedError, Item
from screening.importers.reader import ReadOptions

_SAMPLE_ROWS = 40
_MAX_STRINGS = 40 * 1024 * 1024  # the texts of all cells: 20,000 abstracts
_MAX_PART = 16 * 1024 * 1024
#: How Excel writes a letter that XML cannot hold, and an underscore before such a sign.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
#: A broken part of a workbook ends in one of these; ParseError of XML is a SyntaxError, a part
#: packed or locked in an unknown way a RuntimeError, and openpyxl trusts what it reads.
_DAMAGED = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError),
    *(SyntaxError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error),
)


class XlsxReader:
    """Reads .xlsx; columns are mapped to fields as in CSV."""

    name = "xlsx"
    label = "Excel (.xlsx)"

    def confidence(self, head: Head) -> float:
        """Certain for a ZIP with the parts of a workbook."""
        if not head.raw.startswith(b"PK\x03\x04"):
            return 0.0
        return 0.98 if b"xl/" in head.raw or b"[Content_Types].xml" in head.raw else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the rows of the first sheet; see `Reader.read`."""
        layout = xlsx_layout(source, options)
        yield from records_of(_rows(source), layout, head=source.head.text[:0])


def xlsx_layout(source: SourceFile, options: ReadOptions) -> Layout:
    """Find header row and mapping of a workbook.

    Args:
        source: The opened file.
        options: What a person chose.

    Returns:
        The layout of the first sheet, with up to 40 rows of sample.

    Raises:
        ImportRefusedError: It is no readable workbook.
    """
    with closing(_rows(source)) as rows:
        sample = [row.cells for row in islice(rows, _SAMPLE_ROWS)]
    return layout_of_rows(sample, "\t", options)


def _rows(source: SourceFile) -> Generator[Row]:
    rows = _values(source)
    for number in count(1):
        try:
            values = next(rows)
        except StopIteration:
            return
        except _DAMAGED as error:
            if isinstance(error, ImportRefusedError):
                raise
            message = "The workbook is damaged. Save it again as .xlsx."
            raise ImportRefusedError(message, position=number) from error
        cells = [_shown(value) for value in values]
        yield Row(number, cells, "\t".join(cells))


def _values(source: SourceFile) -> Iterator[tuple[object, ...]]:
    # openpyxl comes with NumPy: half a second that only a workbook needs.
    from screening.importers.workbook import opened  # noqa: PLC0415

    _check_size(source)
    with source.open() as stream, opened(stream) as book:
        yield from book.worksheets[0].iter_rows(values_only=True)


def _check_size(source: SourceFile) -> None:
    with source.open() as stream:
        check_archive(stream, _limit_of, "The workbook is damaged. Save it again as .xlsx.")


def _limit_of(part: str) -> int:
    """Sheets are read row by row; all else is held in memory as a whole."""
    if part.startswith("xl/worksheets/"):
        return MAX_UNPACKED
    return _MAX_STRINGS if part == "xl/sharedStrings.xml" else _MAX_PART


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if "_x" not in text:
        return text
    letters = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    return letters.replace("\0", "").encode("utf-8", "ignore").decode()
