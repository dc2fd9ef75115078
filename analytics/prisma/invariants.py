"""The identities I1 to I7 that hold in every PRISMA flow, checked by ids and not by counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.prisma.flow import Flow, Reports

    Ids = frozenset[int]

SHOWN_IDS = 20


@dataclass(frozen=True, slots=True)
class Violation:
    """One identity that does not hold, and the rows to blame."""

    invariant: str
    message: str
    ids: Ids

    @property
    def is_of_studies(self) -> bool:
        """Whether the ids are those of studies; all others are of records."""
        return "studies" in self.message.split(" must ")[0]

    def __str__(self) -> str:
        """`I1: message: ids 3, 5`, at most twenty ids."""
        ids = sorted(self.ids)
        rest = f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else ""
        return f"{self.invariant}: {self.message}: ids {', '.join(map(str, ids[:SHOWN_IDS]))}{rest}"


@dataclass(frozen=True, slots=True)
class Sum:
    """One identity in numbers, e.g. `412 = 531 - 117 - 0 - 2`."""

    invariant: str
    words: str
    numbers: str


def violations_of(flow: Flow) -> tuple[Violation, ...]:
    """All identities that a flow breaks.

    Args:
        flow: Any flow, complete or not.

    Returns:
        The violations in the order I1 to I7; empty when everything adds up.

    Source:
        DESIGN section 5; own definition.
    """
    return tuple(
        violation
        for violation in (
            *_identification(flow),
            *_screening(flow),
            *_reports("databases and registers", flow.databases),
            *_reports("other methods", flow.other),
            *_included(flow),
            *_previous(flow),
            *_sources(flow),
        )
        if violation.ids
    )


def sums_of(flow: Flow) -> tuple[Sum, ...]:
    """The seven identities in words and numbers, for people to check.

    Args:
        flow: A flow that holds.

    Returns:
        One or more sums per identity; those of an empty column are left out.
    """
    rows = [
        _sum_of_screened(flow),
        _sum(
            "I2",
            "Sought = screened − excluded − awaiting − in conflict",
            flow.databases.sought,
            flow.screening.screened,
            flow.screening.excluded,
            flow.screening.awaiting,
            flow.screening.conflict,
        ),
        *_sums_of_reports("databases and registers", flow.databases),
    ]
    if flow.has_other_methods:
        rows += _sums_of_reports("other methods", flow.other)
    return (*rows, *_last_sums(flow))


def _sum_of_screened(flow: Flow) -> Sum:
    counts = flow.counts
    identified = counts["database_results"] + counts["register_results"]
    removed = [counts[box] for box in ("duplicates", "excluded_automatic", "excluded_other")]
    numbers = " − ".join(f"{number:,}" for number in (identified, *removed))
    return Sum(
        "I1",
        "Screened = identified − removed before screening",
        f"{counts['records_screened']:,} = {numbers}",
    )


def _sums_of_reports(column: str, reports: Reports) -> list[Sum]:
    return [
        _sum(
            "I3",
            f"Assessed = sought − not retrieved − awaiting, {column}",
            reports.assessed,
            reports.sought,
            reports.not_retrieved,
            reports.awaiting_retrieval,
        ),
        _added(
            "I4",
            f"Excluded = sum of the reasons, {column}",
            reports.excluded,
            [reason.ids for reason in reports.reasons],
        ),
    ]


def _last_sums(flow: Flow) -> list[Sum]:
    included = flow.included
    out = flow.databases.included, flow.other.included
    rows = [
        _added("I5", "Reports included = from databases + from other", included.new_reports, out),
        _added(
            "I7",
            "Records here = sum of the sources",
            flow.identified | flow.identified_by_other_methods | flow.brought_over,
            [rows.ids for rows in flow.sources],
        ),
    ]
    if flow.has_previous:
        studies = [included.previous_studies, included.new_studies]
        reports = [included.previous_reports, included.new_reports]
        rows[1:1] = [
            _added("I6", "Studies = previous + new", included.total_studies, studies),
            _added("I6", "Reports = previous + new", included.total_reports, reports),
        ]
    return rows


def _sum(invariant: str, words: str, result: Ids, first: Ids, *less: Ids) -> Sum:
    numbers = " − ".join(f"{len(ids):,}" for ids in (first, *less))
    return Sum(invariant, words, f"{len(result):,} = {numbers}")


def _added(invariant: str, words: str, result: Ids, parts: Iterable[Ids]) -> Sum:
    numbers = " + ".join(f"{len(ids):,}" for ids in parts) or "0"
    return Sum(invariant, words, f"{len(result):,} = {numbers}")


def _identification(flow: Flow) -> Iterator[Violation]:
    removed = flow.removed
    parts = [removed.duplicates, removed.automatic, removed.other]
    yield Violation(
        "I1", "removed before screening but never identified", removed.all - flow.identified
    )
    yield Violation("I1", "removed before screening more than once", _in_several(parts))
    expected = flow.identified - removed.all
    yield Violation(
        "I1", "screened must be identified less removed", flow.screening.screened ^ expected
    )


def _screening(flow: Flow) -> Iterator[Violation]:
    screening = flow.screening
    parts = [screening.excluded, screening.awaiting, screening.conflict]
    out = frozenset().union(*parts)
    yield Violation("I2", "has a status but was not screened", out - screening.screened)
    yield Violation("I2", "has more than one status at title and abstract", _in_several(parts))
    yield Violation(
        "I2",
        "sought must be screened less excluded, awaiting and in conflict",
        flow.databases.sought ^ (screening.screened - out),
    )
    expected = flow.identified_by_other_methods - flow.other_removed.all
    yield Violation(
        "I2",
        "sought by other methods must be identified less removed",
        flow.other.sought ^ expected,
    )


def _reports(column: str, reports: Reports) -> Iterator[Violation]:
    parts = [reports.not_retrieved, reports.awaiting_retrieval]
    gone = reports.not_retrieved | reports.awaiting_retrieval
    yield Violation("I3", f"not retrieved but never sought ({column})", gone - reports.sought)
    yield Violation("I3", f"both not retrieved and awaiting ({column})", _in_several(parts))
    yield Violation(
        "I3",
        f"assessed must be sought less not retrieved and awaiting ({column})",
        reports.assessed ^ (reports.sought - gone),
    )
    reasons = [reason.ids for reason in reports.reasons]
    yield Violation("I4", f"excluded under more than one reason ({column})", _in_several(reasons))
    yield Violation(
        "I4",
        f"the reasons must make up the reports excluded ({column})",
        frozenset().union(*reasons) ^ reports.excluded,
    )
    pending = [reports.excluded, reports.awaiting, reports.conflict]
    yield Violation(
        "I5",
        f"has a status but was not assessed ({column})",
        frozenset().union(*pending) - reports.assessed,
    )
    yield Violation("I5", f"has more than one status ({column})", _in_several(pending))


def _included(flow: Flow) -> Iterator[Violation]:
    included = flow.included
    yield Violation(
        "I5",
        "included reports must be assessed less excluded and pending",
        included.new_reports ^ (flow.databases.included | flow.other.included),
    )
    studies = frozenset(
        study for report, study in included.study_of.items() if report in included.new_reports
    )
    yield Violation(
        "I5",
        "new studies must be those of the included reports, less the previous ones",
        included.new_studies ^ (studies - included.previous_studies),
    )


def _previous(flow: Flow) -> Iterator[Violation]:
    included = flow.included
    yield Violation(
        "I6",
        "previous reports must be those brought over, less duplicates and removed",
        included.previous_reports ^ (flow.brought_over - flow.previous_removed.all),
    )
    studies = (included.study_of.get(report) for report in included.previous_reports)
    yield Violation(
        "I6",
        "previous studies must be those of the previous reports",
        included.previous_studies ^ {study for study in studies if study is not None},
    )
    yield Violation(
        "I6",
        "total reports must be previous and new",
        included.total_reports ^ (included.previous_reports | included.new_reports),
    )
    yield Violation(
        "I6",
        "total studies must be previous and new",
        included.total_studies ^ (included.previous_studies | included.new_studies),
    )
    yield Violation(
        "I6", "a report is previous and new", included.previous_reports & included.new_reports
    )


def _sources(flow: Flow) -> Iterator[Violation]:
    per_source = [rows.ids for rows in flow.sources]
    yield Violation("I7", "counted under more than one source", _in_several(per_source))
    removed = flow.other_removed
    parts = [removed.duplicates, removed.automatic, removed.other]
    yield Violation(
        "I7",
        "set aside but never identified by other methods",
        removed.all - flow.identified_by_other_methods,
    )
    yield Violation("I7", "set aside more than once (other methods)", _in_several(parts))
    before = flow.previous_removed
    yield Violation("I7", "set aside but never brought over", before.all - flow.brought_over)
    parts = [before.duplicates, before.automatic, before.other]
    yield Violation("I7", "set aside more than once (previous version)", _in_several(parts))
    yield Violation(
        "I7", "in both columns of the diagram", flow.databases.sought & flow.other.sought
    )


def _in_several(parts: Iterable[Ids]) -> Ids:
    seen: set[int] = set()
    twice: set[int] = set()
    for ids in parts:
        twice |= seen & ids
        seen |= ids
    return frozenset(twice)
