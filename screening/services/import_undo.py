"""Undoing an import: only while nothing hangs on its records, and saying what does."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from screening.models import (
    AuditEvent,
    DuplicateLink,
    ImportBatch,
    Job,
    Membership,
    NotDuplicate,
    Record,
    Report,
    Review,
    ScreeningLease,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.imports import counts_of, import_key

#: What may hang on a record: the way there from the record, and its name for people.
_HANGING = (
    ("decisions", "decisions"),
    ("adjudications", "rulings"),
    ("removals", "removals before screening"),
    ("record_tags", "tags"),
    ("notes", "notes"),
    ("report__attempts", "retrieval attempts"),
    ("report__full_texts", "full texts"),
    ("report__study_report", "studies"),
)


def hanging_on(batch: ImportBatch) -> list[str]:
    """Say what hangs on the records of an import.

    Args:
        batch: The import.

    Returns:
        E.g. `["12 records have decisions"]`; empty when the import can be undone.
    """
    records = batch.records.all()
    found = [
        (records.filter(**{f"{path}__isnull": False}).distinct().count(), words)
        for path, words in _HANGING
    ]
    found.append((_linked(batch).count(), "links or rulings about duplicates"))
    return [
        f"{count} record{'' if count == 1 else 's'} {'has' if count == 1 else 'have'} {words}"
        for count, words in found
        if count
    ]


def _linked(batch: ImportBatch) -> QuerySet[Record]:
    """Records that a person linked or ruled on; links the engine made are made again."""
    links = DuplicateLink.objects.filter(review=batch.review_id, created_by__isnull=False)
    rulings = NotDuplicate.objects.filter(review=batch.review_id)
    return batch.records.filter(
        Q(pk__in=links.values("record"))
        | Q(pk__in=links.values("kept"))
        | Q(pk__in=rulings.values("first"))
        | Q(pk__in=rulings.values("second"))
    )


@transaction.atomic
def undo_import(*, membership: Membership, batch: ImportBatch) -> None:
    """Remove an import with its records, its problems and its stored file.

    Args:
        membership: Who asks; a lead.
        batch: A finished or stopped import of the review.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: It is still running, of another review, or something hangs on it.
    """
    require(membership, Capability.IMPORT)
    Review.objects.select_for_update().get(pk=membership.review_id)
    if batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    if Job.objects.open().filter(idempotency_key=import_key(batch)).exists():
        raise ValidationError("The import is still running. Stop it first.")
    hanging = hanging_on(batch)
    if hanging:
        raise ValidationError(f"The import cannot be undone: {', '.join(hanging)}.")
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.undone",
        target=batch,
        before={
            "file": batch.original_name,
            "sha256": batch.sha256,
            "source": batch.source.name,
            **counts_of(batch).as_dict(),
        },
    )
    ScreeningLease.objects.filter(record__batch=batch).delete()
    Report.objects.filter(record__batch=batch).delete()
    batch.records.all().delete()
    Job.objects.filter(idempotency_key=import_key(batch)).delete()
    stored = batch.file
    batch.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
