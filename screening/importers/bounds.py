"""Limits that keep a damaged file from filling the memory."""

from dataclasses import dataclass

from screening.importers.files import MAX_LINE
from screening.importers.parsed import Problem

ROOM = MAX_LINE + 1024 * 1024
_PER_LINE = 60  # bytes a line costs besides its letters


@dataclass(slots=True)
class Stray:
    """Lines that belong to nothing: how many, from where on, and how they begin."""

    outside: str  # what they stand outside of: "record"
    kept: int = 1000
    first: int = 0
    count: int = 0
    raw: str = ""

    def add(self, number: int, line: str) -> None:
        """Count a line; only the first ones are kept."""
        self.first = self.first or number
        self.count += 1
        if len(self.raw) < self.kept:
            self.raw += line[: self.kept]

    def take(self) -> list[Problem]:
        """Return what a person is told (nothing or one problem) and begin anew."""
        if not self.count:
            return []
        words = "line stands" if self.count == 1 else "lines stand"
        message = f"{self.count} {words} outside every {self.outside}."
        problem = Problem(self.first, message, self.raw[: self.kept])
        self.first, self.count, self.raw = 0, 0, ""
        return [problem]


@dataclass(slots=True)
class Room:
    """What one record may take; the lines beyond are counted and dropped."""

    left: int = 0
    beyond: int = 0

    def open(self) -> None:
        """Begin a record."""
        self.left, self.beyond = ROOM, 0

    def has(self, line: str) -> bool:
        """Whether the record can take the line."""
        self.left -= len(line) + _PER_LINE
        self.beyond += self.left < 0
        return self.left >= 0

    def said(self, what: str) -> str:
        """What a person is told; empty when all lines found room."""
        if not self.beyond:
            return ""
        return f"The {what} is longer than {ROOM:,} letters; {self.beyond:,} lines were cut off."
