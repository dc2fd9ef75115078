"""Writes about duplicates: link, undo, swap the kept record, rule that two records differ."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.models import (
    AuditEvent,
    DuplicateLink,
    DuplicateSuggestion,
    Membership,
    NotDuplicate,
    Record,
    Review,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.duplicates import head_of, is_kept_before
from screening.services.carrying import carry_decisions, take_back_carried
from screening.services.reports import ensure_reports

Reasons = list[dict[str, Any]]
MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what a link rests: how it came to be, how alike, and why, field by field."""

    method: str = DuplicateLink.Method.MANUAL.value
    score: float | None = None
    reasons: Reasons = field(default_factory=list)


BY_HAND = Grounds()


def lock(review: Review) -> None:
    """Let one writer of links in at a time, so that no two of them build a chain together."""
    Review.objects.select_for_update().get(pk=review.pk)


@transaction.atomic
def link_records(
    *, membership: Membership, kept: Record, duplicate: Record, at: datetime | None = None
) -> DuplicateLink:
    """Say that two records are of the same report; a person's word.

    Groups are joined whole: where `kept` is itself a duplicate, its kept record stays the kept
    one, and duplicates of `duplicate` move along. A ruling that the two differ is taken back.
    `at` is the moment of an act that makes several links.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The records are one, of other reviews, or linked already.
    """
    require(membership, Capability.DEDUPLICATE)
    _check_pair(membership, kept, duplicate)
    lock(membership.review)
    suggestion = DuplicateSuggestion.objects.filter(**pair_of(kept, duplicate)).first()
    _withdraw_ruling(membership, kept, duplicate)
    grounds = Grounds(
        score=suggestion.score if suggestion else None,
        reasons=suggestion.reasons if suggestion else [],
    )
    heads = {"kept": head_of(kept), "gone": head_of(duplicate)}
    link = join(**heads, grounds=grounds, by=membership, at=at)
    ensure_reports(membership.review, among=[link.kept_id])
    return link


def _check_pair(membership: Membership, one: Record, two: Record) -> None:
    if one.pk == two.pk:
        raise ValidationError("A record cannot be a duplicate of itself.")
    if {one.review_id, two.review_id} != {membership.review_id}:
        raise ValidationError("Both records must belong to this review.")


def join(
    *,
    kept: Record,
    gone: Record,
    grounds: Grounds,
    by: Membership | None,
    at: datetime | None = None,
) -> DuplicateLink:
    """Link a kept record and all its duplicates to another kept record.

    A report of the previous version stays the kept one, whichever was named: what is found again
    is its duplicate, and is neither screened nor counted as new.

    Call it inside a transaction that holds the review's lock.

    Raises:
        ValidationError: Both are one group already.
    """
    if kept.pk == gone.pk:
        raise ValidationError("These records are linked already.")
    if is_kept_before(gone, kept):
        kept, gone = gone, kept
    _lock_verdicts(kept, gone)
    now = at or timezone.now()
    for old in DuplicateLink.objects.standing().filter(kept=gone).select_related("record"):
        _end(old, by, now, is_move=True)
        moved = {"field": MOVED, "agrees": True, "text": "Moved along with its kept record"}
        reasons = [*old.reasons, moved | {"from": gone.pk, "link": old.pk}]
        _make(old.record, kept, Grounds(old.method, old.score, reasons), by, now)
    return _make(gone, kept, grounds, by, now)


def _lock_verdicts(kept: Record, gone: Record) -> None:
    """Let nobody decide on the records meanwhile: what is carried over is all there is."""
    moved = Q(pk__in=[kept.pk, gone.pk]) | Q(
        duplicate_links__kept=gone.pk, duplicate_links__undone_at__isnull=True
    )
    ids = sorted(set(Record.objects.filter(moved).values_list("pk", flat=True)))
    list(
        Record.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
        .values_list("pk")
    )


def _make(
    record: Record, kept: Record, grounds: Grounds, by: Membership | None, now: datetime
) -> DuplicateLink:
    link = DuplicateLink(
        review_id=record.review_id,
        record=record,
        kept=kept,
        method=grounds.method,
        score=grounds.score,
        reasons=grounds.reasons,
        created_by=by,
        created_at=now,
    )
    link.full_clean(exclude=["reasons"])
    link.save()
    carry_decisions(link=link)
    _audit("duplicate.linked", link, by, after={"record": record.pk, "kept": kept.pk})
    return link


def end_link(link: DuplicateLink) -> None:
    """End a link of a rule on the app's own behalf; call it inside a transaction with the lock.

    Records that had moved along with the record follow it back.
    """
    now = timezone.now()
    _end(link, None, now)
    _move_back(link, None, now)


def _end(
    link: DuplicateLink, by: Membership | None, now: datetime, *, is_move: bool = False
) -> None:
    """End a link; one that only moves to another kept record counts as nobody's undoing."""
    link.undone_at, link.undone_by = now, None if is_move else by
    link.save(update_fields=["undone_at", "undone_by"])
    take_back_carried(link=link, now=now)
    before = {"record": link.record_id, "kept": link.kept_id}
    _audit("duplicate.unlinked", link, by, before=before)


