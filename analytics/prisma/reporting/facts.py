"""What a review knows of itself, as plain data for the reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class StageFacts:
    """How one stage is screened."""

    name: str
    verdicts_needed: int
    is_blinded: bool
    is_own_ruling_barred: bool
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source: how it is counted, and how many records it gave."""

    name: str
    kind: str
    records: int
    declared: int = 0


@dataclass(frozen=True, slots=True)
class SearchRun:
    """One search of one source.

    Attributes:
        source: Name of the source.
        kind: Kind of the source in the words of PRISMA 2020.
        platform: Interface, or empty.
        searched_on: The day, or nothing.
        strategy: The query as it was run, or empty.
        hits: What the source reported, or nothing.
        records: Records of this search that are here.
        limits: Limits of the search as far as they are known, or empty.
    """

    source: str
    kind: str
    platform: str = ""
    searched_on: date | None = None
    strategy: str = ""
    hits: int | None = None
    records: int = 0
    limits: str = ""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The extraction form in force."""

    title: str
    version: int
    fields: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    has_comparison: bool = False


@dataclass(frozen=True, slots=True)
class ExcludedReport:
    """A report excluded at full text, with its primary reason."""

    report: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """Everything the app can say of a review for its reports.

    Attributes:
        moment: When the facts were read.
        title: Title of the review.
        question: Its question, or empty.
        criteria: Eligibility criteria.
        registration: Register and number, or empty.
        protocol: Text of the protocol, or empty.
        stages: How each stage is screened.
        sources: What each source gave.
        searches: Each search.
        duplicates: Standing links of duplicates by how they came to be.
        flow: Number of each box of the flow, or nothing where it does not add up.
        is_running: Whether anything still waits for a verdict, a report or a study.
        excluded: Reports excluded, with reasons.
        studies: Included studies.
        extractors: How many people extract a study.
        is_extraction_blinded: Whether extractors work without seeing each other.
        form: The extraction form, or nothing.
    """

    moment: datetime
    title: str
    question: str = ""
    criteria: tuple[str, ...] = ()
    registration: str = ""
    protocol: str = ""
    stages: tuple[StageFacts, ...] = ()
    sources: tuple[SourceFacts, ...] = ()
    searches: tuple[SearchRun, ...] = ()
    duplicates: Mapping[str, int] = field(default_factory=dict)
    flow: Mapping[str, int] | None = None
    is_running: bool = False
    excluded: tuple[ExcludedReport, ...] = ()
    studies: tuple[str, ...] = ()
    extractors: int = 2
    is_extraction_blinded: bool = True
    form: FormFacts | None = None
