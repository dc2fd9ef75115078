"""Handlers of long work, by kind of job; each calls one service and works in chunks."""

from collections.abc import Callable, Mapping

from extraction.models import FormChange, SheetImport
from extraction.selectors.form_changes import CARRY_JOB
from extraction.selectors.sheets import SHEET_JOB
from extraction.services.following import follow_change
from extraction.services.quotes import find_quotes_again, find_quotes_of_sheet
from extraction.services.sheet_run import run_sheet
from screening.models import FullText, JobContext
from screening.selectors.full_texts import QUOTES_JOB


def find_quotes(context: JobContext) -> None:
    """Look in a report's file for quotes from others and typed ones; goes on where it stood."""
    full_text = FullText.objects.get(pk=context.params["full_text_id"])
    find_quotes_again(full_text=full_text, progress=context.advance)


def import_sheet(context: JobContext) -> None:
    """Import an extraction spreadsheet from the stored cursor on, and look for its quotes."""
    sheets = SheetImport.objects.select_related("review", "created_by__user", "extractor__user")
    sheet = sheets.get(pk=context.params["sheet_id"])
    if sheet.imported_at is None:
        run_sheet(sheet=sheet, progress=context.advance, cursor=context.cursor)
    find_quotes_of_sheet(sheet=sheet, progress=context.advance)


def carry_form(context: JobContext) -> None:
    """Let the studies of a change of the form follow it, those that have not yet."""
    changes = FormChange.objects.select_related("review", "from_form", "to_form")
    change = changes.get(pk=context.params["change_id"])
    follow_change(change=change, total=context.params["total"], progress=context.advance)


HANDLERS: Mapping[str, Callable[[JobContext], None]] = {
    QUOTES_JOB: find_quotes,
    SHEET_JOB: import_sheet,
    CARRY_JOB: carry_form,
}
