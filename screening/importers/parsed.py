"""What an importer hands over: parsed records, their links, and the problems on the way."""

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

from screening.importers.prior import Prior


class Severity(enum.StrEnum):
    """How bad a problem is: `rejected` costs the record, `warning` does not."""

    REJECTED = "rejected"
    WARNING = "warning"


class LinkRole(enum.StrEnum):
    """What a link of a record leads to."""

    OFFICIAL = "official"
    PREPRINT = "preprint"
    CODE = "code"
    PDF = "pdf"
    OTHER = "other"


class ImportRefusedError(ValueError):
    """The file as a whole cannot be read; the message says what is wrong and what to do."""

    def __init__(self, message: str, *, position: int = 1, raw: str = "") -> None:
        """Keep where in the file the reason stands.

        Args:
            message: For a person: what is wrong, where, what to do.
            position: Line or row number, from 1.
            raw: The offending text, at most some hundred characters.
        """
        super().__init__(message)
        self.position = position
        self.raw = raw


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a record: the cleaned address, its role, its label and the address as written."""

    url: str
    role: LinkRole = LinkRole.OTHER
    label: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about one place of the file."""

    position: int
    message: str
    raw: str = ""
    severity: Severity = Severity.WARNING

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain JSON data."""
        return {
            "position": self.position,
            "message": self.message,
            "severity": str(self.severity),
            "raw": self.raw,
        }


_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """One bibliographic record as one file lists it.

    `position` is the number of the line (or of the row) where it starts, from 1. `extra` keeps
    each tag or column that no field took, in the file's order. `raw_text` is the record's own
    stretch of the file, untouched. `prior` is what people had decided on it elsewhere.
    """

    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    arxiv_id: str = ""
    urls: tuple[Link, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = ""
    type: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    raw_text: str = ""
    position: int = 1
    prior: Prior | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the record as plain JSON data (tuples become lists)."""
        made = {"urls", "extra", "prior"}
        data: dict[str, object] = {
            name: getattr(self, name) for name in self.__slots__ if name not in made
        }
        data["authors"] = list(self.authors)
        data["keywords"] = list(self.keywords)
        data["urls"] = [asdict(link) for link in self.urls]
        data["extra"] = {name: list(values) for name, values in self.extra.items()}
        if self.prior is not None:
            data["prior"] = self.prior.as_dict()
        return data


Item = ParsedRecord | Problem
