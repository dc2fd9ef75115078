"""Answers of studies in plain data: what Table 1, the gains and the figures read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Scalar = str | bool | tuple[str, ...]


class AnswerStatus(StrEnum):
    """How far an answer may be trusted."""

    RECONCILED = "reconciled"
    VERIFIED = "verified"
    IMPORTED = "imported"
    RAW = "raw"
    __hash__ = str.__hash__  # that of the word it equals, and asked for a million times


class Cell(NamedTuple):
    """One answer of one field with everything that proves it; a tuple, since a review has many.

    Attributes:
        value: As extracted: numbers keep their digits as text, several choices are a tuple.
        unit: `fraction`, `percent` or another unit of the field; empty where none applies.
        status: Reconciled, verified, imported, or one extractor's raw value.
        value_ids: The raw values behind it, one or two ids of `ExtractedValue`.
        consensus_id: The `ConsensusValue` that settled it, if one did.
        page: Page of the full text, from 1.
        quote: The source's own words.
        location: abstract / text / table / figure / supplement, or empty.
        source_url: Address of the source where the value was not read from a stored full text.
        full_text_id: The stored full text the page belongs to.
        is_marked: Whether a rectangle is drawn around it on the page.
        rationale: Why the reconciled value was chosen.
        decided_by: Who reconciled.
    """

    value: Scalar
    unit: str = ""
    status: AnswerStatus = AnswerStatus.RAW
    value_ids: tuple[int, ...] = ()
    consensus_id: int | None = None
    page: int | None = None
    quote: str = ""
    location: str = ""
    source_url: str = ""
    full_text_id: int | None = None
    is_marked: bool = False
    rationale: str = ""
    decided_by: str = ""

    @property
    def is_proven(self) -> bool:
        """Whether it leads to its place: a quote with page or address, or a drawn rectangle."""
        is_quoted = bool(self.quote and (self.page or self.source_url))
        return is_quoted or bool(self.page and self.is_marked)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of a repeating group, e.g. one experiment; `key` is stable for links."""

    key: str
    group: str
    position: int
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudyAnswers:
    """All answers of one study; fields without an answer are absent from `cells`."""

    study_id: int
    first_author: str
    year: int | None
    title: str
    is_final: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)
    rows: Sequence[AnswerRow] = ()
