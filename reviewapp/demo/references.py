"""The paper's reference list as an import file, made of the rows of `records.csv`."""

import csv
import io
import re

from reviewapp.demo.tables import references

COLUMNS = {
    "reference": "row_no",
    "title": "title",
    "authors": "authors",
    "year": "year",
    "venue": "venue",
    "version": "version",
}
_BETWEEN_NAMES = re.compile(r"(?<=\.),\s+|\s+&\s+|(?<=\.)\s+(?=et al\.)")
_INITIAL = re.compile(r"\b[A-Z]\.")
REFERENCE = "reference"


def references_file() -> bytes:
    """A CSV file with one row a reference: number, title, authors, year, venue, version.

    Authors are parted by semicolons; nothing else differs from the table.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    for row in references():
        cells = {name: row[column] for name, column in COLUMNS.items()}
        writer.writerow(cells | {"authors": "; ".join(authors_of(row["authors"]))})
    return text.getvalue().encode()


def authors_of(printed: str) -> list[str]:
    """The single names of a printed list such as `Zhou, H.-Y., Lee, B. & Yang, G.`."""
    parts = _BETWEEN_NAMES.split(printed)
    if not _INITIAL.search(printed):  # surnames only
        parts = [name for part in parts for name in part.split(", ")]
    return [part.strip() for part in parts if part.strip()]
