"""Writes about single exclusion reasons: added, renamed, moved, retired, taken up again.

A decision names the reason and not its words, so a new name shows everywhere at once and what was
counted stays counted; the audit trail keeps the old name.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, ExclusionReason, Membership
from screening.services.in_order import (
    found_in,
    free_words,
    last_position,
    lock_lists,
    number,
    swapped,
)

NOT_HERE = "This reason is not part of this review."


@transaction.atomic
def add_reason(*, lead: Membership, label: str) -> ExclusionReason:
    """Add a reason at the end of the review's order.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The label is empty, too long, or taken.
    """
    in_order = _locked(lead)
    reason = ExclusionReason(review=lead.review, position=last_position(in_order) + 1)
    reason.label = _free_label(in_order, reason, label)
    reason.full_clean()
    reason.save()
    AuditEvent.objects.append_by(lead, "reason.added", reason, after={"label": reason.label})
    return reason


@transaction.atomic
def add_reasons(*, lead: Membership, labels: Sequence[str]) -> list[ExclusionReason]:
    """Add several reasons in their order; all or, when one does not fit, none.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: There is no label, or one is too long or taken.
    """
    given = [label for label in labels if label.strip()]
    if not given:
        raise ValidationError("Write the reason's name.")
    return [add_reason(lead=lead, label=label) for label in given]


@transaction.atomic
def rename_reason(*, lead: Membership, reason: ExclusionReason, label: str) -> None:
    """Give a reason another name; every decision under it shows the new one.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The reason is of another review, or the label is empty, too long or taken.
    """
    in_order = _locked(lead)
    found = found_in(in_order, reason, NOT_HERE)
    before = found.label
    found.label = _free_label(in_order, found, label)
    if found.label == before:
        return
    found.full_clean()
    found.save(update_fields=["label"])
    AuditEvent.objects.append_by(
        lead, "reason.renamed", found, before={"label": before}, after={"label": found.label}
    )


@transaction.atomic
def move_reason(*, lead: Membership, reason: ExclusionReason, is_up: bool) -> None:
    """Move a reason one place up or down among those in use; at the end it stays.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The reason is of another review, or retired.
    """
    in_order = _locked(lead)
    found = found_in(in_order, reason, NOT_HERE)
    used = [one for one in in_order if one.retired_at is None]
    if found not in used:
        raise ValidationError("A retired reason has no place in the order.", code="retired")
    moved = swapped(used, found, is_up=is_up)
    if moved is None:
        return
    number([*moved, *(one for one in in_order if one.retired_at is not None)])
    ExclusionReason.objects.bulk_update(in_order, ["position"])
    before, after = [one.label for one in used], [one.label for one in moved]
    AuditEvent.objects.append_by(
        lead, "reason.moved", found, before={"order": before}, after={"order": after}
    )


@transaction.atomic
def set_reason_retired(*, lead: Membership, reason: ExclusionReason, is_retired: bool) -> None:
    """Retire a reason, so that nobody can choose it any more, or take it up again.

    What it counted stays counted under it.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The reason is of another review, or a question of a path leads to it.
    """
    found = found_in(_locked(lead), reason, NOT_HERE)
    if (found.retired_at is not None) == is_retired:
        return
    question = found.path_questions.filter(retired_at__isnull=True).first()
    if is_retired and question is not None:
        raise ValidationError(
            f"The question “{question}” leads to this reason: give it another one, or take the "
            "question out of the path first.",
            code="asked_for",
        )
    found.retired_at = timezone.now() if is_retired else None
    found.save(update_fields=["retired_at"])
    action = "reason.retired" if is_retired else "reason.restored"
    AuditEvent.objects.append_by(lead, action, found, after={"label": found.label})


def _locked(lead: Membership) -> list[ExclusionReason]:
    """The review's reasons in their order; one change of them at a time."""
    lock_lists(lead)
    return list(ExclusionReason.objects.filter(review=lead.review_id))


def _free_label(in_order: list[ExclusionReason], reason: ExclusionReason, label: str) -> str:
    words, same = free_words(label, in_order, reason, empty="Write the reason's name.")
    if same is not None:
        where = "among the retired ones, so take it up again" if same.retired_at else "already"
        raise ValidationError(f"There is a reason “{same.label}” {where}.", code="taken")
    return words
