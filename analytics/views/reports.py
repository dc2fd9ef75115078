"""The report of a review: ask for it, follow it, take it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analytics.forms.moment import MomentForm
from analytics.selectors.written_reports import (
    KEPT,
    KINDS,
    day_of,
    file_of,
    name_of,
    written_report,
    written_reports,
)
from analytics.services.reports import start_report
from screening.models import Job, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@never_cache
@review_view(Capability.EXPORT)
def report(request: HttpRequest, membership: Membership) -> HttpResponse:
    """My reports, the newest first; the moving part alone when the page asks for it."""
    is_part = request.headers.get("HX-Request") == "true"
    name = "_reports" if is_part else "reports"
    return _page(request, membership, MomentForm(request.GET), name)


@require_POST
@review_view(Capability.EXPORT)
def write(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Write a new one, of now or of the end of a day."""
    form = MomentForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form, "reports", status=400)
    start_report(member=membership, day=form.day)
    return redirect("analytics:report", slug=membership.review.slug)


@require_safe
@review_view(Capability.EXPORT)
def report_file(
    request: HttpRequest, membership: Membership, file_format: str
) -> HttpResponse | FileResponse:
    """One of my reports as a file: that of `?job=`, or the newest."""
    if file_format not in KINDS:
        raise Http404("A report comes as html or docx.")
    job = written_report(membership, request.GET.get("job", ""))
    path = file_of(job, file_format)
    if job is None or path is None:
        messages.warning(request, "There is no such report of yours any more. Write a new one.")
        return redirect("analytics:report", slug=membership.review.slug)
    return FileResponse(
        default_storage.open(path),
        as_attachment=True,
        filename=f"{name_of(membership, job)}.{file_format}",
        content_type=KINDS[file_format],
        headers={"Content-Security-Policy": "sandbox"},
    )


def _page(
    request: HttpRequest, membership: Membership, form: MomentForm, name: str, status: int = 200
) -> HttpResponse:
    jobs = written_reports(membership)[:KEPT]
    is_moving = any(one.state in {Job.State.QUEUED, Job.State.RUNNING} for one in jobs)
    shown = [(one, day_of(one)) for one in jobs]
    context = {"jobs": shown, "is_moving": is_moving, "kept": KEPT, "form": form}
    return render(request, f"analytics/{name}.html", context, status=status)
