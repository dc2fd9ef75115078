"""Reading one record again after a person has corrected its raw text."""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from screening.importers.files import open_source
from screening.importers.parsed import (
    ImportRefusedError,
    ParsedRecord,
    Problem,
    Severity,
)
from screening.importers.reader import Reader, ReadOptions
from screening.importers.registry import detect, read, reader_named

#: Formats whose records stand inside one root element.
XML_FORMATS = frozenset({"pubmed_xml", "endnote_xml", "arxiv_atom", "mods", "crossref_xml", "rdf"})
TABLE_FORMATS = frozenset({"csv", "xlsx"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood around the record in its file: the format, and for a table its header row."""

    format: str
    headers: Sequence[str] = ()
    delimiter: str = ","
    options: ReadOptions | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The one record of a corrected text, and warnings about it."""

    record: ParsedRecord
    warnings: tuple[Problem, ...]


def read_corrected(text: str, frame: Frame) -> Corrected:
    """Read the one record of a text, in the format of its file or in any other.

    Args:
        text: The corrected raw text of one record.
        frame: How the file it came from is read.

    Returns:
        The record, with warnings.

    Raises:
        ImportRefusedError: The text holds no record that can be read, or more than one; the
            message says why.

    Source: own definition.
    """
    if not text.strip():
        raise ImportRefusedError("The text is empty. Write the record, or leave it out.")
    if frame.format in TABLE_FORMATS and text.count('"') % 2:
        raise ImportRefusedError("A quotation mark is opened and never closed.")
    with tempfile.TemporaryDirectory(prefix="correct-") as folder:
        path = Path(folder) / "record"
        path.write_text(_framed(text, frame), encoding="utf-8", newline="")
        own = _attempt(path, _own_reader(frame), frame.options or ReadOptions())
        if isinstance(own, Corrected):
            return own
        path.write_text(text, encoding="utf-8", newline="")
        other = _attempt(path, None, ReadOptions())
    if isinstance(other, Corrected):
        return other
    raise own


def _own_reader(frame: Frame) -> Reader:
    return reader_named("csv" if frame.format in TABLE_FORMATS else frame.format)


def _framed(text: str, frame: Frame) -> str:
    if frame.format in TABLE_FORMATS and frame.headers:
        row = io.StringIO()
        csv.writer(row, delimiter=frame.delimiter, lineterminator="\n").writerow(frame.headers)
        return row.getvalue() + text
    if frame.format in XML_FORMATS and not text.lstrip().startswith("<?xml"):
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<records>{text}</records>'
    return text


def _attempt(
    path: Path, reader: Reader | None, options: ReadOptions
) -> Corrected | ImportRefusedError:
    try:
        source = open_source(path, encoding="utf-8")
        items = list(read(source, reader=reader or detect(source), options=options))
    except ImportRefusedError as error:
        return error
    records = [item for item in items if isinstance(item, ParsedRecord)]
    problems = [item for item in items if isinstance(item, Problem)]
    rejected = [one.message for one in problems if one.severity is Severity.REJECTED]
    if rejected:
        return ImportRefusedError(" ".join(rejected))
    if len(records) == 1:
        return Corrected(records[0], tuple(problems))
    if records:
        return ImportRefusedError(f"The text holds {len(records)} records. Keep one of them.")
    said = " ".join(one.message for one in problems)
    return ImportRefusedError(f"No record could be read. {said}".strip())
