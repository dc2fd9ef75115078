"""All formats in one list."""

from screening.exporters.bibtex import BibtexWriter
from screening.exporters.csl import CslWriter
from screening.exporters.csv_file import CsvWriter
from screening.exporters.nbib import NbibWriter
from screening.exporters.ris import RisWriter
from screening.exporters.writer import Writer
from screening.exporters.xlsx import XlsxWriter

#: Adding a format: write its writer in a file of its own and name it here.
WRITERS: tuple[Writer, ...] = (
    RisWriter(),
    CsvWriter(),
    XlsxWriter(),
    BibtexWriter(),
    NbibWriter(),
    CslWriter(),
)


def writer_named(name: str) -> Writer:
    """Return the writer of a format.

    Args:
        name: A writer's `name`.

    Returns:
        The writer.

    Raises:
        ValueError: No format has that name.
    """
    for writer in WRITERS:
        if writer.name == name:
            return writer
    raise ValueError(f"unknown format {name!r}")
