"""What every write of a verdict locks first, always in this order: the member, then the record."""

from django.core.exceptions import ValidationError

from screening.models import Membership, Record
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.stages import Standing, standing_of

NOT_HERE = "This record is not part of this review."
NOT_IN_STAGE = {
    Stage.TITLE_ABSTRACT: (
        "This record is not screened by title and abstract: it is a duplicate, was removed before "
        "screening, or came by another method."
    ),
    Stage.FULL_TEXT: "This record has not reached the full-text stage.",
}


def lock_member(membership: Membership, capability: Capability) -> Membership:
    """Lock the member's row, so that one person's clicks come one after the other, and ask again.

    Raises:
        PermissionDenied: The person may not, as things stand now.
    """
    members = Membership.objects.select_related("user", "review")
    fresh = members.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    require(fresh, capability)
    return fresh


def lock_record(record_id: int, membership: Membership, stage: Stage) -> Record:
    """Lock a record of the member's review that the stage holds.

    Raises:
        ValidationError: The record is of another review, or not in the stage.
    """
    record = lock_row(record_id, membership)
    standing_in(record, stage)
    return record


def lock_row(record_id: int, membership: Membership) -> Record:
    """Lock a record of the member's review, wherever it stands.

    Raises:
        ValidationError: The record is of another review.
    """
    records = Record.objects.select_for_update(of=("self",), no_key=True)
    record = records.filter(pk=record_id, review=membership.review_id).first()
    if record is None:
        raise ValidationError(NOT_HERE, code="not_here")
    return record


def standing_in(record: Record, stage: Stage) -> Standing:
    """How a locked record stands in the stage.

    Raises:
        ValidationError: The stage does not hold it.
    """
    standing = standing_of(record.pk, stage)
    if standing is None:
        raise ValidationError(NOT_IN_STAGE[stage], code="not_in_stage")
    return standing
