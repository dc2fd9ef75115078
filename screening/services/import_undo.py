"""Undoing an import: only while nothing hangs on its records, and saying what does."""

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import (
    AuditEvent,
    ComparedRecord,
    ImportBatch,
    Job,
    Membership,
    Report,
    Review,
    ScreeningLease,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_hanging import hanging_on_import
from screening.selectors.imports import counts_of, import_key, is_running
from screening.services.prior_run import take_back_prior


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
    if is_running(batch):
        raise ValidationError("The import is still running. Stop it first.")
    hanging = hanging_on_import(batch)
    if hanging:
        found = ", ".join(map(str, hanging))
        raise ValidationError(f"The import cannot be undone: {found}.")
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
    take_back_prior(batch)
    batch.problems.all().delete()
    ScreeningLease.objects.filter(record__batch=batch).delete()
    Report.objects.filter(record__batch=batch).delete()
    batch.records.all().delete()
    ComparedRecord.objects.filter(review=membership.review_id).delete()  # groups may change
    Job.objects.filter(idempotency_key=import_key(batch)).delete()
    stored = batch.file
    batch.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
