"""Reads of imported files: the stored copy, its items, and a preview before anything is written."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from screening.importers.delimited import sniff_layout
from screening.importers.files import SourceFile, open_source
from screening.importers.parsed import ImportRefusedError, Item
from screening.importers.reader import ReadOptions
from screening.importers.registry import read, reader_named
from screening.importers.report import FileReport, ReportOptions, report_on
from screening.importers.xlsx import xlsx_layout
from screening.models import ImportBatch

_PREVIEW_ITEMS = 200
_PREVIEW_RECORDS = 8
_SAMPLE_CELLS = 3
TABLE_FORMATS = frozenset({"csv", "xlsx"})


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


@contextmanager
def local_copy(batch: ImportBatch) -> Iterator[Path]:
    """Give a path to the stored file, wherever the storage keeps it."""
    try:
        path = Path(batch.file.path)
    except NotImplementedError:
        path = None
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "file"
        with batch.file.open("rb") as stored, path.open("wb") as copy:
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


def preview_of(batch: ImportBatch, reading: Reading) -> Preview:
    """Read the first rows of a batch's file in a certain way.

    Args:
        batch: A stored file.
        reading: How to read it; an empty mapping of a table is guessed.

    Returns:
        The columns with their fields, and the report on the first 200 items.
    """
    with local_copy(batch) as path:
        columns = _columns(path, reading) if reading.format in TABLE_FORMATS else []
        mapping = {one.header: one.field for one in columns if one.field}
        options = ReportOptions(
            encoding=reading.encoding,
            format=reading.format,
            read=ReadOptions(mapping=mapping if columns else None),
            keep=_PREVIEW_RECORDS,
            limit=_PREVIEW_ITEMS,
        )
        report = report_on(path, options)
    return Preview(Reading(reading.format, reading.encoding, mapping), columns, report)


def _columns(path: Path, reading: Reading) -> list[Column]:
    source = open_as(path, reading.encoding)
    options = ReadOptions(mapping=reading.mapping or None)
    try:
        is_book = reading.format == "xlsx"
        layout = xlsx_layout(source, options) if is_book else sniff_layout(source.head, options)
    except ImportRefusedError:
        return []
    return [
        Column(header, layout.mapping.get(header, ""), _sample(layout.sample, at))
        for at, header in enumerate(layout.headers)
    ]


def _sample(rows: tuple[tuple[str, ...], ...], at: int) -> list[str]:
    values = (row[at].strip()[:80] for row in rows if len(row) > at)
    return [value for value in values if value][:_SAMPLE_CELLS]
