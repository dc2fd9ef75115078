"""Writes of the talk about a record: saying something, and taking one's own words back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, DiscussionMessage, Membership, Pilot, Record
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.discussion import is_discussion_open
from screening.selectors.pilot_results import may_talk

MAX_MESSAGE = 5000
CLOSED = "The talk about this record opens once you may see what the others said of it."


@transaction.atomic
def say(
    *,
    membership: Membership,
    record: Record,
    stage: Stage,
    body: str,
    pilot: Pilot | None = None,
) -> DiscussionMessage:
    """Say something about a record, or of its verdicts in a pilot, to those who may see them.

    Raises:
        ValidationError: The verdicts on the record are not open to the member, the record is of
            another review, or the message is empty or too long.
    """
    require(membership, Capability.VIEW)
    if record.review_id != membership.review_id:
        raise ValidationError("This record is not part of this review.", code="not_here")
    is_open = (
        is_discussion_open(membership, record, stage)
        if pilot is None
        else may_talk(membership, pilot, record)
    )
    if not is_open:
        raise ValidationError(CLOSED, code="closed")
    body = body.strip()
    if not body:
        raise ValidationError("Write the message first.")
    if len(body) > MAX_MESSAGE:
        raise ValidationError(
            f"This message has {len(body)} characters; {MAX_MESSAGE} are the most."
        )
    message = DiscussionMessage.objects.create(
        record=record, stage=stage, pilot=pilot, author=membership, body=body
    )
    _log(membership, message, "discussion.said")
    return message


@transaction.atomic
def take_back(*, membership: Membership, message_id: int) -> DiscussionMessage:
    """Take one's own message back; its row stays, and taking it back twice changes nothing.

    Raises:
        ValidationError: There is no such message in the review, or it is another's.
    """
    require(membership, Capability.VIEW)
    rows = DiscussionMessage.objects.filter(record__review=membership.review_id)
    message = rows.select_for_update(of=("self",)).filter(pk=message_id).first()
    if message is None:
        raise ValidationError("There is no such message.", code="missing")
    if message.author_id != membership.pk:
        raise ValidationError("Only its author may take a message back.", code="not_mine")
    if message.withdrawn_at is None:
        message.withdrawn_at = timezone.now()
        message.save(update_fields=["withdrawn_at"])
        _log(membership, message, "discussion.taken_back")
    return message


def _log(membership: Membership, message: DiscussionMessage, action: str) -> None:
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action=action,
        target=message,
        after={"record": message.record_id, "stage": message.stage},
    )
