"""Writes about the record as shown: a person chooses which record gives a field."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.dedup.best import FIELDS
from screening.models import AuditEvent, FieldChoice, Membership, Record
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.duplicates import group_of, head_of
from screening.services.duplicates import lock


@transaction.atomic
def choose_field(*, membership: Membership, record: Record, field: str) -> FieldChoice:
    """Show one record's value of a field for the whole group of the report.

    No record's row changes. The choice holds wherever the record stands: it goes with it when the
    link is undone and comes back with it.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The record is of another review, gives no such value or has no group.
    """
    require(membership, Capability.DEDUPLICATE)
    group = _checked_group(membership, record, field)
    if not getattr(record, field):
        raise ValidationError("This record gives no value for this field.")
    _release(membership, group, field)
    choice = FieldChoice(
        review=membership.review, record=record, field=field, created_by=membership
    )
    choice.full_clean()
    choice.save()
    _audit("duplicate.field_chosen", choice, membership)
    return choice


@transaction.atomic
def release_field(*, membership: Membership, record: Record, field: str) -> None:
    """Let the rules choose a field of the record's group again.

    Raises:
        PermissionDenied: The member may not judge duplicates.
        ValidationError: The record is of another review or has no group, or nobody has chosen.
    """
    require(membership, Capability.DEDUPLICATE)
    group = _checked_group(membership, record, field)
    if not _release(membership, group, field):
        raise ValidationError("Nobody has chosen this field; the rules choose it already.")


def _checked_group(membership: Membership, record: Record, field: str) -> list[Record]:
    if record.review_id != membership.review_id:
        raise ValidationError("This record belongs to another review.")
    if field not in FIELDS:
        raise ValidationError("A record has no such field.")
    lock(membership.review)
    group = group_of(head_of(record))
    if len(group) == 1:
        raise ValidationError("This record has no duplicates, so it shows its own fields.")
    return group


def _release(membership: Membership, group: list[Record], field: str) -> int:
    standing = FieldChoice.objects.standing().filter(record__in=group, field=field)
    ended = list(standing)
    standing.update(undone_at=timezone.now(), undone_by=membership)
    for choice in ended:
        _audit("duplicate.field_released", choice, membership)
    return len(ended)


def _audit(action: str, choice: FieldChoice, by: Membership) -> None:
    AuditEvent.objects.append(
        action=action,
        target=choice,
        review=choice.review,
        actor=by.user,
        after={"record": choice.record_id, "field": choice.field},
    )
