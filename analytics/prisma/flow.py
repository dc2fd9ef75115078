"""The PRISMA 2020 flow as sets of ids, which refuses to exist when its sums do not agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from analytics.prisma.invariants import Violation, violations_of

Ids = frozenset[int]
NONE: Ids = frozenset()


class SourceKind(StrEnum):
    """Kind of a source in the words of PRISMA 2020; only the first two are screened."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATION_SEARCHING = "citation_searching"
    OTHER = "other"
    PREVIOUS_VERSION = "previous_version"


IDENTIFICATION_KINDS = (SourceKind.DATABASE, SourceKind.REGISTER)
OTHER_KINDS = (
    SourceKind.WEBSITE,
    SourceKind.ORGANISATION,
    SourceKind.CITATION_SEARCHING,
    SourceKind.OTHER,
)
REMOVAL_BOXES = ("duplicates", "excluded_automatic", "excluded_other")
FIELD_OF_KIND: Mapping[SourceKind, str] = MappingProxyType(
    {
        SourceKind.DATABASE: "database_results",
        SourceKind.REGISTER: "register_results",
        SourceKind.WEBSITE: "website_results",
        SourceKind.ORGANISATION: "organisation_results",
        SourceKind.CITATION_SEARCHING: "citations_results",
        SourceKind.OTHER: "other_methods_results",
    }
)


class FlowError(ValueError):
    """The sums of a flow do not agree; `violations` names each with the offending ids."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        """Keep the violations and say them all in one message."""
        self.violations = violations
        super().__init__("; ".join(str(violation) for violation in violations))


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The records one source gave."""

    kind: SourceKind
    name: str
    ids: Ids


