"""All formats in one list; which of them a file is, by its content; and reading it."""

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from screening.importers.arxiv_atom import ArxivAtomReader
from screening.importers.bibtex import BibtexReader
from screening.importers.crossref_xml import CrossrefXmlReader
from screening.importers.delimited import DelimitedReader
from screening.importers.endnote_xml import EndnoteXmlReader
from screening.importers.enlx import EnlxReader
from screening.importers.files import SourceFile, open_source
from screening.importers.json_items import (
    CROSSREF,
    CSL,
    OPENALEX,
    SEMANTIC_SCHOLAR,
    ZOTERO,
)
from screening.importers.magic import refuse_foreign
from screening.importers.markdown_table import MarkdownTableReader
from screening.importers.mods import ModsReader
from screening.importers.nbib import NbibReader
from screening.importers.ovid import OvidReader
from screening.importers.own import restored
from screening.importers.parsed import ImportRefusedError, Item, ParsedRecord, Problem
from screening.importers.prior_find import with_prior
from screening.importers.pubmed_xml import PubmedXmlReader
from screening.importers.rdf import RdfReader
from screening.importers.reader import Reader, ReadOptions
from screening.importers.refer import ReferReader
from screening.importers.ris import RisReader
from screening.importers.wos import WosReader
from screening.importers.xlsx import XlsxReader

#: Adding a format: write its reader in a file of its own and name it here.
READERS: tuple[Reader, ...] = (
    RisReader(),
    NbibReader(),
    WosReader(),
    OvidReader(),
    ReferReader(),
    BibtexReader(),
    PubmedXmlReader(),
    EndnoteXmlReader(),
    ArxivAtomReader(),
    ModsReader(),
    CrossrefXmlReader(),
    RdfReader(),
    ZOTERO,
    OPENALEX,
    CROSSREF,
    SEMANTIC_SCHOLAR,
    CSL,
    XlsxReader(),
    EnlxReader(),
    MarkdownTableReader(),
    DelimitedReader(),
)
_ENOUGH = 0.25
_PACKED = frozenset({"xlsx", "enlx"})  # archives themselves


def reader_named(name: str) -> Reader:
    """Return the reader of a format.

    Args:
        name: A reader's `name`.

    Returns:
        The reader.

    Raises:
        ValueError: No format has that name.
    """
    for reader in READERS:
        if reader.name == name:
            return reader
    raise ValueError(f"unknown format {name!r}")


def detect(source: SourceFile) -> Reader:
    """Find the format of a file by its content.

    Args:
        source: The opened file.

    Returns:
        The reader that is most sure of it (the first one on a tie).

    Raises:
        ImportRefusedError: The file is of a foreign kind, or no format fits.
    """
    sure, best = max(((r.confidence(source.head), r) for r in READERS), key=itemgetter(0))
    if best.name not in _PACKED:
        refuse_foreign(source.head)
    if sure < _ENOUGH:
        labels = ", ".join(reader.label for reader in READERS)
        first = source.head.text.strip()[:200]
        raise ImportRefusedError(
            f"This is no file of search results that can be read. Formats: {labels}.", raw=first
        )
    return best


def read(
    source: SourceFile, *, reader: Reader | None = None, options: ReadOptions | None = None
) -> Iterator[Item]:
    """Stream a file's records and problems.

    Args:
        source: The opened file.
        reader: A format chosen by a person; None detects it.
        options: Mapping and delimiter chosen by a person.

    Yields:
        Records, and problems before the record they belong to.

    Raises:
        ImportRefusedError: Nothing of the file can be read.
    """
    chosen = reader or detect(source)
    if source.encoding.misfits:
        yield Problem(
            1,
            f"{source.encoding.misfits} bytes are not {source.encoding.name}; they "
            "were read as Windows-1252. Check the letters.",
        )
    yield from with_prior(_items(chosen, source, options or ReadOptions()))


def _items(reader: Reader, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
    for item in reader.read(source, options):
        if source.pending:
            yield from _drained(source)
        yield restored(item) if isinstance(item, ParsedRecord) else item
    yield from _drained(source)


def _drained(source: SourceFile) -> list[Problem]:
    problems = list(source.pending)
    source.pending.clear()
    return problems


def read_path(path: Path, *, encoding: str = "") -> tuple[SourceFile, Reader, Iterator[Item]]:
    """Open, detect and read a file in one go.

    Args:
        path: The file.
        encoding: A codec name chosen by a person; "" guesses.

    Returns:
        The source, its reader, and the stream of records and problems.

    Raises:
        ImportRefusedError: Nothing of the file can be read.
    """
    source = open_source(path, encoding=encoding)
    reader = detect(source)
    return source, reader, read(source, reader=reader)
