"""Records out of a table, as the command of this package takes them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from screening.dedup.locators import clean_year
from screening.dedup.names import split_authors
from screening.dedup.records import DedupRecord

_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "record_id"),
    "title": ("title",),
    "authors": ("author", "authors"),
    "year": ("year",),
    "venue": ("journal", "venue", "booktitle"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages",),
    "doi": ("doi", "doi_in_url"),
    "pmid": ("pmid",),
    "arxiv_id": ("arxiv_id", "arxiv", "eprint"),
    "abstract": ("abstract",),
    "type": ("entrytype", "type", "version"),
}
_MISSING = frozenset({"", "na", "nan", "none", "null"})


def read_rows(rows: Iterable[Mapping[str, str | None]]) -> Iterator[DedupRecord]:
    """Make records of table rows, one at a time.

    Args:
        rows: one mapping of column name to cell per record; the names in any case. Of the columns
            only the one of the id is needed; "NA" and empty cells are missing values.

    Yields:
        The records in the order of the rows.

    Raises:
        ValueError: A row has no id, or two rows have the same.

    Source:
        Own definition.
    """
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        cells = {
            name.strip().lower(): value.strip()
            for name, value in row.items()
            if name and isinstance(value, str) and value.strip().lower() not in _MISSING
        }
        values = {field: _first(cells, names) for field, names in _COLUMNS.items()}
        if not values["id"]:
            raise ValueError(f"Row {number} has no value in the column ID.")
        if values["id"] in seen:
            raise ValueError(f"Row {number} repeats the ID {values['id']!r}.")
        seen.add(values["id"])
        yield _record(values)


def _first(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if name in cells), "")


def _record(values: dict[str, str]) -> DedupRecord:
    authors, year = values.pop("authors"), values.pop("year")
    return DedupRecord(**values, authors=split_authors(authors), year=clean_year(year))


def read_csv(path: Path) -> Iterator[DedupRecord]:
    """Read a table of records, one at a time, so that a large one needs little memory.

    Args:
        path: a CSV file in UTF-8 with one header row.

    Yields:
        The records in the order of the rows.

    Raises:
        ValueError: The file is not UTF-8 text, has no column ID, or an ID is missing or repeated.

    Source:
        Own definition.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            names = {str(name).strip().lower() for name in table.fieldnames or ()}
            if not names & set(_COLUMNS["id"]):
                raise ValueError("The table has no column ID.")
            yield from read_rows(table)
    except UnicodeDecodeError as fault:
        raise ValueError(f"The table is not UTF-8 text (byte {fault.start}).") from fault
    except csv.Error as fault:
        raise ValueError(f"The table cannot be read: {fault}.") from fault
