"""Writes about the review's tags themselves: renamed, or merged into another. Never counted."""

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import AuditEvent, Membership, RecordTag, Tag
from screening.services.in_order import lock_lists


@transaction.atomic
def create_tag(*, lead: Membership, label: str) -> Tag:
    """Make a tag that people can put on records.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The label is empty, too long, or taken.
    """
    lock_lists(lead)
    tag = Tag(review=lead.review, label=_free_label(lead, label))
    tag.full_clean()
    tag.save()
    AuditEvent.objects.append_by(lead, "tag.created", tag, after={"label": tag.label})
    return tag


@transaction.atomic
def rename_tag(*, lead: Membership, tag: Tag, label: str) -> None:
    """Give a tag another label, on every record that has it.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: The tag is of another review, or the label is empty, too long or taken.
    """
    lock_lists(lead)
    tag = _here(lead, tag)
    before = tag.label
    tag.label = _free_label(lead, label, tag)
    if tag.label == before:
        return
    tag.full_clean()
    tag.save(update_fields=["label"])
    AuditEvent.objects.append_by(
        lead, "tag.renamed", tag, before={"label": before}, after={"label": tag.label}
    )


@transaction.atomic
def merge_tags(*, lead: Membership, tag: Tag, into: Tag) -> None:
    """Make two tags one: each record keeps who tagged it, and a person's tag stands there once.

    Raises:
        PermissionDenied: Only a lead may.
        ValidationError: A tag is of another review, or the two are the same.
    """
    lock_lists(lead)
    tag, into = _here(lead, tag), _here(lead, into)
    if tag.pk == into.pk:
        raise ValidationError("A tag cannot be merged into itself. Choose another one.")
    placed = list(RecordTag.objects.filter(tag=tag).values_list("record", "member", "created_at"))
    RecordTag.objects.bulk_create(
        (
            RecordTag(record_id=record, tag=into, member_id=member, created_at=at)
            for record, member, at in placed
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    labels = {"before": {"label": tag.label}, "after": {"label": into.label}}
    AuditEvent.objects.append_by(lead, "tag.merged", into, **labels)
    if placed:  # of its own, as nobody reads it while a stage is blinded
        places = {"placed": [[record, member] for record, member, _ in placed]}
        AuditEvent.objects.append_by(lead, "tag.placements_moved", into, before=places)
    tag.delete()


def _here(lead: Membership, tag: Tag) -> Tag:
    found = Tag.objects.filter(pk=tag.pk, review=lead.review_id).first()
    if found is None:
        raise ValidationError("This tag is not part of this review.", code="not_here")
    return found


def _free_label(lead: Membership, label: str, tag: Tag | None = None) -> str:
    label = " ".join(label.split())
    if not label:
        raise ValidationError("Write the tag's name.")
    others = Tag.objects.filter(review=lead.review_id, label__iexact=label)
    if (others.exclude(pk=tag.pk) if tag else others).exists():
        raise ValidationError(f"There is a tag “{label}” already. Merge the two.", code="taken")
    return label
