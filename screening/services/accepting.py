"""Answers to several questions in one act, which is taken back as one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import combinations
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from screening.models import DuplicateLink, DuplicateSuggestion, Membership, NotDuplicate, Record
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.duplicates import best_of, head_of, open_suggestions
from screening.services.duplicates import (
    MOVED,
    link_records,
    lock,
    reject_pair,
    undo_link,
    undo_rejection,
)

Act = TypeVar("Act", DuplicateLink, NotDuplicate)


@transaction.atomic
def link_suggestions(*, membership: Membership, ids: Collection[int]) -> int:
    """Say that the two records of each of these questions are of one report.

    Args:
        membership: Who says so.
        ids: The questions that the member has seen; those answered meanwhile are passed over.

    Returns:
        How many links were made.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: No question was chosen.
    """
    require(membership, Capability.DEDUPLICATE)
    if not ids:
        raise ValidationError("Choose at least one pair.")
    lock(membership.review)
    at, made = timezone.now(), 0
    asked = open_suggestions(review=membership.review).filter(pk__in=ids)
    for pair in asked.order_by("-score", "pk"):
        made += _link_if_two(membership, pair, at)
    return made


def _link_if_two(membership: Membership, pair: DuplicateSuggestion, at: datetime) -> bool:
    """Link a pair unless an earlier link of the same act has joined it already."""
    still_open = open_suggestions(review=membership.review).filter(pk=pair.pk)
    if not still_open.exists():
        return False
    kept = best_of((head_of(pair.first), head_of(pair.second)))
    gone = pair.second if head_of(pair.first) == kept else pair.first
    link_records(membership=membership, kept=kept, duplicate=gone, at=at)
    return True


@transaction.atomic
def link_group(*, membership: Membership, kept: Record, records: Sequence[Record]) -> int:
    """Say that several records are of one report.

    Args:
        membership: Who says so.
        kept: The record to keep.
        records: The others; those linked to it already are passed over.

    Returns:
        How many links were made.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: Fewer than two records, or one of another review.
    """
    require(membership, Capability.DEDUPLICATE)
    others = [record for record in records if record.pk != kept.pk]
    if not others:
        raise ValidationError("Choose at least two records.")
    lock(membership.review)
    at, made = timezone.now(), 0
    for record in others:
        if head_of(record).pk != head_of(kept).pk:
            link_records(membership=membership, kept=kept, duplicate=record, at=at)
            made += 1
    return made


@transaction.atomic
def reject_group(*, membership: Membership, records: Sequence[Record]) -> int:
    """Rule that several records are all different reports.

    Args:
        membership: Who says so.
        records: Two or more records, of which no two are linked.

    Returns:
        How many pairs were ruled on.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: Fewer than two records, one of another review, or two that are linked.
    """
    require(membership, Capability.DEDUPLICATE)
    if len(records) < 2:  # noqa: PLR2004 (a pair)
        raise ValidationError("Choose at least two records.")
    at = timezone.now()
    pairs = list(combinations(records, 2))
    for one, two in pairs:
        reject_pair(membership=membership, one=one, two=two, at=at)
    return len(pairs)


@transaction.atomic
def undo_links(*, membership: Membership, link: DuplicateLink) -> int:
    """Take back all links that a person made in one act.

    Args:
        membership: Who takes it back.
        link: One of its links.

    Returns:
        How many were taken back.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The link is of another review or was undone already.
    """
    require(membership, Capability.DEDUPLICATE)
    said = [one for one in _same_act(DuplicateLink.objects.all(), link) if not _is_moved(one)]
    count = 0
    for one in said or [link]:
        standing = DuplicateLink.objects.standing().filter(record=one.record_id, kept=one.kept_id)
        if here := standing.first() or (one if one.pk == link.pk else None):
            undo_link(membership=membership, link=here)
            count += 1
    return count


@transaction.atomic
def undo_rejections(*, membership: Membership, ruling: NotDuplicate) -> int:
    """Take back all rulings that a person made in one act.

    Args:
        membership: Who takes it back.
        ruling: One of its rulings.

    Returns:
        How many were taken back.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The ruling is of another review or was taken back already.
    """
    require(membership, Capability.DEDUPLICATE)
    rulings = list(_same_act(NotDuplicate.objects.standing(), ruling)) or [ruling]
    for one in rulings:
        undo_rejection(membership=membership, ruling=one)
    return len(rulings)


def _same_act(rows: QuerySet[Act], act: Act) -> QuerySet[Act]:
    """What the same person did at the same moment, the last first."""
    same = {"created_by": act.created_by_id, "created_at": act.created_at}
    return rows.filter(review=act.review_id, created_by__isnull=False, **same).order_by("-pk")


def _is_moved(link: DuplicateLink) -> bool:
    """A link that nobody said: it only moved along with its kept record."""
    return any(reason.get("field") == MOVED for reason in link.reasons)
