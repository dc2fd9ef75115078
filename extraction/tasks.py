"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from extraction.models import SheetImport
from extraction.selectors.sheets import SHEET_JOB
from extraction.services.sheet_run import run_sheet
from screening.models import JobContext


def import_sheet(context: JobContext) -> None:
    """Import an extraction spreadsheet, from the stored cursor on."""
    sheets = SheetImport.objects.select_related("review", "created_by__user", "extractor__user")
    sheet = sheets.get(pk=context.params["sheet_id"])
    run_sheet(sheet=sheet, progress=context.advance, cursor=context.cursor)


HANDLERS: Mapping[str, Callable[[JobContext], None]] = {SHEET_JOB: import_sheet}
