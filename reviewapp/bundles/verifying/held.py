"""What a bundle holds, from a ZIP or a folder it was unpacked to."""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

Row = dict[str, str]
SHORT = 20
#: Columns that are held of the tables that grow with the review.
LOOKED_AT = {
    "records": ("id", "source"),
    "decisions": (
        *("id", "record", "stage", "reviewer", "verdict", "reason", "origin", "replaces"),
        *("created_at", "superseded_at", "undone_at"),
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was exported."""

    what: str
    where: str
    exported: str
    computed: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.what}: {self.where}: exported {self.exported}, found {self.computed}"


class Held:
    """Files and tables of a bundle."""

    def __init__(self, path: Path) -> None:
        """Open a ZIP or a folder."""
        self._folder = None if path.is_file() else path
        self._archive = zipfile.ZipFile(path) if path.is_file() else None

    def names(self) -> set[str]:
        """Every file that is there."""
        if self._archive:
            return {one.filename for one in self._archive.infolist() if not one.is_dir()}
        if self._folder is None:
            return set()
        found = (path for path in self._folder.rglob("*") if path.is_file())
        names = {path.relative_to(self._folder).as_posix() for path in found}
        return {name for name in names if "__pycache__" not in name}

    def open(self, name: str) -> BinaryIO:
        """A file to read bytes from."""
        if self._archive:
            return self._archive.open(name)  # type: ignore[return-value]
        return (self._folder or Path()).joinpath(name).open("rb")

    def json(self, name: str) -> Any:
        """A file of JSON."""
        with self.open(name) as file:
            return json.load(file)

    def rows(self, path: str) -> Iterator[Row]:
        """The rows of a CSV file; the ' that guards a cell is taken off."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        with self.open(path) as file:
            for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""), restval=""):
                yield {name: cell.removeprefix("'") for name, cell in row.items()}

    @cache  # noqa: B019  # one bundle for the life of the program
    def table(self, name: str) -> list[Row]:
        """The rows of a table, of large ones only what is looked at; equal short cells are one."""
        found = self.stream(name)
        columns = LOOKED_AT.get(name)
        if not columns:
            return list(found)
        known: dict[str, str] = {}
        return [
            {
                column: known.setdefault(row[column], row[column])
                if len(row[column]) <= SHORT
                else row[column]
                for column in columns
            }
            for row in found
        ]

    def stream(self, name: str) -> Iterator[Row]:
        """The rows of a table one by one, for those that are too many to be held."""
        return self.rows(f"tables/{name}.csv")
