"""The page of a job: how far it is, what went wrong, cancel and try again."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from screening.models import ImportBatch, Job, Membership, User
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.jobs import jobs_of, may_steer, title_of, visible_job
from screening.services import jobs as services

PAGES = {
    "import_records": ("screening:sources", "Go to the sources"),
    "search_database": ("screening:sources", "Go to the sources"),
    "complete_records": ("screening:missing", "Go to the missing abstracts"),
    "import_extraction_sheet": ("extraction:sheet-imports", "Go to the spreadsheets"),
    "carry_form": ("extraction:form", "Go to the form"),
    "write_report": ("analytics:report", "Go to the reports"),
    "write_bundle": ("screening:life", "Go to the bundles"),
    "find_duplicates": ("screening:duplicates", "Go to the duplicates"),
}


@require_safe
@never_cache
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The whole page, or its moving part when the page itself asks for it."""
    shown = _job_of(request, job_id)
    user = cast("User", request.user)
    context = {
        "job": shown,
        "title": title_of(shown),
        "is_open": shown.state in {Job.State.QUEUED, Job.State.RUNNING},
        "is_retryable": shown.state in {Job.State.FAILED, Job.State.CANCELLED},
        "may_steer": may_steer(job=shown, user=user),
        "way_back": way_back(shown),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"screening/{'_job' if is_part else 'job'}.html", context)


@require_safe
@never_cache
@review_view(Capability.VIEW)
def jobs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All work of a review: running, waiting, failed, ended."""
    is_part = request.headers.get("HX-Request") == "true"
    context = {"lists": jobs_of(membership)}
    return render(request, f"screening/{'_jobs' if is_part else 'jobs'}.html", context)


def way_back(shown: Job) -> tuple[str, str] | None:
    """Address and words of the page that the work is for; nothing for work without a review."""
    if shown.review is None:
        return None
    if shown.kind == "undo_import" and not ImportBatch.objects.filter(pk=shown.params["batch_id"]):
        return reverse("screening:sources", kwargs={"slug": shown.review.slug}), "Go to the sources"
    if shown.kind in {"import_records", "undo_import"} and "batch_id" in shown.params:
        where = {"slug": shown.review.slug, "batch_id": shown.params["batch_id"]}
        return reverse("screening:import-report", kwargs=where), "Go to the import"
    if shown.kind == "match_pdfs" and "pdf_batch_id" in shown.params:
        where = {"slug": shown.review.slug, "pdf_batch_id": shown.params["pdf_batch_id"]}
        return reverse("screening:pdf-batch", kwargs=where), "Go to the uploaded PDFs"
    if shown.kind not in PAGES:
        return shown.review.get_absolute_url(), "Go to the review"
    name, words = PAGES[shown.kind]
    return reverse(name, kwargs={"slug": shown.review.slug}), words


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stop the work at its next step."""
    shown = _job_of(request, job_id)
    try:
        services.cancel_job(job=shown, user=cast("User", request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _back(request, shown)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Queue failed or cancelled work again."""
    shown = _job_of(request, job_id)
    try:
        services.retry_job(job=shown, user=cast("User", request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _back(request, shown)


def _back(request: HttpRequest, shown: Job) -> HttpResponse:
    """To the page of all jobs when the button stood there, else to the job's own."""
    if request.POST.get("from") == "jobs" and shown.review is not None:
        return redirect("screening:jobs", slug=shown.review.slug)
    return redirect("screening:job", job_id=shown.pk)


def _job_of(request: HttpRequest, job_id: int) -> Job:
    found, membership = visible_job(job_id=job_id, user=cast("User", request.user))
    request.membership = membership  # type: ignore[attr-defined]  # read by navigation
    return found
