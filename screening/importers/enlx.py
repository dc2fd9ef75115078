"""EndNote's packed library (.enlx): a ZIP with an SQLite data base."""

import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.packing import MAX_UNPACKED, check_archive
from screening.importers.parsed import ImportRefusedError, Item
from screening.importers.reader import ReadOptions

_BASE = "sdb/sdb.eni"
_MAX_BASE = 512 * 1024 * 1024  # unpacked to the disk, not into memory
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, RuntimeError, OSError)
_DAMAGED = "The EndNote library is damaged. Save it again."
_CHUNK = 1024 * 1024
_MAX_VALUE = 16 * 1024 * 1024  # bytes of one value, and of one row
_SCALARS = {
    "title": "title",
    "abstract": "abstract",
    "year": "year",
    "secondary_title": "venue",
    "volume": "volume",
    "number": "issue",
    "pages": "pages",
    "electronic_resource_number": "doi",
    "language": "language",
    "type_of_work": "type",
}
_INNER = frozenset(
    {"id", "trash_state", "text_styles", "record_properties", "added_to_library", "reference_type"}
    | {"record_last_updated", "read_status", "rating", "fulltext_downloads"}
)


class EnlxReader:
    """Reads the references of an EndNote library."""

    name = "enlx"
    label = "EndNote library (.enlx)"

    def confidence(self, head: Head) -> float:
        """Certain for a ZIP with EndNote's data base."""
        is_zip = head.raw.startswith(b"PK\x03\x04")
        return 0.99 if is_zip and b"sdb/" in head.raw else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the references; see `Reader.read`. The position is the reference's number."""
        del options  # the format names its fields itself
        with tempfile.TemporaryDirectory(prefix="enlx-") as folder:
            path = Path(folder) / "base"
            _unpack(source, path)
            yield from _references(path)


def _unpack(source: SourceFile, path: Path) -> None:
    with source.open() as stream:
        check_archive(stream, _limit_of, _DAMAGED)
    try:
        with (
            source.open() as stream,
            zipfile.ZipFile(stream) as archive,
            archive.open(_BASE) as packed,
            path.open("wb") as base,
        ):
            while chunk := packed.read(_CHUNK):
                base.write(chunk)
    except _BROKEN as error:
        raise ImportRefusedError(_DAMAGED) from error


def _limit_of(part: str) -> int:
    return _MAX_BASE if part == _BASE else MAX_UNPACKED


def _references(path: Path) -> Iterator[Item]:
    base = _opened(path)
    try:
        rows = base.execute("SELECT * FROM refs WHERE trash_state = 0 ORDER BY id")
        for number, row in enumerate(rows, 1):
            values = {name: str(row[name] or "") for name in row.keys()}  # noqa: SIM118 - sqlite3.Row
            yield from _record(number, values)
    except (sqlite3.DatabaseError, UnicodeError, OverflowError) as error:
        raise ImportRefusedError(_DAMAGED) from error
    finally:
        base.close()


def _opened(path: Path) -> sqlite3.Connection:
    """Open a data base that somebody else made: nothing in it may compute or grow.

    `refs` must be a plain table (a view may compute for ever), and no value may be longer than a
    record of any export.
    """
    base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    base.row_factory = sqlite3.Row
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    base.execute("PRAGMA trusted_schema = OFF")
    base.set_authorizer(_only_reading_refs)
    return base


def _only_reading_refs(
    action: int, first: str | None, second: str | None, base: str | None, by: str | None
) -> int:
    """Allow the one SELECT and what it reads of `refs`; a view would read through itself."""
    del second, base
    is_select = action == sqlite3.SQLITE_SELECT and by is None
    is_of_refs = action == sqlite3.SQLITE_READ and first == "refs" and by is None
    return sqlite3.SQLITE_OK if is_select or is_of_refs else sqlite3.SQLITE_DENY


def _record(number: int, values: Mapping[str, str]) -> Iterator[Item]:
    raw = "\n".join(f"{name}: {value}" for name, value in values.items() if value)
    draft = Draft(number, raw=raw)
    for name, value in values.items():
        lines = [line.strip() for line in value.replace("\n", "\r").split("\r") if line.strip()]
        if name == "author":
            draft.authors.extend(lines)
        elif name == "keywords":
            draft.keywords.extend(lines)
        elif name == "url":
            for line in lines:
                draft.link(line, column="url")
        elif name in _SCALARS:
            draft.add(_SCALARS[name], "\n".join(lines), tag=name)
        elif name not in _INNER and value != "0":
            draft.keep(name, value)
    yield from draft.items()
