"""Writes about numbers from before the import: declared with a day and a note, never changed."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, DeclaredRemoval, Membership, Source
from screening.permissions import require
from screening.rules.roles import Capability


@dataclass(frozen=True, slots=True)
class RemovalFacts:
    """What is known of records that were removed outside, before the import."""

    kind: str
    count: int
    note: str
    removed_on: date


@transaction.atomic
def declare_removal(
    *, membership: Membership, source: Source, facts: RemovalFacts
) -> DeclaredRemoval:
    """Declare how many records of a source were removed before the import.

    Args:
        membership: Who declares it; a lead.
        source: Whose records they were.
        facts: Kind, number, how, and the day.

    Returns:
        The declaration; it stands until it is withdrawn.

    Raises:
        PermissionDenied: The member may not change the review.
        ValidationError: The source is of another review or of the previous version, the number is
            not positive, the note is empty, or the day has not come.
    """
    require(membership, Capability.MANAGE)
    if source.review_id != membership.review_id:
        raise ValidationError("This source is not part of this review.")
    if source.kind == Source.Kind.PREVIOUS_VERSION:
        raise ValidationError(
            "The previous version identifies no records, so none of them were removed."
        )
    if facts.count < 1:
        raise ValidationError({"count": "Give the number of removed records, at least 1."})
    if facts.removed_on > timezone.localdate():
        raise ValidationError({"removed_on": "This day has not come yet."})
    declared = DeclaredRemoval(
        source=source,
        kind=facts.kind,
        count=facts.count,
        note=facts.note.strip(),
        removed_on=facts.removed_on,
        declared_by=membership,
    )
    declared.full_clean()
    declared.save()
    AuditEvent.objects.append_by(membership, "removal.declared", declared, after=_facts(declared))
    return declared


@transaction.atomic
def withdraw_removal(*, membership: Membership, declared: DeclaredRemoval) -> None:
    """Take a declared number back; the row stays, and so do flows of earlier days.

    Raises:
        PermissionDenied: The member may not change the review.
        ValidationError: It is of another review or withdrawn already.
    """
    require(membership, Capability.MANAGE)
    standing = DeclaredRemoval.objects.select_for_update(of=("self",)).filter(
        pk=declared.pk, source__review=membership.review, withdrawn_at__isnull=True
    )
    found = standing.first()
    if found is None:
        raise ValidationError("This number was withdrawn already.")
    found.withdrawn_at, found.withdrawn_by = timezone.now(), membership
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    AuditEvent.objects.append_by(membership, "removal.withdrawn", found, before=_facts(found))


def _facts(declared: DeclaredRemoval) -> dict[str, object]:
    names = ("source_id", "kind", "count", "note", "removed_on")
    return {name: getattr(declared, name) for name in names}
