"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from screening.models import ImportBatch, JobContext
from screening.services.import_run import run_import
from screening.services.imports import JOB_KIND as IMPORT_RECORDS


def import_records(context: JobContext) -> None:
    """Import the file of a batch, from the stored cursor on."""
    batches = ImportBatch.objects.select_related("source", "review", "created_by")
    batch = batches.get(pk=context.params["batch_id"])
    run_import(batch=batch, progress=context.advance, cursor=context.cursor)


HANDLERS: Mapping[str, Callable[[JobContext], None]] = {IMPORT_RECORDS: import_records}
