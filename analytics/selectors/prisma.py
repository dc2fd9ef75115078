"""The PRISMA flow of a review, each box a set of ids from its own query; nothing is stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from analytics.prisma.flow import (
    IDENTIFICATION_KINDS,
    NONE,
    OTHER_KINDS,
    Declared,
    Flow,
    FlowError,
    Ids,
    Included,
    Reason,
    Removed,
    Reports,
    Screening,
    SourceKind,
    SourceRows,
)
from analytics.selectors.moments import Statuses, statuses_of
from extraction.models import StudyReport
from screening.models import (
    Adjudication,
    Decision,
    DeclaredRemoval,
    DuplicateLink,
    ExclusionReason,
    FullText,
    Membership,
    PreScreenRemoval,
    Record,
    RetrievalAttempt,
    Review,
    Source,
)
from screening.rules.consensus import Stage, Status, Verdict
from screening.selectors.moments import existing, standing

ATTEMPTS = 3
BOX_OF_DECLARED: Mapping[DeclaredRemoval.Kind, str] = MappingProxyType(
    {
        DeclaredRemoval.Kind.DUPLICATE: "duplicates",
        DeclaredRemoval.Kind.AUTOMATION: "excluded_automatic",
        DeclaredRemoval.Kind.OTHER: "excluded_other",
    }
)
Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class _Asked:
    """Which review, who asks, and for which moment; what both columns need is read once."""

    review: Review
    membership: Membership | None
    as_of: datetime | None

    def statuses(self, stage: Stage, records: Ids) -> Statuses:
        """Team statuses of the records as this person may know them."""
        return statuses_of(
            self.review, stage, records, membership=self.membership, as_of=self.as_of
        )

    @cached_property
    def duplicates(self) -> Ids:
        """Records that stand as a duplicate of another."""
        links = DuplicateLink.objects.filter(standing(self.as_of, "undone_at"), review=self.review)
        return frozenset(links.values_list("record_id", flat=True))

    @cached_property
    def removals(self) -> Mapping[str, Ids]:
        """Records removed before screening, by kind."""
        rows = PreScreenRemoval.objects.filter(
            standing(self.as_of, "undone_at"), record__review=self.review
        ).values_list("record_id", "kind")
        return _grouped((kind, record) for record, kind in rows)

    @cached_property
    def outcomes(self) -> Mapping[int, str]:
        """The latest outcome of each report's log, by its record."""
        attempts = RetrievalAttempt.objects.filter(
            existing(self.as_of), report__record__review=self.review
        )
        rows = attempts.order_by("created_at", "pk").values_list("report__record_id", "outcome")
        return dict(rows)

    @cached_property
    def with_full_text(self) -> Ids:
        """Records whose report has a file."""
        files = FullText.objects.filter(
            standing(self.as_of, "replaced_at"), report__record__review=self.review
        )
        return frozenset(files.values_list("report__record_id", flat=True))

    @cached_property
    def reasons(self) -> Mapping[int, int]:
        """Primary reason of each report excluded: the ruling's, else the reviewers' own."""
        chosen: dict[int, int] = {}
        for model in (Decision, Adjudication):
            rows = model.objects.filter(
                standing(self.as_of, "superseded_at"),
                record__review=self.review,
                stage=Stage.FULL_TEXT,
                verdict=Verdict.EXCLUDE,
                reason__isnull=False,
            )
            chosen.update(rows.order_by("-pk").values_list("record_id", "reason_id"))
        return chosen

    @cached_property
    def reason_labels(self) -> Mapping[int, str]:
        """Label of each reason, in the review's order."""
        reasons = ExclusionReason.objects.filter(review=self.review)
        return {reason.pk: reason.label for reason in reasons}


def flow_of(
    *, review: Review, membership: Membership | None = None, as_of: datetime | None = None
) -> Flow:
    """The flow now or at a moment, in a fixed number of queries.

    A write between two of the queries can make them tell different moments; then the flow does not
    add up and is read again.

    Args:
        review: The review.
        membership: Who asks; a conflict this person may not know of counts as awaiting. Nobody
            means the whole truth.
        as_of: The moment, or now.

    Returns:
        A flow that holds.

    Raises:
        FlowError: When it does not add up; its violations name the rows.
    """
    asked = _Asked(review, membership, as_of)
    for _ in range(ATTEMPTS - 1):
        try:
            return _read(asked)
        except FlowError:
            continue
    return _read(asked)


def _read(asked: _Asked) -> Flow:
    sources = _sources(asked)
    identified = _of_kinds(sources, IDENTIFICATION_KINDS)
    found = _of_kinds(sources, OTHER_KINDS)
    before = _of_kinds(sources, (SourceKind.PREVIOUS_VERSION,))
    removed, other_removed, previous_removed = (
        _removed(asked, ids) for ids in (identified, found, before)
    )
    screened = _screened(asked, identified - removed.all)
    first = asked.statuses(Stage.TITLE_ABSTRACT, screened)
    sought = _sought(asked, screened, first, found - other_removed.all)
    second = asked.statuses(Stage.FULL_TEXT, sought)
    columns = [
        _reports(asked, column, second) for column in (sought & identified, sought - identified)
    ]
    return Flow(
        sources=tuple(rows for _, rows in sources),
        removed=removed,
        screening=Screening(
            screened,
            first.by_status[Status.EXCLUDED],
            first.by_status[Status.AWAITING],
            first.by_status[Status.CONFLICT],
        ),
        databases=columns[0],
        other_removed=other_removed,
        other=columns[1],
        previous_removed=previous_removed,
        included=_included(
            asked, columns[0].included | columns[1].included, before - previous_removed.all
        ),
        declared=_declared(asked, [pk for pk, _ in sources]),
        as_of=asked.as_of,
    )


