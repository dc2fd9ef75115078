"""The pages of sources and imports: what came from where, and what became of each row."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from screening.models import ImportBatch, ImportProblem, Job, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.duplicates import last_detection
from screening.selectors.imports import (
    batch_lines,
    counts_of,
    is_being_undone,
    job_of,
    recent_problems,
    settled_of,
    undo_job_of,
)
from screening.selectors.online import saved_lines
from screening.selectors.prior import may_see_raw, without_hidden_raw
from screening.selectors.source_steps import overlap_of, search_lines, source_steps
from screening.selectors.stored import stored_or_404

_PER_PAGE = 100


@require_safe
@review_view(Capability.VIEW)
def sources(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All sources with their counts, all imports, and the newest problems."""
    review = membership.review
    lines = batch_lines(review)
    steps = source_steps(review)
    context = {
        "steps": steps,
        "searches": search_lines(lines),
        "batches": lines,
        "overlap": overlap_of(review, [line.source for line in steps]) if steps[1:] else [],
        "running": [line for line in lines if line.is_open],
        "problems": without_hidden_raw(membership, recent_problems(review)),
        "saved": saved_lines(review),
        "records": sum(line.records for line in steps),
        "detection": last_detection(review=review),
        "may_import": membership.can(Capability.IMPORT),
    }
    return render(request, "screening/sources.html", context)


@require_safe
@review_view(Capability.VIEW)
def running_imports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The bars of running imports; the page is asked to reload when the last one is done."""
    running = [line for line in batch_lines(membership.review) if line.is_open]
    response = render(request, "screening/_running_imports.html", {"running": running})
    if not running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@review_view(Capability.VIEW)
def import_report(request: HttpRequest, membership: Membership, batch_id: int) -> HttpResponse:
    """What became of each row of a file: found, imported, known, with warnings, rejected."""
    batch = _batch(membership, batch_id)
    job = job_of(batch)
    if job is None and batch.finished_at is None and membership.can(Capability.IMPORT):
        return redirect("screening:import-preview", slug=membership.review.slug, batch_id=batch.pk)
    severity = request.GET.get("severity", "")
    problems = batch.problems.all()
    if severity in ImportProblem.Severity.values:
        problems = problems.filter(severity=severity)
    else:
        severity = ""
        problems = problems.exclude(severity=ImportProblem.Severity.KNOWN)
    page = Paginator(problems.select_related("batch"), _PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = without_hidden_raw(membership, page.object_list)
    context = {
        "batch": batch,
        "job": job,
        "is_running": job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING},
        "counts": counts_of(batch),
        "settled": settled_of(batch),
        "undoing": undo_job_of(batch),
        "is_being_undone": is_being_undone(batch),
        "detection": last_detection(review=membership.review),
        "severity": severity,
        "may_import": membership.can(Capability.IMPORT),
        "page": page,
    }
    return render(request, "screening/import_report.html", context)


@require_safe
@review_view(Capability.VIEW)
def original_file(request: HttpRequest, membership: Membership, batch_id: int) -> FileResponse:
    """The file as it was uploaded, as a download."""
    del request  # the guard has read it
    batch = _batch(membership, batch_id)
    if not may_see_raw(membership, batch):
        raise PermissionDenied(
            "This file holds what others decided. While a stage is blinded, only a lead may "
            "download it."
        )
    response = FileResponse(
        stored_or_404(batch.file),
        as_attachment=True,
        filename=batch.original_name,
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _batch(membership: Membership, batch_id: int) -> ImportBatch:
    batches = ImportBatch.objects.select_related("source", "search", "created_by", "review")
    return get_object_or_404(batches, pk=batch_id, review=membership.review)
