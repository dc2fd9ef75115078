"""The road of one file: upload, preview with mapping, start, or setting aside."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.imports import ImportForm, ReadingForm, refilled, shown_reading
from screening.models import ImportBatch, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.import_files import (
    Preview,
    Reading,
    carried_mapping,
    preview_of,
    reading_of,
)
from screening.selectors.import_hanging import hanging_on_import
from screening.selectors.imports import counts_of, is_running, job_of
from screening.selectors.prior import brought_by
from screening.services import import_undo, imports

_SECONDS = 1.0  # so long a preview goes on counting


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def new_import(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Upload a file and say where it is from."""
    sent = request.method == "POST"
    form = ImportForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        review=membership.review,
        initial={"source": request.GET.get("source"), "kind": request.GET.get("kind")},
    )
    if sent and form.is_valid():
        batch = _taken_in(membership, form)
        if batch is not None:
            slug = membership.review.slug
            return redirect("screening:import-preview", slug=slug, batch_id=batch.pk)
    return render(request, "screening/new_import.html", {"form": form}, status=400 if sent else 200)


def _taken_in(membership: Membership, form: ImportForm) -> ImportBatch | None:
    name, kind = form.source_facts()
    file = form.cleaned_data["file"]
    try:
        return imports.take_in(
            membership=membership,
            source_name=name,
            kind=kind,
            upload=file,
            facts=form.search_facts(),
        )
    except ValidationError as error:
        form.add_error("file", ValidationError(error.messages))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def import_preview(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """Show the first rows as they would be imported; change how they are read; start."""
    batch = _unstarted(membership, batch_id)
    slug = membership.review.slug
    if batch is None:
        return redirect("screening:import-report", slug=slug, batch_id=batch_id)
    form, preview = _preview(request, batch)
    if request.method == "POST" and "start" in request.POST and form.is_valid():
        try:
            return redirect(_begun(membership, batch, form), slug=slug, batch_id=batch_id)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"batch": batch, "form": form, "preview": preview}
    part = "_import_preview.html" if request.headers.get("HX-Request") else "import_preview.html"
    return render(request, f"screening/{part}", context, status=400 if form.errors else 200)


def _begun(membership: Membership, batch: ImportBatch, form: ReadingForm) -> str:
    """Start, unless the file brings decisions: then it is asked first whose they are."""
    imports.fix_reading(membership=membership, batch=batch, reading=form.reading())
    brought = brought_by(batch)
    if brought.people or brought.tags:
        return "screening:import-people"
    imports.start_import(membership=membership, batch=batch, reading=form.reading())
    return "screening:import-report"


def _preview(request: HttpRequest, batch: ImportBatch) -> tuple[ReadingForm, Preview]:
    """Guess at first; afterwards read as sent.

    Another format or encoding guesses the columns anew, but for those that the person chose.
    """
    if request.method != "POST":
        preview = preview_of(batch, reading_of(batch), seconds=_SECONDS)
        return ReadingForm(None, reading=preview.reading, columns=preview.columns), preview
    before = preview_of(batch, shown_reading(request.POST, batch))
    form = ReadingForm(request.POST, reading=before.reading, columns=before.columns)
    if not form.is_valid():
        return form, before
    chosen = form.reading()
    if (chosen.format, chosen.encoding) == (before.reading.format, before.reading.encoding):
        return form, preview_of(batch, chosen, seconds=_SECONDS)
    mapping = carried_mapping(batch, before, chosen)
    preview = preview_of(batch, Reading(chosen.format, chosen.encoding, mapping), seconds=_SECONDS)
    return refilled(preview), preview


@require_POST
@review_view(Capability.IMPORT)
def discard_import(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """Set an uploaded file aside before it was imported."""
    batch = get_object_or_404(ImportBatch, pk=batch_id, review=membership.review)
    try:
        imports.discard_import(membership=membership, batch=batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{batch.original_name} was set aside.")
    return redirect("screening:sources", slug=membership.review.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def undo_import(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """Say what undoing takes away, or what hangs on the import; undo it when nothing does."""
    batch = get_object_or_404(
        ImportBatch.objects.select_related("source"), pk=batch_id, review=membership.review
    )
    if request.method == "POST":
        try:
            job = import_undo.undo_import(membership=membership, batch=batch)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("screening:undo-import", slug=membership.review.slug, batch_id=batch_id)
        if job is not None:
            return redirect("screening:job", job.pk)
        messages.success(request, f"The import of {batch.original_name} was undone.")
        return redirect("screening:sources", slug=membership.review.slug)
    context = {
        "batch": batch,
        "hanging": hanging_on_import(batch),
        "is_running": is_running(batch),
        "counts": counts_of(batch),
    }
    return render(request, "screening/import_undo.html", context)


def _unstarted(membership: Membership, batch_id: int) -> ImportBatch | None:
    batches = ImportBatch.objects.select_related("source", "search")
    batch = get_object_or_404(batches, pk=batch_id, review=membership.review)
    return None if batch.finished_at or job_of(batch) else batch
