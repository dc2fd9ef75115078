"""Reads about duplicates: groups, what waits for a person, what was linked and rejected."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from screening.models import (
    DuplicateLink,
    DuplicateSuggestion,
    Job,
    Membership,
    NotDuplicate,
    Record,
    Review,
    Source,
)

DETECTION = "find_duplicates"  # kind of the job


def head_of(record: Record) -> Record:
    """The kept record of the group: the record itself when it is no duplicate."""
    link = DuplicateLink.objects.standing().filter(record=record).select_related("kept").first()
    return link.kept if link else record


def group_of(head: Record) -> list[Record]:
    """A kept record and its duplicates, the kept one first."""
    links = DuplicateLink.objects.standing().filter(kept=head).select_related("record")
    return [head, *(link.record for link in links.order_by("record_id"))]


def best_of(records: Iterable[Record]) -> Record:
    """The record to keep of one report: of the previous version before any other.

    Then one with a report or decisions, then the fullest, then the oldest.

    Args:
        records: Records of one report.
    """
    listed = list(records)
    decided = {one.pk for one in listed if one.decisions.current().exists()}
    return richest(
        listed, reported={one.pk for one in listed if hasattr(one, "report")}, decided=decided
    )


def is_kept_before(record: Record, other: Record) -> bool:
    """Whether only this one of two is of the previous version, which is always the kept one."""
    previous = Source.Kind.PREVIOUS_VERSION
    return record.source.kind == previous and other.source.kind != previous


def richest(
    records: Iterable[Record], *, reported: Collection[int], decided: Collection[int]
) -> Record:
    """The record to keep, when it is known already which have a report or decisions."""
    return max(
        records,
        key=lambda one: (
            one.source.kind == Source.Kind.PREVIOUS_VERSION,
            one.pk in reported,
            one.pk in decided,
            _filled(one),
            -one.pk,
        ),
    )


def _filled(record: Record) -> int:
    values = (
        record.abstract,
        record.authors,
        record.doi,
        record.year,
        record.volume,
        record.pages,
        record.venue,
        record.pmid,
        record.arxiv_id,
    )
    return sum(map(bool, values)) + bool(record.abstract) + bool(record.authors)


def _head(field: str) -> Coalesce:
    links = DuplicateLink.objects.standing().filter(record=OuterRef(field))
    return Coalesce(
        Subquery(links.values("kept_id")[:1]), F(f"{field}_id"), output_field=BigIntegerField()
    )


def open_suggestions(*, review: Review) -> QuerySet[DuplicateSuggestion]:
    """Pairs that wait for a person: neither in one group nor ruled to differ.

    A ruling about two records speaks for their whole groups. The oldest doubt comes first; of one
    run, the likeliest.
    """
    rulings = NotDuplicate.objects.standing().filter(
        first=OuterRef("first"), second=OuterRef("second")
    )
    waiting = DuplicateSuggestion.objects.filter(review=review).filter(~Exists(rulings))
    waiting = waiting.alias(first_head=_head("first"), second_head=_head("second"))
    waiting = waiting.exclude(first_head=F("second_head"))
    return (
        waiting.exclude(pk__in=_answered_for_groups(review, waiting))
        .select_related("first__source", "second__source")
        .order_by("pk")
    )


def heads_of_questions(*, review: Review) -> list[tuple[int, int, int]]:
    """Each open question with the kept records of its two sides."""
    rows = open_suggestions(review=review).values_list("pk", _head("first"), _head("second"))
    return list(rows)


def members_of(*, heads: Collection[int]) -> list[Record]:
    """Kept records with their duplicates, in the order of their numbers."""
    links = DuplicateLink.objects.standing().filter(kept__in=heads)
    found = Record.objects.filter(Q(pk__in=heads) | Q(pk__in=links.values("record")))
    related = found.select_related("source", "review").prefetch_related("duplicate_links")
    return list(related.order_by("pk"))


def _answered_for_groups(review: Review, waiting: QuerySet[DuplicateSuggestion]) -> list[int]:
    """Questions about two groups of which two other records were ruled to differ."""
    rulings = NotDuplicate.objects.standing().filter(review=review)
    heads = rulings.values_list(_head("first"), _head("second"))
    ruled = {frozenset(pair) for pair in heads}
    if not ruled:
        return []
    rows = waiting.order_by().values_list("pk", _head("first"), _head("second"))
    return [pk for pk, one, two in rows if frozenset((one, two)) in ruled]


def standing_links(*, review: Review) -> QuerySet[DuplicateLink]:
    """Links of the review, the youngest first."""
    return (
        DuplicateLink.objects.standing()
        .filter(review=review)
        .select_related("record__source", "kept__source", "created_by__user")
        .order_by("-created_at", "-pk")
    )


def standing_rulings(*, review: Review) -> QuerySet[NotDuplicate]:
    """Rulings that two records differ, the youngest first."""
    return (
        NotDuplicate.objects.standing()
        .filter(review=review)
        .select_related("first__source", "second__source", "created_by__user")
        .order_by("-created_at", "-pk")
    )


def duplicate_counts(*, review: Review) -> dict[str, int]:
    """How many pairs wait, are linked (in all and by rule) and were rejected; never stored."""
    links = DuplicateLink.objects.standing().filter(review=review)
    return {
        "suggested": open_suggestions(review=review).count(),
        "linked": links.count(),
        "by_rule": links.exclude(method=DuplicateLink.Method.MANUAL).count(),
        "rejected": NotDuplicate.objects.standing().filter(review=review).count(),
    }


def running_detection(*, review: Review) -> Job | None:
    """The job that looks for duplicates just now, if there is one."""
    return Job.objects.open().filter(kind=DETECTION, review=review).first()


def last_detection(*, review: Review) -> Job | None:
    """The newest job that looks, or looked, for duplicates in the review."""
    return Job.objects.filter(kind=DETECTION, review=review).order_by("-pk").first()


def groups(*, review: Review) -> list[list[int]]:
    """Ids of the records that are one report, the kept one first, groups in order."""
    found: dict[int, list[int]] = {}
    links = DuplicateLink.objects.standing().filter(review=review)
    for kept, record in links.order_by("kept_id", "record_id").values_list("kept_id", "record_id"):
        found.setdefault(kept, [kept]).append(record)
    return list(found.values())


def last_act(*, membership: Membership) -> DuplicateLink | NotDuplicate | None:
    """What the member did last on the desk and can take back."""
    review = membership.review
    link = standing_links(review=review).filter(created_by=membership).first()
    ruling = standing_rulings(review=review).filter(created_by=membership).first()
    if link and ruling:
        return link if link.created_at > ruling.created_at else ruling
    return link or ruling


def own_verdicts(*, membership: Membership, records: Iterable[Record]) -> dict[int, list[Any]]:
    """The member's own current decisions by record; what others said stays hidden here."""
    found: dict[int, list[Any]] = {}
    mine = membership.decisions.current().filter(record__in=list(records))
    for decision in mine.order_by("stage"):
        found.setdefault(decision.record_id, []).append(decision)
    return found
