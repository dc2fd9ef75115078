"""An abstract that a person pastes where the source gave none; who did it stays beside it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import AuditEvent, Membership, Record, RecordCompletion
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.completions import EMPTY
from screening.selectors.shown import shown_record

MAX_ABSTRACT = 20_000
MAX_FOUND_IN = 300
THERE = "The record has an abstract by now; nothing is overwritten."


@transaction.atomic
def paste_abstract(
    *, membership: Membership, record: Record, text: str, found_in: str = ""
) -> RecordCompletion:
    """Fill the empty abstract of a record with pasted text; the imported row stays as it is.

    Args:
        membership: Who pastes; a lead or a screener.
        record: A record of the review that shows no abstract.
        text: The abstract.
        found_in: Where the person found it, in their words or as an address.

    Returns:
        The completion, which can be taken back.

    Raises:
        PermissionDenied: The member may not.
        ValidationError: The record is of another review or has an abstract, or the text is empty
            or too long.
    """
    require(membership, Capability.COMPLETE)
    if record.review_id != membership.review_id:
        raise ValidationError("The record is of another review.")
    pasted, place = text.replace("\r\n", "\n").strip(), found_in.strip()
    _check_size(pasted, place)
    if shown_record(record).abstract:
        raise ValidationError(THERE)
    if not Record.objects.filter(EMPTY["abstract"], pk=record.pk).update(abstract=pasted):
        raise ValidationError(THERE)
    completion = RecordCompletion.objects.create(
        record=record,
        field=RecordCompletion.Field.ABSTRACT,
        value=pasted,
        origin=RecordCompletion.PASTED,
        identifier=place,
        created_by=membership,
    )
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="record.completed",
        target=record,
        before={"abstract": ""},
        after={"abstract": {"value": pasted, "from": RecordCompletion.PASTED, "by": place}},
    )
    return completion


def _check_size(text: str, found_in: str) -> None:
    if not text:
        raise ValidationError("Paste the abstract first.")
    if len(text) > MAX_ABSTRACT:
        raise ValidationError(
            f"This is longer than an abstract: {len(text):,} characters, {MAX_ABSTRACT:,} at most."
        )
    if "\x00" in text or "\x00" in found_in:
        raise ValidationError("The text holds characters that are no text.")
    if len(found_in) > MAX_FOUND_IN:
        raise ValidationError(f"Say in {MAX_FOUND_IN} characters at most where it is from.")
