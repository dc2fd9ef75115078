"""Reading answers with the same readers that read uploaded files."""

import tempfile
from pathlib import Path

from screening.importers.files import open_source
from screening.importers.parsed import ImportRefusedError, ParsedRecord
from screening.importers.registry import read, reader_named
from screening.online.errors import BrokenAnswerError


def records_of(body: bytes, reader: str) -> list[ParsedRecord]:
    """Read the records of an answer.

    Args:
        body: The answer.
        reader: Name of the reader, e.g. `pubmed_xml`.

    Returns:
        The records in their order.

    Raises:
        BrokenAnswerError: The reader can make nothing of it.
    """
    with tempfile.NamedTemporaryFile(prefix="answer-") as copy:
        copy.write(body)
        copy.flush()
        try:
            source = open_source(Path(copy.name), encoding="utf-8")
            items = list(read(source, reader=reader_named(reader)))
        except ImportRefusedError as error:
            raise BrokenAnswerError(f"The answer could not be read: {error}") from error
    return [item for item in items if isinstance(item, ParsedRecord)]
