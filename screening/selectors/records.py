"""Records of a review: the list with its filters, and why a record is where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from screening.models import (
    Decision,
    DuplicateLink,
    Membership,
    PreScreenRemoval,
    Record,
    RecordTag,
    RetrievalAttempt,
)
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage
from screening.selectors.blinding import visible_decisions, visible_ruling, with_seen_status
from screening.selectors.origins import found_in_all, standing_as
from screening.selectors.reasons import excluded_for
from screening.selectors.stages import in_stage

MAX_DIGITS = 16
STAGE_WORDS = {Stage.TITLE_ABSTRACT: "Title & abstract", Stage.FULL_TEXT: "Full text"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of records is narrowed to; empty means all."""

    words: str = ""
    stage: str = ""
    status: str = ""
    source: int | None = None
    tag: int | None = None
    batch: int | None = None
    standing: str = ""
    found_in: tuple[int, ...] = ()
    reason: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a record, as one person may know it."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


def record_or_404(membership: Membership, record_id: int) -> Record:
    """A record of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    records = Record.objects.select_related("source", "batch", "review", "report")
    found = records.filter(pk=record_id, review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such record.")
    return found


def place_or_404(membership: Membership, record_id: int) -> Record:
    """The bare record of the member's review, to walk on from.

    Raises:
        Http404: There is none in this review.
    """
    found = Record.objects.filter(pk=record_id, review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such record.")
    return found


def records_list(*, membership: Membership, filters: Filters) -> RecordQuerySet:
    """Records by words, stage, status, origin, reason and own tag; the status as one may know it.

    A reason is the primary one of an exclusion at full text, so it narrows to that stage.
    """
    records = Record.objects.filter(review=membership.review_id).select_related("source")
    for word in filters.words.split():
        is_number = Q(pk=int(word)) if word.isdecimal() and len(word) < MAX_DIGITS else Q()
        text = Q(title__icontains=word) | Q(abstract__icontains=word) | Q(doi__iexact=word)
        records = records.filter(text | is_number | Q(authors__icontains=word))
    if filters.source:
        records = records.filter(source=filters.source)
    if filters.batch:
        records = records.filter(batch=filters.batch)
    records = standing_as(records, filters.standing)
    if filters.found_in:
        records = found_in_all(records, filters.found_in)
    if filters.tag:
        mine = RecordTag.objects.filter(record=OuterRef("pk"), tag=filters.tag, member=membership)
        records = records.filter(Exists(mine))
    stage = Stage(filters.stage) if filters.stage else Stage.TITLE_ABSTRACT
    stage = Stage.FULL_TEXT if filters.reason else stage
    if filters.stage or filters.status or filters.reason:
        records = in_stage(records, stage)
    records = with_seen_status(records, membership=membership, stage=stage)
    if filters.status:
        records = records.filter(Q(seen_status=filters.status))
    if filters.reason:
        records = excluded_for(records, filters.reason)
    duplicates = DuplicateLink.objects.standing().filter(record=OuterRef("pk"))
    removals = PreScreenRemoval.objects.filter(record=OuterRef("pk"), undone_at__isnull=True)
    decided = Decision.objects.current().filter(
        record=OuterRef("pk"), stage=stage, reviewer=membership
    )
    return records.annotate(
        is_duplicate=Exists(duplicates), is_removed=Exists(removals), is_mine=Exists(decided)
    ).order_by("pk")


def trace_of(*, membership: Membership, record: Record) -> Sequence[Step]:
    """Why the record is where it is, oldest first; nothing that blinding hides."""
    batch = record.batch
    steps = [Step(record.created_at, f"Imported from {record.source}", note=batch.original_name)]
    for link in DuplicateLink.objects.filter(Q(record=record) | Q(kept=record)).select_related(
        "record", "kept", "created_by__user"
    ):
        steps += _of_link(link, record)
    for removal in record.removals.select_related("created_by__user"):
        what = f"Removed before screening: {removal.get_kind_display()}"
        steps.append(Step(removal.created_at, what, str(removal.created_by), removal.note))
        if removal.undone_at:
            steps.append(Step(removal.undone_at, "Put back", str(removal.undone_by or "")))
    for one in record.completions.all():  # without the person: who looks a record up reads it
        what = f"{one.get_field_display()} filled from {one.origin_label}"
        steps.append(Step(one.created_at, what, note=f"by {one.identifier}"))
        if one.undone_at:
            steps.append(Step(one.undone_at, f"{one.get_field_display()} taken back"))
    for stage in Stage:
        steps += _of_stage(membership, record, stage)
    for attempt in RetrievalAttempt.objects.filter(report__record=record).select_related(
        "created_by__user"
    ):
        what = f"{attempt.get_outcome_display()}: {attempt.how}"
        steps.append(Step(attempt.created_at, what, str(attempt.created_by or ""), attempt.note))
    return sorted(steps, key=lambda step: step.at)


def _of_link(link: DuplicateLink, record: Record) -> list[Step]:
    is_kept = link.kept_id == record.pk
    other = link.record if is_kept else link.kept
    what = (
        f"Record {other.pk} is a duplicate of this one"
        if is_kept
        else (f"Duplicate of record {other.pk}")
    )
    who = str(link.created_by or "")
    steps = [Step(link.created_at, what, who, link.get_method_display())]
    if link.undone_at:
        steps.append(Step(link.undone_at, f"No longer tied to record {other.pk}"))
    return steps


def _of_stage(membership: Membership, record: Record, stage: Stage) -> list[Step]:
    word = STAGE_WORDS[stage]
    steps = [
        Step(
            one.created_at,
            f"{word}: {one.verdict}" + (f", {one.reason}" if one.reason else ""),
            str(one.reviewer),
            one.comment,
        )
        for one in visible_decisions(membership=membership, record=record, stage=stage)
    ]
    ruling = visible_ruling(membership=membership, record=record, stage=stage)
    if ruling:
        what = f"{word}: {ruling.verdict}, {ruling.get_kind_display().lower()}"
        steps.append(Step(ruling.created_at, what, str(ruling.adjudicator), ruling.rationale))
    return steps
