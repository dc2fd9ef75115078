"""CSV by RFC 4180 in UTF-8 with a byte order mark, so that Excel shows every letter."""

import csv
import io
from collections.abc import Iterable, Iterator

from screening.exporters.exported import Exported
from screening.exporters.table import HEADERS, cells_of, note_cell
from screening.exporters.writer import encoded
from screening.rules.spreadsheets import harmless


class CsvWriter:
    """Writes CSV; what a spreadsheet would take for a formula gets an apostrophe."""

    name = "csv"
    label = "CSV"
    ending = "csv"
    content_type = "text/csv; charset=utf-8"

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`."""
        yield encoded("\ufeff" + _row(list(HEADERS)))
        for one in records:
            cells = [harmless(cell.replace("\0", "")) for cell in cells_of(one)]
            yield encoded(_row([*cells, note_cell(one, cells)]))


def _row(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
