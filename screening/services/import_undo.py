"""Undoing an import: only while nothing hangs on its records, and saying what does.

A small one is gone at once. A large one is taken out by a worker in chunks that give way to
people. Until its chunk comes, a record is there like any other; whoever decides on it in the
meantime keeps it, and the undoing stops.
"""

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from screening.models import (
    AuditEvent,
    ComparedRecord,
    ImportBatch,
    Job,
    Membership,
    Record,
    Report,
    Review,
    ScreeningLease,
)
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_hanging import hanging_on_import
from screening.selectors.imports import counts_of, import_key, is_running, undo_job_of, undo_key
from screening.services.giving_way import give_way
from screening.services.import_run import Progress, no_progress
from screening.services.jobs import retry_job
from screening.services.prior_run import take_back_prior

UNDO_IMPORT = "undo_import"  # kind of the job
AT_ONCE = 200  # rows that are gone within one transaction nobody notices
CHUNK = 50
ROWS_CHUNK = 1000  # of plain rows, which nothing depends on


@transaction.atomic
def undo_import(*, membership: Membership, batch: ImportBatch) -> Job | None:
    """Remove an import with its records, its problems and its stored file.

    Args:
        membership: Who asks; a lead.
        batch: A finished or stopped import of the review.

    Returns:
        The work in the background that does it; None when the import is gone already.

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
    _refuse_if_anything_hangs(batch)
    before = _facts(batch)
    again = undo_job_of(batch)
    if again is not None:
        retry_job(job=again, user=membership.user)
        return again
    if batch.records.count() + batch.problems.count() <= AT_ONCE:
        _take_out(batch, list(batch.records.values_list("pk", flat=True)))
        _forget(membership, batch, before)
        return None
    return Job.objects.enqueue(
        kind=UNDO_IMPORT,
        review=membership.review,
        created_by=membership.user,
        params={"batch_id": batch.pk, "member_id": membership.pk, "before": before},
        idempotency_key=undo_key(batch),
    )


def run_undo(
    *,
    membership: Membership,
    batch: ImportBatch,
    before: dict[str, Any],
    progress: Progress = no_progress,
) -> None:
    """Take a large import out chunk by chunk; called again it goes on where it stopped.

    Args:
        membership: Who asked.
        batch: The import.
        before: What it was when the undoing was asked for.
        progress: Told after every chunk, inside its transaction.

    Raises:
        PermissionDenied: The member may not import any more.
        ValidationError: Somebody has worked on a record that was still there; what is left stays.
    """
    require(membership, Capability.IMPORT)
    total = before["imported"]
    while True:
        began = time.monotonic()
        with transaction.atomic():
            ids = list(batch.records.order_by("pk").values_list("pk", flat=True)[:CHUNK])
            if not ids:
                break
            _take_out(batch, ids)
            left = batch.records.count()
            progress(
                done=max(total - left, 0), total=total, message="Taking out", cursor={"left": left}
            )
        give_way(time.monotonic() - began)
    _delete_in_chunks(batch.problems.all())
    _delete_in_chunks(ComparedRecord.objects.filter(review=batch.review_id))
    with transaction.atomic():
        _forget(membership, batch, before)


def _refuse_if_anything_hangs(batch: ImportBatch, ids: list[int] | None = None) -> None:
    hanging = hanging_on_import(batch, ids)
    if hanging:
        found = ", ".join(map(str, hanging))
        raise ValidationError(f"The import cannot be undone: {found}.")


def _take_out(batch: ImportBatch, ids: list[int]) -> None:
    """Remove some of the records; who decides on one at this moment comes before or too late."""
    rows = Record.objects.filter(pk__in=ids)
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    _refuse_if_anything_hangs(batch, ids)
    take_back_prior(batch, ids)
    ScreeningLease.objects.filter(record__in=ids).delete()
    Report.objects.filter(record__in=ids).delete()
    rows.delete()


def _forget(membership: Membership, batch: ImportBatch, before: dict[str, Any]) -> None:
    """Remove what is left of an import that has no record any more, and say so in the history."""
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.undone",
        target=batch,
        before=before,
    )
    if batch.records.exists():
        raise ValidationError("A record came in while the import was being undone. Try again.")
    take_back_prior(batch)
    batch.problems.all().delete()
    ComparedRecord.objects.filter(review=membership.review_id).delete()  # groups may change
    Job.objects.filter(idempotency_key=import_key(batch)).delete()
    stored = batch.file
    batch.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


def _facts(batch: ImportBatch) -> dict[str, Any]:
    return {
        "file": batch.original_name,
        "sha256": batch.sha256,
        "source": batch.source.name,
        **counts_of(batch).as_dict(),
    }


def _delete_in_chunks(rows: models.QuerySet[Any]) -> None:
    while True:
        began = time.monotonic()
        some = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_CHUNK])
        if not some:
            return
        with transaction.atomic():
            rows.filter(pk__in=some).delete()
        give_way(time.monotonic() - began)
