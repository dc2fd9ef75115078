"""Extraction spreadsheets: upload, mapping with its preview, report, undo."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.forms.sheets import SheetMappingForm, SheetUploadForm
from extraction.models import SheetImport
from extraction.selectors.sheets import (
    brought_by,
    described,
    form_for_sheets,
    hanging_on_sheet,
    mapping_of,
    possible_extractors,
    reading_of_sheet,
    sheet_grid,
    sheet_job,
)
from extraction.services.sheets import (
    discard_sheet,
    map_sheet,
    start_sheet,
    take_in_sheet,
    undo_sheet,
)
from extraction.sheets.grid import Grid
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.rules.spreadsheets import harmless

SHOWN = 100
OPEN = ("queued", "running")


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def sheets(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Spreadsheets of the review, and the upload of another."""
    sent = request.method == "POST"
    form = SheetUploadForm(request.POST, request.FILES) if sent else SheetUploadForm()
    if sent and form.is_valid():
        try:
            return redirect(take_in_sheet(membership=membership, upload=form.cleaned_data["file"]))
        except ValidationError as error:
            form.add_error("file", error)
    known = SheetImport.objects.filter(review=membership.review)
    context = {
        "form": form,
        "sheets": described(known.select_related("created_by__user", "review")),
    }
    return render(request, "extraction/sheets.html", context, status=400 if sent else 200)


@require_safe
@review_view(Capability.IMPORT)
def sheet(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """What the columns mean and what would come of it; once started, what came of it."""
    found = _sheet(membership, sheet_id)
    if found.started_at is not None:
        return _report(request, found)
    try:
        grid = sheet_grid(found)
        form = _mapping_form(found, grid)
    except ValidationError as error:
        return _unreadable(request, error)
    return _mapping_page(request, found, grid, form)


@require_POST
@review_view(Capability.IMPORT)
def sheet_map(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """Store the mapping and show what would come of it, or start the import."""
    found = _sheet(membership, sheet_id)
    try:
        grid = sheet_grid(found)
        form = _mapping_form(found, grid, request.POST)
    except ValidationError as error:
        return _unreadable(request, error)
    if not form.is_valid():
        return _mapping_page(request, found, grid, form)
    try:
        found = map_sheet(
            membership=membership,
            sheet=found,
            mapping=form.mapping(),
            extractor=form.cleaned_data["extractor"],
            page=form.cleaned_data.get("page"),
        )
        if "start" in request.POST:
            start_sheet(membership=membership, sheet=found)
    except ValidationError as error:
        form.add_error(None, error)
        return _mapping_page(request, found, grid, form)
    return redirect(found)


@require_POST
@review_view(Capability.IMPORT)
def sheet_undo(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """Take an import back."""
    found = _sheet(membership, sheet_id)
    try:
        undo_sheet(membership=membership, sheet=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The import is undone. Its file is kept.")
    return redirect(found)


@require_POST
@review_view(Capability.IMPORT)
def sheet_discard(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """Remove a sheet that was never started."""
    try:
        discard_sheet(membership=membership, sheet=_sheet(membership, sheet_id))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("extraction:sheet-imports", slug=membership.review.slug)


@require_safe
@review_view(Capability.IMPORT)
def sheet_problems(request: HttpRequest, membership: Membership, sheet_id: int) -> HttpResponse:
    """Every cell that was not imported or is asked about, as CSV."""
    found = _sheet(membership, sheet_id)
    name = f"problems-{found.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, lineterminator="\r\n")
    writer.writerow(["cell", "column", "text", "imported", "message"])
    for one in found.problems:
        texts = [harmless(str(one[key])) for key in ("address", "column", "text")]
        imported = "yes" if one["is_question"] else "no"
        writer.writerow([*texts, imported, harmless(one["message"])])
    return response


def _sheet(membership: Membership, sheet_id: int) -> SheetImport:
    known = SheetImport.objects.select_related("review", "extractor__user", "created_by__user")
    return get_object_or_404(known, pk=sheet_id, review=membership.review)


def _mapping_form(found: SheetImport, grid: Grid, sent: Any = None) -> SheetMappingForm:
    definition = form_for_sheets(found.review)
    return SheetMappingForm(
        sent,
        grid=grid,
        form=definition,
        mapping=mapping_of(found, grid, definition),
        people=possible_extractors(found.review),
        initial={"extractor": found.extractor_id},
    )


def _mapping_page(
    request: HttpRequest, found: SheetImport, grid: Grid, form: SheetMappingForm
) -> HttpResponse:
    definition = form_for_sheets(found.review)
    reading, faults = None, []
    try:
        reading = reading_of_sheet(found, mapping_of(found, grid, definition), grid)
    except ValidationError as error:
        faults = error.messages
    context = {
        "sheet": found,
        "grid": grid,
        "form": form,
        "faults": faults,
        "is_guess": not found.mapping,
        "reading": reading,
        "new_studies": sum(one.study_id is None for one in reading.studies) if reading else 0,
        "problems": reading.problems[:SHOWN] if reading else [],
        "problem_count": len(reading.problems) if reading else 0,
        "refused_count": sum(not one.is_question for one in reading.problems) if reading else 0,
    }
    status = 400 if form.is_bound else 200
    return render(request, "extraction/sheet_mapping.html", context, status=status)


def _report(request: HttpRequest, found: SheetImport) -> HttpResponse:
    job = sheet_job(found)
    context = {
        "sheet": found,
        "job": job,
        "is_open": job is not None and found.imported_at is None and job.state in OPEN,
        "brought": brought_by(found),
        "hanging": hanging_on_sheet(found),
        "problems": found.problems[:SHOWN],
        "problem_count": len(found.problems),
    }
    return render(request, "extraction/sheet_report.html", context)


def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    context = {"form": SheetUploadForm(), "sheets": [], "problems": error.messages}
    return render(request, "extraction/sheets.html", context, status=400)
