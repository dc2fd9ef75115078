"""Footnotes of a table, numbered in the order in which a reader meets them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analytics.tables.model import Column, Row, Table

Place = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Numbered remarks.

    Attributes:
        texts: In their order; the first is number 1.
        marks: Numbers by study (None for a column's head) and column.
    """

    texts: tuple[str, ...] = ()
    marks: Mapping[Place, tuple[int, ...]] = field(default_factory=dict)

    def of(self, column: Column, row: Row | None = None) -> tuple[int, ...]:
        """Numbers at a cell, or at the head of a column."""
        return self.marks.get((row.study_id if row else None, column.key), ())

    @property
    def numbered(self) -> list[tuple[int, str]]:
        """Number and text of each."""
        return list(enumerate(self.texts, start=1))


def footnotes_of(table: Table, columns: tuple[Column, ...] | None = None) -> Footnotes:
    """Number the notes of a table.

    Args:
        table: Any table.
        columns: Those shown; all of the table's without. A note of a row whose column is not
            shown stands at the row's first column, one of a head that is not shown is left out.

    Returns:
        Notes numbered from left to right in the head, then row by row; the same words have one
        number wherever they stand.

    Source:
        Own definition.
    """
    shown = [one.key for one in (columns or table.columns)]
    if not shown:
        return Footnotes()
    found: dict[Place, list[str]] = {}
    for note in table.notes:
        if note.study_id is None and note.column not in shown:
            continue
        column = note.column if note.column in shown else shown[0]
        found.setdefault((note.study_id, column), []).append(note.text)
    numbers: dict[str, int] = {}
    marks: dict[Place, tuple[int, ...]] = {}
    for place in _reading_order(table, shown):
        if place in found:
            given = [numbers.setdefault(text, len(numbers) + 1) for text in found[place]]
            marks[place] = tuple(sorted(set(given)))
    return Footnotes(tuple(numbers), marks)


def _reading_order(table: Table, shown: list[str]) -> Iterator[Place]:
    for key in shown:
        yield None, key
    for row in table.rows:
        for key in shown:
            yield row.study_id, key