@dataclass(frozen=True, slots=True)
class Declared:
    """Records that were removed before the import, known by their number only.

    The same number is added to what the source gave and to what was removed, so I1 holds.

    Attributes:
        source: Place of the source among the flow's, from 0.
        box: One of `REMOVAL_BOXES`.
        count: How many, > 0.
        removed_on: The day on which they were removed.
        note: How, e.g. "EndNote 21, find duplicates".
        declared_by: Who declared it.
        declared_at: When.

    Raises:
        ValueError: When the count is not positive or the box unknown.
    """

    source: int
    box: str
    count: int
    removed_on: date | None = None
    note: str = ""
    declared_by: str = ""
    declared_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be added."""
        if self.count < 1:
            raise ValueError(f"A declared number is at least 1, not {self.count}.")
        if self.box not in REMOVAL_BOXES:
            raise ValueError(f"{self.box!r} is none of {', '.join(REMOVAL_BOXES)}.")


@dataclass(frozen=True, slots=True)
class Reason:
    """The reports excluded under one primary reason."""

    name: str
    ids: Ids


@dataclass(frozen=True, slots=True)
class Removed:
    """Records that never reach screening: `awaiting` none, each in exactly one set."""

    duplicates: Ids = NONE
    automatic: Ids = NONE
    other: Ids = NONE

    @property
    def all(self) -> Ids:
        """Every record removed before screening."""
        return self.duplicates | self.automatic | self.other


@dataclass(frozen=True, slots=True)
class Screening:
    """Title and abstract of the records from databases and registers."""

    screened: Ids = NONE
    excluded: Ids = NONE
    awaiting: Ids = NONE
    conflict: Ids = NONE


@dataclass(frozen=True, slots=True)
class Reports:
    """Retrieval and eligibility of the reports of one column.

    A report is named by the id of its kept record, so that every level can be compared by ids.
    """

    sought: Ids = NONE
    not_retrieved: Ids = NONE
    awaiting_retrieval: Ids = NONE
    assessed: Ids = NONE
    excluded: Ids = NONE
    reasons: tuple[Reason, ...] = ()
    awaiting: Ids = NONE
    conflict: Ids = NONE

    @property
    def included(self) -> Ids:
        """Reports that passed eligibility."""
        return self.assessed - self.excluded - self.awaiting - self.conflict


@dataclass(frozen=True, slots=True)
class Included:
    """Studies and reports in the review; `study_of` leads from a report to its study."""

    new_reports: Ids = NONE
    new_studies: Ids = NONE
    previous_reports: Ids = NONE
    previous_studies: Ids = NONE
    total_reports: Ids = NONE
    total_studies: Ids = NONE
    study_of: Mapping[int, int] = field(default_factory=dict)

    @property
    def without_study(self) -> Ids:
        """Included reports, new or previous, that nobody has assigned to a study yet."""
        return frozenset((self.new_reports | self.previous_reports) - self.study_of.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The whole flow at one moment.

    Attributes:
        sources: One entry per source, each record under exactly one.
        removed: Records of databases and registers removed before screening.
        screening: Title and abstract of what is left.
        databases: Reports of those that passed.
        other_removed: Records of other methods that lead to no report of their own: duplicates,
            mostly of database records, and removals.
        other: Reports found by other methods; they are not screened on title and abstract.
        previous_removed: Records of the previous version that stand for no report of their own.
        included: What comes out.
        declared: Numbers from before the import, added to the rows that are here.
        as_of: The moment shown, or nothing for now.

    Raises:
        FlowError: When one of the identities I1 to I7 does not hold.
        ValueError: When a number is declared for a source that gives nothing to screen or seek.

    Source:
        PRISMA 2020 statement, Page et al. 2021, BMJ 372:n71, figure 1; identities: own definition.
    """

    sources: tuple[SourceRows, ...] = ()
    removed: Removed = Removed()
    screening: Screening = Screening()
    databases: Reports = Reports()
    other_removed: Removed = Removed()
    other: Reports = Reports()
    previous_removed: Removed = Removed()
    included: Included = Included()
    declared: tuple[Declared, ...] = ()
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse sums that do not agree."""
        for one in self.declared:
            if self.sources[one.source].kind is SourceKind.PREVIOUS_VERSION:
                raise ValueError("The previous version identifies nothing, so nothing is declared.")
        violations = violations_of(self)
        if violations:
            raise FlowError(violations)

    def of_kinds(self, kinds: Iterable[SourceKind]) -> Ids:
        """Records of the sources of these kinds."""
        wanted = set(kinds)
        return frozenset().union(*(rows.ids for rows in self.sources if rows.kind in wanted))

    @property
    def identified(self) -> Ids:
        """Records of databases and registers."""
        return self.of_kinds(IDENTIFICATION_KINDS)

    @property
    def identified_by_other_methods(self) -> Ids:
        """Records of websites, organisations, citation searching and others."""
        return self.of_kinds(OTHER_KINDS)

    @property
    def brought_over(self) -> Ids:
        """Records of what the previous version of the review included."""
        return self.of_kinds([SourceKind.PREVIOUS_VERSION])

    @property
    def declared_counts(self) -> dict[str, int]:
        """Declared numbers by the key of the box or source (`source.0`) they are added to."""
        counts: dict[str, int] = {}
        for one in self.declared:
            kind = self.sources[one.source].kind
            aside = "other_duplicates" if one.box == "duplicates" else "other_removed"
            box = one.box if kind in IDENTIFICATION_KINDS else aside
            for key in (f"source.{one.source}", FIELD_OF_KIND[kind], box):
                counts[key] = counts.get(key, 0) + one.count
        return counts

    @property
    def counts(self) -> dict[str, int]:
        """The number of every box and source: its rows and what was declared."""
        named = {**self.boxes, **self.in_progress, **self.set_aside}
        named |= {f"source.{i}": rows.ids for i, rows in enumerate(self.sources)}
        declared = self.declared_counts
        return {key: len(ids) + declared.get(key, 0) for key, ids in named.items()}

    @property
    def has_previous(self) -> bool:
        """Whether this is an update of an earlier version of the review."""
        return bool(self.included.previous_reports or self.included.previous_studies)

    @property
    def has_other_methods(self) -> bool:
        """Whether anything was looked for outside databases and registers."""
        return any(rows.kind in OTHER_KINDS for rows in self.sources)

    @property
    def is_running(self) -> bool:
        """Whether anything still waits for a verdict, a full text or a study."""
        return any(self.in_progress.values())

    @property
    def boxes(self) -> dict[str, Ids]:
        """Every box under its field name of the PRISMA2020 template, with its set of ids.

        Returns:
            Field name to ids, in the order of the diagram; record ids in identification, screening
            and for reports (the report's kept record), study ids where the name ends in `studies`.
        """
        result = self.included
        by_kind = {name: self.of_kinds([kind]) for kind, name in FIELD_OF_KIND.items()}
        return {
            **by_kind,
            "duplicates": self.removed.duplicates,
            "excluded_automatic": self.removed.automatic,
            "excluded_other": self.removed.other,
            "records_screened": self.screening.screened,
            "records_excluded": self.screening.excluded,
            **_report_boxes("dbr", self.databases),
            **_report_boxes("other", self.other),
            "new_studies": result.new_studies,
            "new_reports": result.new_reports,
            "previous_studies": result.previous_studies,
            "previous_reports": result.previous_reports,
            "total_studies": result.total_studies,
            "total_reports": result.total_reports,
        }

    @property
    def in_progress(self) -> dict[str, Ids]:
        """What still waits, under its name; all empty when the review is finished."""
        return {
            "records_awaiting": self.screening.awaiting,
            "records_conflict": self.screening.conflict,
            **_waiting_boxes("dbr", self.databases),
            **_waiting_boxes("other", self.other),
            "reports_without_study": self.included.without_study,
        }

    @property
    def set_aside(self) -> dict[str, Ids]:
        """Records without screening that lead to no report of their own, with why."""
        before = self.previous_removed
        return {
            "previous_duplicates": before.duplicates,
            "previous_removed": before.automatic | before.other,
            "other_duplicates": self.other_removed.duplicates,
            "other_removed": self.other_removed.automatic | self.other_removed.other,
        }


def _report_boxes(prefix: str, reports: Reports) -> dict[str, Ids]:
    return {
        f"{prefix}_sought_reports": reports.sought,
        f"{prefix}_notretrieved_reports": reports.not_retrieved,
        f"{prefix}_assessed": reports.assessed,
        f"{prefix}_excluded": reports.excluded,
    }


def _waiting_boxes(prefix: str, reports: Reports) -> dict[str, Ids]:
    return {
        f"{prefix}_awaiting_retrieval": reports.awaiting_retrieval,
        f"{prefix}_awaiting": reports.awaiting,
        f"{prefix}_conflict": reports.conflict,
    }
