"""A table as plain data: columns, rows, and the evidence behind each value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from analytics.tables.evidence import PARTS, texts_of
from extraction.schema.answers import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: Its name in exports for programs.
        label: Its words on a page and in print.
        is_number: Whether its texts are numbers.
        is_result: Whether it depends on the reported experiment.
        is_renamed: Whether the label was chosen by the review.
        of: Key of the column whose evidence it tells; empty for a column of its own.
        part: Which part of that evidence, or `TRACE` for how the row's numbers were chosen.
    """

    key: str
    label: str
    is_number: bool = False
    is_result: bool = False
    is_renamed: bool = False
    of: str = ""
    part: str = ""

    @property
    def heading(self) -> str:
        """The head of a spreadsheet: the stable name, or the review's own."""
        return self.label if self.is_renamed else self.key


class Value(NamedTuple):
    """What stands in one place; a tuple, since a long table has half a million.

    Attributes:
        text: As shown and exported; numbers keep the digits they were extracted with. Empty where
            nothing is known.
        cell: The answer behind it with its evidence; nothing for computed values.
        note: Why it is empty, for people.
        applies: Whether the question is asked of this study at all.
    """

    text: str = ""
    cell: Cell | None = None
    note: str = ""
    applies: bool = True


EMPTY = Value()
TRACE = "trace"  # the part of a column that tells how a row's numbers were chosen


@dataclass(frozen=True, slots=True)
class Row:
    """One row: of a study, or of one of its experiments.

    Attributes:
        study_id: The study.
        group: What the rows are grouped by, in words; empty where it is not known.
        values: By column key; absent means empty.
        trace: How the numbers were chosen, one sentence a step.
        reason: Why there are no numbers, empty where there are some.
        experiment: Key of the experiment the numbers come from.
        subset: Key of the experiment behind the numbers of the subset.
        is_by_hand: Whether a person chose the experiment.
    """

    study_id: int
    group: str
    values: Mapping[str, Value] = field(default_factory=dict)
    trace: tuple[str, ...] = ()
    reason: str = ""
    experiment: str = ""
    subset: str = ""
    is_by_hand: bool = False

    def text(self, key: str) -> str:
        """Text of one column, empty where nothing is known."""
        return self.values.get(key, EMPTY).text

    def said(self, column: Column) -> str:
        """What stands in one column: an answer, a part of its evidence, or why it was chosen."""
        if not column.part:
            return self.values.get(column.key, EMPTY).text
        if column.part == TRACE:
            return " ".join(self.trace)
        cell = self.values.get(column.of, EMPTY).cell
        return texts_of(cell)[PARTS.index(column.part)] if cell else ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark under the table.

    Attributes:
        text: The remark.
        column: Key of the column it belongs to; empty for a whole row.
        study_id: The row it belongs to; None for the column's head.
    """

    text: str
    column: str = ""
    study_id: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their order, with the columns that every export has in this order.

    `answered` are the keys of the columns in which an answer stands; None where nobody has looked.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    group_column: str = ""
    notes: tuple[Note, ...] = ()
    answered: frozenset[str] | None = None

    def groups(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Consecutive rows of one group, with the group's words."""
        start = 0
        for i, row in enumerate(self.rows):
            if i and row.group != self.rows[i - 1].group:
                yield self.rows[start].group, self.rows[start:i]
                start = i
        if self.rows:
            yield self.rows[start].group, self.rows[start:]

    @property
    def empty_cells(self) -> int:
        """Number of places where an answer could stand and nothing is known."""
        values = (row.values.get(one.key, EMPTY) for row in self.rows for one in self.columns)
        return sum(value.applies and not value.text for value in values)
