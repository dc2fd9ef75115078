"""Opening a workbook without holding the texts of all its cells in memory."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import cell_style
from openpyxl.workbook import Workbook
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_STRING = f"{{{SHEET_MAIN_NS}}}si"
# It prints a missing style to standard output, where our commands promise JSON, before it raises.
vars(cell_style)["print"] = lambda *_: None


class _Strings:
    """The shared strings of a workbook, on disk; cells name them by number."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  (lives as long as the workbook)
        self._starts = array("Q", [0])

    def append(self, text: str) -> None:
        """Add the next string."""
        self._file.write(text.encode("utf-8", "surrogatepass"))
        self._starts.append(self._file.tell())

    def __getitem__(self, number: int) -> str:
        """The string of a number; IndexError when the workbook has none."""
        if not 0 <= number < len(self._starts) - 1:
            raise IndexError(number)
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()


class _Reader(ExcelReader):
    """openpyxl's reader with the strings on disk."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream, read_only=True, data_only=True)
        self.on_disk = _Strings()

    def read_strings(self) -> None:
        """Write the table of strings down, each as openpyxl reads it."""
        self.shared_strings = self.on_disk  # type: ignore[assignment]  # asked by number only
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            root = None
            for event, node in iterparse(source, events=("start", "end")):
                root = node if root is None else root
                if event == "end" and node.tag == _STRING:
                    text = Text.from_tree(node)
                    self.on_disk.append(text.content.replace("x005F_", "") if text else "")
                    root.clear()


@contextmanager
def opened(stream: IO[bytes]) -> Iterator[Workbook]:
    """Open a workbook for reading row by row, with values instead of formulas.

    Args:
        stream: The file.

    Yields:
        The workbook.

    Raises:
        Exception: Whatever openpyxl raises for a damaged file.
    """
    reader = _Reader(stream)
    try:
        reader.read()
        yield reader.wb
        reader.wb.close()
    finally:
        reader.on_disk.close()
