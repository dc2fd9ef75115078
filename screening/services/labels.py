"""Tags and notes on records and a person's own highlighted words: helpful, never counted."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, Membership, Note, Record, RecordTag, Tag
from screening.permissions import require
from screening.rules.roles import Capability

MAX_NOTE = 5000


@transaction.atomic
def add_tag(*, membership: Membership, record: Record, label: str) -> RecordTag:
    """Put a tag on a record in the member's name; a new label becomes a tag of the review.

    Raises:
        ValidationError: The record is of another review, or the label is empty or too long.
    """
    _require_here(membership, record)
    label = " ".join(label.split())
    if not label:
        raise ValidationError("Write the tag's name.")
    tag = Tag.objects.filter(review=membership.review_id, label__iexact=label).first()
    if tag is None:
        tag = Tag(review=membership.review, label=label)
        tag.full_clean()
        tag.save()
    placed, is_new = RecordTag.objects.get_or_create(record=record, tag=tag, member=membership)
    if is_new:
        AuditEvent.objects.append_by(membership, "record.tagged", record, after={"tag": tag.label})
    return placed


@transaction.atomic
def remove_tag(*, membership: Membership, record: Record, tag_id: int) -> None:
    """Take one's own tag off a record.

    Raises:
        ValidationError: There is no such tag of the member's on the record.
    """
    _require_here(membership, record)
    placed = RecordTag.objects.filter(record=record, tag=tag_id, member=membership)
    found = placed.select_related("tag").first()
    if found is None:
        raise ValidationError("This tag of yours is not on the record.", code="missing")
    AuditEvent.objects.append_by(
        membership, "record.untagged", record, after={"tag": found.tag.label}
    )
    found.delete()


@transaction.atomic
def add_note(
    *, membership: Membership, record: Record, body: str, is_private: bool = False
) -> Note:
    """Write a note on a record, for the team or for oneself.

    Raises:
        ValidationError: The record is of another review, or the note is empty or too long.
    """
    _require_here(membership, record)
    body = body.strip()
    if not body:
        raise ValidationError("Write the note first.")
    if len(body) > MAX_NOTE:
        raise ValidationError(f"This note has {len(body)} characters; {MAX_NOTE} are the most.")
    note = Note.objects.create(record=record, author=membership, body=body, is_private=is_private)
    AuditEvent.objects.append_by(membership, "note.written", record, after={"note": note.pk})
    return note


@transaction.atomic
def remove_note(*, membership: Membership, note: Note) -> None:
    """Delete one's own note.

    Raises:
        ValidationError: The note is another's.
    """
    _require_here(membership, note.record)
    if note.author_id != membership.pk:
        raise ValidationError("Only its author may delete a note.", code="not_mine")
    AuditEvent.objects.append_by(
        membership, "note.deleted", note.record, after={"note": note.pk, "at": timezone.now()}
    )
    note.delete()


def _require_here(membership: Membership, record: Record) -> None:
    require(membership, Capability.VIEW)
    if record.review_id != membership.review_id:
        raise ValidationError("This record is not part of this review.", code="not_here")
