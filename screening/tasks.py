"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

from screening.models import ImportBatch, JobContext, Membership, PdfBatch, SearchFetch
from screening.models.webhooks import DELIVERY_JOB
from screening.selectors.bundles import DELETE_JOB
from screening.selectors.completions import COMPLETE_JOB
from screening.selectors.duplicates import DETECTION
from screening.selectors.online import FETCH_JOB
from screening.selectors.pdf_batches import MATCH_JOB
from screening.services.completions import run_completion
from screening.services.detection import detect_after_import, detect_duplicates
from screening.services.import_run import run_import
from screening.services.import_undo import UNDO_IMPORT, run_undo
from screening.services.imports import JOB_KIND as IMPORT_RECORDS
from screening.services.life import delete_review
from screening.services.online_fetch import run_fetch
from screening.services.pdf_batches import match_batch
from screening.services.rankings.preparing import PREPARATION, prepare_vectors, start_preparation
from screening.services.webhooks import deliver


def import_records(context: JobContext) -> None:
    """Import the file of a batch, from the stored cursor on; then have its duplicates found."""
    batches = ImportBatch.objects.select_related("source", "review", "created_by")
    batch = batches.get(pk=context.params["batch_id"])
    counts = run_import(batch=batch, progress=context.advance, cursor=context.cursor)
    if counts.imported:
        review, asked_by = batch.review, batch.created_by
        # at once, unless somebody wraps this in a transaction
        transaction.on_commit(partial(start_preparation, review=review, asked_by=asked_by))
        transaction.on_commit(partial(detect_after_import, review=review, asked_by=asked_by))


def find_duplicates(context: JobContext) -> None:
    """Look for the duplicates of the job's review; done again from the start when it was cut."""
    review = context.job.review
    if review is None:
        raise ValueError(f"Job {context.job.pk} names no review to look for duplicates in.")
    detect_duplicates(
        review=review,
        progress=lambda done, total, message: context.advance(
            done=done, total=total, message=message
        ),
    )


def prepare_ranking(context: JobContext) -> None:
    """Bring the vectors of the job's review up to its records; done again when it was cut."""
    review = context.job.review
    if review is None:
        raise ValueError(f"Job {context.job.pk} names no review to prepare a ranking for.")
    prepare_vectors(
        review=review,
        progress=lambda done, total, message: context.advance(
            done=done, total=total, message=message
        ),
    )


def search_database(context: JobContext) -> None:
    """Fetch the records of a saved search, from the stored cursor on, and start their import."""
    fetches = SearchFetch.objects.select_related("saved", "batch", "created_by__user")
    fetch = fetches.get(pk=context.params["fetch_id"])
    run_fetch(fetch=fetch, progress=context.advance, cursor=context.cursor)


def complete_records(context: JobContext) -> None:
    """Look up what records lack, from the stored cursor on."""
    members = Membership.objects.select_related("review", "user")
    batch_id = context.params["batch_id"]
    run_completion(
        membership=members.get(pk=context.params["member_id"]),
        fields=context.params["fields"],
        batch=ImportBatch.objects.get(pk=batch_id) if batch_id else None,
        progress=context.advance,
        cursor=context.cursor,
    )


def match_pdfs(context: JobContext) -> None:
    """Find the reports of uploaded PDFs; those that are settled are not looked at again."""
    batches = PdfBatch.objects.select_related("review", "created_by__user")
    batch = batches.get(pk=context.params["pdf_batch_id"])
    match_batch(batch=batch, progress=context.advance)


def deliver_webhook(context: JobContext) -> None:
    """Send one message of a webhook; a failed try plans the next by itself."""
    deliver(delivery_id=context.params["delivery_id"])


def take_out_import(context: JobContext) -> None:
    """Undo a large import; from what is left on when it was cut."""
    batch = ImportBatch.objects.filter(pk=context.params["batch_id"]).first()
    if batch is None:
        return  # the last chunk was written, only its word was lost
    members = Membership.objects.select_related("review", "user")
    run_undo(
        membership=members.get(pk=context.params["member_id"]),
        batch=batch,
        before=context.params["before"],
        progress=context.advance,
    )


def delete_leaving_review(context: JobContext) -> None:
    """Delete a review whose days of grace are over; done again when it was cut."""
    context.advance(done=0, total=1, message="Deleting")
    gone = delete_review(review_id=context.params["review"])
    context.advance(done=1, message=f"{sum(gone.values())} rows are gone")


READING = frozenset({DELIVERY_JOB})  # also in an archived review
HANDLERS: Mapping[str, Callable[[JobContext], None]] = {
    IMPORT_RECORDS: import_records,
    DETECTION: find_duplicates,
    FETCH_JOB: search_database,
    COMPLETE_JOB: complete_records,
    PREPARATION: prepare_ranking,
    MATCH_JOB: match_pdfs,
    DELIVERY_JOB: deliver_webhook,
    DELETE_JOB: delete_leaving_review,
    UNDO_IMPORT: take_out_import,
}