@transaction.atomic
def undo_link(*, membership: Membership, link: DuplicateLink) -> None:
    """Take a link back: the record stands for itself again, with the decisions it had.

    Records that had moved along with it follow it back. The pair is asked about again and is
    never linked again without a person.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The link is of another review or was undone already.
    """
    require(membership, Capability.DEDUPLICATE)
    link = _standing(membership, link)
    now = timezone.now()
    _end(link, membership, now)
    _move_back(link, membership, now)
    DuplicateSuggestion.objects.get_or_create(
        review=link.review,
        **pair_of(link.record, link.kept),
        defaults={"score": link.score, "reasons": link.reasons},
    )
    ensure_reports(membership.review, among=[link.record_id, link.kept_id])


def _move_back(link: DuplicateLink, by: Membership | None, now: datetime) -> None:
    for moved in _moved_with(link):
        _end(moved, by, now, is_move=True)
        reasons = [reason for reason in moved.reasons if reason.get("field") != MOVED]
        _make(moved.record, link.record, Grounds(moved.method, moved.score, reasons), by, now)


def _standing(membership: Membership, link: DuplicateLink) -> DuplicateLink:
    if link.review_id != membership.review_id:
        raise ValidationError("This link belongs to another review.")
    lock(membership.review)
    found = DuplicateLink.objects.standing().filter(pk=link.pk).select_related("record", "kept")
    if not (fresh := found.first()):
        raise ValidationError("This link was undone already.")
    return fresh


def _moved_with(link: DuplicateLink) -> list[DuplicateLink]:
    others = DuplicateLink.objects.standing().filter(kept=link.kept).select_related("record")
    return [
        other
        for other in others
        if any(
            reason.get("field") == MOVED and reason.get("from") == link.record_id
            for reason in other.reasons
        )
    ]


@transaction.atomic
def keep_instead(*, membership: Membership, record: Record) -> None:
    """Make a duplicate the kept record of its group.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The record is of another review or no duplicate.
    """
    require(membership, Capability.DEDUPLICATE)
    if record.review_id != membership.review_id:
        raise ValidationError("This record belongs to another review.")
    lock(membership.review)
    own = DuplicateLink.objects.standing().filter(record=record).select_related("kept").first()
    if own is None:
        raise ValidationError("This record is no duplicate, so it is kept already.")
    if is_kept_before(own.kept, record):
        raise ValidationError(
            "The kept record is a report of the previous version of this review. It stays the kept "
            "one, so that the report is not counted as new; undo the link if they are two reports."
        )
    now, kept = timezone.now(), own.kept
    links = list(DuplicateLink.objects.standing().filter(kept=kept).select_related("record"))
    for link in links:
        _end(link, membership, now, is_move=True)
    for link in links:
        gone = kept if link.pk == own.pk else link.record
        grounds = Grounds(link.method, link.score, link.reasons)
        _make(gone, record, grounds, membership, now)
    ensure_reports(membership.review, among=[record.pk])


@transaction.atomic
def reject_pair(
    *, membership: Membership, one: Record, two: Record, at: datetime | None = None
) -> NotDuplicate:
    """Rule that two records are different reports; it is never asked again while this stands.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The records are linked: undo the link first.
    """
    require(membership, Capability.DEDUPLICATE)
    _check_pair(membership, one, two)
    lock(membership.review)
    if head_of(one).pk == head_of(two).pk:
        raise ValidationError("These records are linked. Undo the link first.")
    pair = pair_of(one, two)
    ruling, is_new = NotDuplicate.objects.get_or_create(
        review=membership.review,
        undone_at=None,
        **pair,
        defaults={"created_by": membership, "created_at": at or timezone.now()},
    )
    if is_new:
        _audit("duplicate.rejected", ruling, membership, after=_ids(pair))
    return ruling


@transaction.atomic
def undo_rejection(*, membership: Membership, ruling: NotDuplicate) -> None:
    """Take back the ruling that two records differ, so that the pair is asked about again.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The ruling is of another review or was taken back already.
    """
    require(membership, Capability.DEDUPLICATE)
    if ruling.review_id != membership.review_id:
        raise ValidationError("This ruling belongs to another review.")
    lock(membership.review)
    standing = NotDuplicate.objects.standing().filter(pk=ruling.pk)
    if not standing.update(undone_at=timezone.now(), undone_by=membership):
        raise ValidationError("This ruling was taken back already.")
    pair = pair_of(ruling.first, ruling.second)
    DuplicateSuggestion.objects.get_or_create(review=ruling.review, **pair)
    _audit("duplicate.rejection_undone", ruling, membership, before=_ids(pair))


def _withdraw_ruling(membership: Membership, one: Record, two: Record) -> None:
    pair = pair_of(one, two)
    for ruling in NotDuplicate.objects.standing().filter(**pair):
        ruling.undone_at, ruling.undone_by = timezone.now(), membership
        ruling.save(update_fields=["undone_at", "undone_by"])
        _audit("duplicate.rejection_undone", ruling, membership, before=_ids(pair))


def pair_of(one: Record, two: Record) -> dict[str, Any]:
    """Two records in the order in which pairs are stored."""
    first, second = sorted((one, two), key=lambda record: record.pk)
    return {"first": first, "second": second}


def _ids(pair: dict[str, Any]) -> dict[str, int]:
    return {name: record.pk for name, record in pair.items()}


def _audit(
    action: str,
    target: DuplicateLink | NotDuplicate,
    by: Membership | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    AuditEvent.objects.append(
        action=action,
        target=target,
        review=target.review,
        actor=by.user if by else None,
        before=before,
        after=after,
    )