def _sources(asked: _Asked) -> list[tuple[int, SourceRows]]:
    records = Record.objects.filter(existing(asked.as_of), review=asked.review)
    by_source = _grouped(records.order_by().values_list("source_id", "pk"))
    sources = Source.objects.filter(existing(asked.as_of), review=asked.review).order_by("pk")
    return [
        (
            source.pk,
            SourceRows(SourceKind(source.kind), source.name, by_source.get(source.pk, NONE)),
        )
        for source in sources
    ]


def _of_kinds(sources: Iterable[tuple[int, SourceRows]], kinds: Sequence[SourceKind]) -> Ids:
    return frozenset().union(*(rows.ids for _, rows in sources if rows.kind in kinds))


def _declared(asked: _Asked, sources: Sequence[int]) -> tuple[Declared, ...]:
    rows = DeclaredRemoval.objects.filter(
        standing(asked.as_of, "withdrawn_at"), source__review=asked.review
    )
    return tuple(
        Declared(
            source=sources.index(row.source_id),
            box=BOX_OF_DECLARED[DeclaredRemoval.Kind(row.kind)],
            count=row.count,
            removed_on=row.removed_on,
            note=row.note,
            declared_by=row.declared_by.user.name,
            declared_at=row.created_at,
        )
        for row in rows.select_related("declared_by__user").order_by("created_at", "pk")
    )


def _removed(asked: _Asked, records: Ids) -> Removed:
    """Removed records of one column; a duplicate that was also removed counts as a duplicate."""
    duplicates = records & asked.duplicates
    automatic = records & asked.removals.get(PreScreenRemoval.Kind.AUTOMATION, NONE) - duplicates
    other = records & asked.removals.get(PreScreenRemoval.Kind.OTHER, NONE) - duplicates
    return Removed(duplicates, automatic, other)


def _screened(asked: _Asked, left: Ids) -> Ids:
    """What the screening desk screens; in the past, what was left after removals."""
    if asked.as_of is not None:
        return left
    records = Record.objects.filter(review=asked.review).to_screen()
    return frozenset(records.order_by().values_list("pk", flat=True))


def _sought(asked: _Asked, screened: Ids, first: Statuses, found: Ids) -> Ids:
    """What the full-text desk seeks; in the past, what had passed and what others had found."""
    if asked.as_of is not None:
        return (first.by_status[Status.INCLUDED] & screened) | found
    records = Record.objects.filter(review=asked.review).at_full_text()
    return frozenset(records.order_by().values_list("pk", flat=True))


def _reports(asked: _Asked, sought: Ids, statuses: Statuses) -> Reports:
    """One column: what was read counts as assessed even where the log says nothing of it."""
    outcomes = asked.outcomes
    retrieved = {pk for pk in sought if outcomes.get(pk) == RetrievalAttempt.Outcome.RETRIEVED}
    assessed = sought & (retrieved | asked.with_full_text | statuses.judged)
    missing = {pk for pk in sought if outcomes.get(pk) == RetrievalAttempt.Outcome.NOT_RETRIEVED}
    not_retrieved = frozenset(missing) - assessed
    excluded = assessed & statuses.by_status[Status.EXCLUDED]
    return Reports(
        sought=sought,
        not_retrieved=not_retrieved,
        awaiting_retrieval=sought - assessed - not_retrieved,
        assessed=assessed,
        excluded=excluded,
        reasons=_reasons(asked, excluded),
        awaiting=assessed & statuses.by_status[Status.AWAITING],
        conflict=assessed & statuses.by_status[Status.CONFLICT],
    )


def _reasons(asked: _Asked, excluded: Ids) -> tuple[Reason, ...]:
    """Each excluded report under its one primary reason, in the review's order."""
    by_reason = _grouped((asked.reasons[pk], pk) for pk in excluded & asked.reasons.keys())
    return tuple(
        Reason(label, by_reason[reason])
        for reason, label in asked.reason_labels.items()
        if reason in by_reason
    )


def _included(asked: _Asked, new: Ids, previous: Ids) -> Included:
    """What is in the review: a new report of a study that was there adds no study."""
    rows = StudyReport.objects.filter(existing(asked.as_of), study__review=asked.review)
    study_of = {
        record: study
        for record, study in rows.values_list("report__record_id", "study_id")
        if record in new or record in previous
    }
    studies = frozenset(study_of.values())
    previous_studies = frozenset(study_of[pk] for pk in previous & study_of.keys())
    return Included(
        new_reports=new,
        new_studies=studies - previous_studies,
        previous_reports=previous,
        previous_studies=previous_studies,
        total_reports=new | previous,
        total_studies=studies,
        study_of=study_of,
    )


def _grouped(pairs: Iterable[tuple[Key, int]]) -> dict[Key, Ids]:
    found: dict[Key, set[int]] = defaultdict(set)
    for key, number in pairs:
        found[key].add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}
