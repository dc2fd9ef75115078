"""Reads of imported files: the stored copy, its items, and a preview before anything is written."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.http import Http404

from screening.importers.correction import TABLE_FORMATS, Frame
from screening.importers.delimited import Layout, sniff_layout
from screening.importers.files import SourceFile, open_source
from screening.importers.parsed import ImportRefusedError, Item
from screening.importers.reader import ReadOptions
from screening.importers.registry import read, reader_named
from screening.importers.report import FileReport, ReportOptions, report_on
from screening.importers.xlsx import xlsx_layout
from screening.models import ImportBatch
from screening.selectors.stored import GONE, stored_or_404

_PREVIEW_ITEMS = 200
_PREVIEW_RECORDS = 8
_SAMPLE_CELLS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: format, encoding, and column -> field for tables."""

    format: str
    encoding: str
    mapping: dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its header, the field it is mapped to, its first values."""

    header: str
    field: str
    sample: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would give, judged by the first rows."""

    reading: Reading
    columns: list[Column]
    report: FileReport
    is_whole: bool = True
    remembered: ImportBatch | None = None

    @property
    def warnings(self) -> int:
        """How many places a person should look at, beside the rejected ones."""
        return len(self.report.problems) - self.report.rejected

    @property
    def headers(self) -> list[str]:
        """The headers of a table, mapped or not."""
        return [column.header for column in self.columns]


@contextmanager
def local_copy(batch: ImportBatch) -> Iterator[Path]:
    """Give a path to the stored file, wherever the storage keeps it.

    Raises:
        Http404: It is not in the storage.
    """
    try:
        path = Path(batch.file.path)
    except NotImplementedError:
        path = None
    if path is not None:
        if not path.exists():
            raise Http404(GONE)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "file"
        with stored_or_404(batch.file) as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        yield path


def open_as(path: Path, encoding: str) -> SourceFile:
    """Open a file in its confirmed encoding; a guess that was kept keeps its count of misfits."""
    source = open_source(path)
    if encoding and encoding != source.encoding.name:
        return open_source(path, encoding=encoding)
    return source


def items_of(batch: ImportBatch, path: Path) -> Iterator[Item]:
    """Read a batch's file as it was confirmed."""
    source = open_as(path, batch.encoding)
    options = ReadOptions(mapping=batch.mapping or None)
    return read(source, reader=reader_named(batch.format), options=options)


def reading_of(batch: ImportBatch) -> Reading:
    """How the batch is to be read as things stand."""
    return Reading(batch.format, batch.encoding, dict(batch.mapping))


def preview_of(batch: ImportBatch, reading: Reading, *, seconds: float = 0.0) -> Preview:
    """Read the beginning of a batch's file in a certain way.

    Args:
        batch: A stored file.
        reading: How to read it; an empty mapping of a table is that of the source's last file
            with the same columns, or else guessed.
        seconds: How long to go on after the first 200 items, for counts of the whole file.

    Returns:
        The columns with their fields, and the report on what was read; `is_whole` when that was
        the whole file.
    """
    is_table = reading.format in TABLE_FORMATS
    with local_copy(batch) as path:
        columns = _columns(path, reading) if is_table else []
        remembered = None if reading.mapping else remembered_for(batch, columns)
        if remembered is not None:
            fields = remembered.mapping
            columns = [replace(one, field=fields.get(one.header, "")) for one in columns]
        mapping = {one.header: one.field for one in columns if one.field}
        options = ReportOptions(
            encoding=reading.encoding,
            format=reading.format,
            read=ReadOptions(mapping=mapping if columns else None),
            keep=_PREVIEW_RECORDS,
            limit=_PREVIEW_ITEMS,
            seconds=seconds,
        )
        report = report_on(path, options)
    return Preview(
        reading=Reading(reading.format, reading.encoding, mapping),
        columns=columns,
        report=report,
        is_whole=report.is_whole,
        remembered=remembered,
    )


def carried_mapping(batch: ImportBatch, before: Preview, chosen: Reading) -> dict[str, str]:
    """The columns under another format or encoding: guessed anew, but for those a person chose.

    Args:
        batch: A stored file.
        before: The preview that the person changed, with its columns as guessed.
        chosen: What they chose there: the mapping by its headers, the new format and encoding.

    Returns:
        Header -> field, to be read with; empty when they had chosen nothing, or the new reading
        has no columns.
    """
    own = {
        at: (column.header, chosen.mapping.get(column.header, ""))
        for at, column in enumerate(before.columns)
        if chosen.mapping.get(column.header, "") != column.field
    }
    if not own:
        return {}
    columns = preview_of(batch, Reading(chosen.format, chosen.encoding, {})).columns
    if len(columns) == len(before.columns):  # a header may be spelled anew by its encoding
        named = {columns[at].header: name for at, (_, name) in own.items()}
    else:
        headers = {column.header for column in columns}
        named = {header: name for header, name in own.values() if header in headers}
    guessed = {
        column.header: column.field
        for column in columns
        if column.field not in named.values()  # the person says that it is another column
    }
    return {header: name for header, name in (guessed | named).items() if name}


def remembered_for(batch: ImportBatch, columns: list[Column]) -> ImportBatch | None:
    """The source's last imported table with the very same columns, if there is one."""
    if not columns:
        return None
    headers = sorted(column.header for column in columns)
    earlier = ImportBatch.objects.filter(source=batch.source_id).exclude(pk=batch.pk)
    for one in earlier.exclude(columns=[]).order_by("-pk"):
        if sorted(one.columns) == headers and one.mapping:
            return one
    return None


def frame_of(batch: ImportBatch) -> Frame:
    """What stands around each record of a batch's file, to read one of them again."""
    if batch.format not in TABLE_FORMATS:
        return Frame(batch.format)
    with local_copy(batch) as path:
        layout = _layout(path, reading_of(batch))
    delimiter = "\t" if batch.format == "xlsx" else layout.delimiter
    options = ReadOptions(mapping=batch.mapping or None, delimiter=delimiter)
    return Frame(batch.format, layout.headers, delimiter, options)


def _layout(path: Path, reading: Reading) -> Layout:
    source = open_as(path, reading.encoding)
    options = ReadOptions(mapping=reading.mapping or None)
    if reading.format == "xlsx":
        return xlsx_layout(source, options)
    return sniff_layout(source.head, options)


def _columns(path: Path, reading: Reading) -> list[Column]:
    try:
        layout = _layout(path, reading)
    except ImportRefusedError:
        return []
    return [
        Column(header, layout.mapping.get(header, ""), _sample(layout.sample, at))
        for at, header in enumerate(layout.headers)
    ]


def _sample(rows: tuple[tuple[str, ...], ...], at: int) -> list[str]:
    values = (row[at].strip()[:80] for row in rows if len(row) > at)
    return [value for value in values if value][:_SAMPLE_CELLS]
