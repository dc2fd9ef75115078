"""What a spreadsheet holds once its cells are checked: values, studies, problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """One cell that needs a look.

    Attributes:
        address: As a spreadsheet shows it; of the row's study cell where it is about the row.
        column: The column's name.
        text: What stands there.
        message: What is wrong and what to do.
        is_question: It is imported all the same.
    """

    address: str
    column: str
    text: str
    message: str
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class SheetValue:
    """One checked answer with its evidence, as it is stored."""

    field: str
    group: str
    row: str
    value: Any
    unit: str
    evidence: Mapping[str, Any]
    address: str
    text: str


@dataclass(slots=True)
class SheetStudy:
    """One study as one person extracted it: answers by (group, row, field), rows in their order."""

    key: str
    person: int | None
    study_id: int | None
    title: str = ""
    first_author: str = ""
    year: int | None = None
    address: str = ""
    values: dict[tuple[str, str, str], SheetValue] = field(default_factory=dict)
    rows: list[tuple[str, str, bool]] = field(default_factory=list)


@dataclass(slots=True)
class SheetReading:
    """What a sheet would bring."""

    studies: list[SheetStudy]
    problems: list[SheetProblem]

    @property
    def values(self) -> int:
        """Answers that can be imported."""
        return sum(len(one.values) for one in self.studies)

    @property
    def rows(self) -> int:
        """Rows of repeating groups that would be made."""
        return sum(len(one.rows) for one in self.studies)


@dataclass(frozen=True, slots=True)
class Known:
    """What the review knows: ids of studies by folded key (None where two have it), people."""

    studies: Mapping[str, int | None]
    people: Mapping[str, int]
    titles: Mapping[int, str] = field(default_factory=dict)


def folded(text: str) -> str:
    """A key as it is compared: without regard to case and blanks."""
    return " ".join(text.casefold().split())
