"""The PRISMA 2020 flow as sets of ids, which refuses to exist when its sums do not agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from analytics.prisma.invariants import Violation, violations_of

Ids = frozenset[int]
NONE: Ids = frozenset()


class SourceKind(StrEnum):
    """Kind of a source in the words of PRISMA 2020; the first two are screened."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATION_SEARCHING = "citation_searching"
    OTHER = "other"


IDENTIFICATION_KINDS = (SourceKind.DATABASE, SourceKind.REGISTER)
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
        """Included reports that nobody has assigned to a study yet."""
        return frozenset(self.new_reports - self.study_of.keys())


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
        included: What comes out.
        as_of: The moment shown, or nothing for now.

    Raises:
        FlowError: When one of the identities I1 to I7 does not hold.

    Source:
        PRISMA 2020 statement, Page et al. 2021, BMJ 372:n71, figure 1; identities: own definition.
    """

    sources: tuple[SourceRows, ...] = ()
    removed: Removed = Removed()
    screening: Screening = Screening()
    databases: Reports = Reports()
    other_removed: Removed = Removed()
    other: Reports = Reports()
    included: Included = Included()
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse sums that do not agree."""
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
        return self.of_kinds(set(SourceKind) - set(IDENTIFICATION_KINDS))

    @property
    def has_previous(self) -> bool:
        """Whether this is an update of an earlier version of the review."""
        return bool(self.included.previous_reports or self.included.previous_studies)

    @property
    def has_other_methods(self) -> bool:
        """Whether anything was looked for outside databases and registers."""
        return any(rows.kind not in IDENTIFICATION_KINDS for rows in self.sources)

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
        """Records of other methods that lead to no report of their own, with why."""
        return {
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
