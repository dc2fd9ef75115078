"""Taking an extraction spreadsheet in, mapping it, starting it, and taking it back."""

import hashlib
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from extraction.models import ExtractedValue, Extraction, ExtractionRow, SheetImport, Study
from extraction.selectors.sheets import (
    SHEET_JOB,
    brought_by,
    earlier_import,
    form_for_sheets,
    hanging_on_sheet,
    sheet_grid,
    sheet_job,
    sheet_job_key,
)
from extraction.sheets.checking import mapping_faults
from extraction.sheets.grid import read_grid
from extraction.sheets.mapping import Role, SheetMapping, mapping_from_json, mapping_to_json
from screening.importers.parsed import ImportRefusedError
from screening.models import AuditEvent, Job, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

_MAX_NAME = 255
_MEGABYTE = 1024 * 1024
_SHORT_BYTES = 64 * 1024  # done in seconds


def take_in_sheet(*, membership: Membership, upload: "File[bytes]") -> SheetImport:
    """Keep a spreadsheet privately, ready to be mapped; nothing is imported yet.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: It is empty, too large or no table, or no form is published; nothing is
            kept then.
    """
    require(membership, Capability.IMPORT)
    form_for_sheets(membership.review)
    limit: int = settings.UPLOAD_LIMIT_BYTES
    if upload.size > limit:
        raise ValidationError(f"The file is larger than {limit / _MEGABYTE:,.0f} MB. Split it.")
    content = upload.read()
    if not content:
        raise ValidationError("The file is empty. Export it again and upload the new file.")
    try:
        grid = read_grid(content)
    except ImportRefusedError as error:
        raise ValidationError(str(error)) from error
    sheet = SheetImport(
        review=membership.review,
        original_name=PurePath(upload.name or "sheet").name[:_MAX_NAME],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        sheet=grid.sheet,
        created_by=membership,
    )
    sheet.file.save("upload", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            sheet.save()
            AuditEvent.objects.append_by(
                membership,
                "extraction_sheet.taken_in",
                sheet,
                after={"file": sheet.original_name, "sha256": sheet.sha256},
            )
    except BaseException:
        sheet.file.delete(save=False)
        raise
    return sheet


@transaction.atomic
def map_sheet(
    *,
    membership: Membership,
    sheet: SheetImport,
    mapping: SheetMapping,
    extractor: Membership | None,
    page: str | None = None,
) -> SheetImport:
    """Store what the columns mean and whose extraction the values are.

    Args:
        membership: Who maps.
        sheet: A sheet that was not started.
        mapping: What each column means.
        extractor: The member, unless every row names one.
        page: Another sheet of the workbook; the mapping is then guessed anew.

    Raises:
        ValidationError: The sheet was started, or the extractor is of another review.
    """
    require(membership, Capability.IMPORT)
    sheet = _unstarted(membership, sheet)
    if extractor is not None and extractor.review_id != membership.review_id:
        raise ValidationError("This person is not a member of the review.")
    sheet.extractor = extractor
    if page is not None and page != sheet.sheet:
        sheet.sheet, sheet.mapping = page, {}
    else:
        sheet.mapping = mapping_to_json(mapping)
    sheet.save(update_fields=["extractor", "sheet", "mapping"])
    return sheet


@transaction.atomic
def start_sheet(*, membership: Membership, sheet: SheetImport) -> Job:
    """Hand a mapped sheet to the workers.

    Raises:
        ValidationError: The mapping has faults, nobody is named as extractor, or the same file is
            imported already.
    """
    require(membership, Capability.IMPORT)
    sheet = _unstarted(membership, sheet)
    mapping = mapping_from_json(sheet.mapping)
    faults = mapping_faults(mapping, form_for_sheets(sheet.review), sheet_grid(sheet))
    if Role.PERSON not in mapping.columns and sheet.extractor is None:
        faults.append("Choose the person whose extraction these values are.")
    if before := earlier_import(sheet):
        faults.append(
            f"This file was imported on {before.imported_at:%Y-%m-%d}. Undo that import first."
        )
    if faults:
        raise ValidationError(faults)
    sheet.started_at = timezone.now()
    sheet.save(update_fields=["started_at"])
    AuditEvent.objects.append_by(
        membership,
        "extraction_sheet.started",
        sheet,
        after={"mapping": sheet.mapping, "extractor": sheet.extractor_id},
    )
    return Job.objects.enqueue(
        kind=SHEET_JOB,
        review=sheet.review,
        created_by=membership.user,
        params={"sheet_id": sheet.pk},
        idempotency_key=sheet_job_key(sheet),
        is_short=sheet.size <= _SHORT_BYTES,
    )


@transaction.atomic
def undo_sheet(*, membership: Membership, sheet: SheetImport) -> None:
    """Take an import back while nothing hangs on it; the file and its mapping stay.

    Raises:
        ValidationError: It still runs, was not imported, or something hangs on it.
    """
    require(membership, Capability.IMPORT)
    Review.objects.select_for_update().get(pk=membership.review_id)
    sheet = SheetImport.objects.select_for_update().get(pk=sheet.pk)
    if sheet.review_id != membership.review_id:
        raise ValidationError("This spreadsheet is of another review.")
    job = sheet_job(sheet)
    is_open = job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING}
    if is_open and sheet.imported_at is None:
        raise ValidationError("The import is still running. Stop it first.")
    if sheet.started_at is None or sheet.undone_at is not None:
        raise ValidationError("There is nothing to undo.")
    hanging = hanging_on_sheet(sheet)
    if hanging:
        raise ValidationError(f"The import cannot be undone: {', '.join(hanging)}.")
    counts = brought_by(sheet)
    _take_out(sheet)
    sheet.undone_at = timezone.now()
    sheet.save(update_fields=["undone_at"])
    AuditEvent.objects.append_by(
        membership,
        "extraction_sheet.undone",
        sheet,
        before={"values": counts.values, "rows": counts.rows, "new_studies": counts.new_studies},
    )


@transaction.atomic
def discard_sheet(*, membership: Membership, sheet: SheetImport) -> None:
    """Remove a sheet that was never started, with its file."""
    require(membership, Capability.IMPORT)
    sheet = _unstarted(membership, sheet)
    AuditEvent.objects.append_by(
        membership, "extraction_sheet.discarded", sheet, before={"file": sheet.original_name}
    )
    stored = sheet.file
    sheet.delete()
    transaction.on_commit(lambda: stored.delete(save=False))


def _unstarted(membership: Membership, sheet: SheetImport) -> SheetImport:
    locked = SheetImport.objects.select_for_update().get(pk=sheet.pk)
    if locked.review_id != membership.review_id:
        raise ValidationError("This spreadsheet is of another review.")
    if locked.started_at is not None:
        raise ValidationError("The import was started already.")
    return locked


def _take_out(sheet: SheetImport) -> None:
    ExtractedValue.objects.filter(sheet=sheet).delete()
    ExtractionRow.objects.filter(sheet=sheet).delete()
    own = Extraction.objects.filter(sheet=sheet)
    own.filter(values__isnull=True, rows__isnull=True).delete()
    own.update(sheet=None)  # another spreadsheet has filled the rest
    Study.objects.filter(sheet=sheet).delete()
