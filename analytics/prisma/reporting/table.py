"""A report as rows: what is asked, what the review says, what is still to be written."""

from dataclasses import dataclass
from datetime import datetime

from analytics.prisma.reporting.items import Item

TO_BE_WRITTEN = "To be written"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One item with what the review says of it; empty where only the authors know."""

    item: Item
    told: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be written."""
        return not self.told


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A whole report and when its cells were computed."""

    title: str
    review: str
    moment: datetime
    rows: tuple[ReportRow, ...]

    @property
    def filled(self) -> int:
        """How many items the review could answer."""
        return sum(not row.is_open for row in self.rows)


def listed(parts: list[str] | tuple[str, ...]) -> str:
    """Sentences or names one a line, empty ones left out."""
    return "\n".join(part for part in parts if part)
