"""The report of a review: ask for it, follow it, take it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analytics.selectors.written_reports import KEPT, written_file, written_reports
from analytics.services.reports import start_report
from screening.models import Job, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

KINDS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
@never_cache
@review_view(Capability.EXPORT)
def report(request: HttpRequest, membership: Membership) -> HttpResponse:
    """My reports, the newest first; the moving part alone when the page asks for it."""
    jobs = written_reports(membership)[:KEPT]
    is_moving = any(one.state in {Job.State.QUEUED, Job.State.RUNNING} for one in jobs)
    context = {"jobs": jobs, "is_moving": is_moving, "kept": KEPT}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"analytics/{'_reports' if is_part else 'reports'}.html", context)


@require_POST
@review_view(Capability.EXPORT)
def write(_request: HttpRequest, membership: Membership) -> HttpResponse:
    """Write a new one."""
    start_report(member=membership)
    return redirect("analytics:report", slug=membership.review.slug)


@require_safe
@review_view(Capability.EXPORT)
def report_file(
    request: HttpRequest, membership: Membership, file_format: str
) -> HttpResponse | FileResponse:
    """One of my reports as a file: that of `?job=`, or the newest."""
    if file_format not in KINDS:
        raise Http404("A report comes as html or docx.")
    path = written_file(membership, request.GET.get("job", ""), file_format)
    if path is None or not default_storage.exists(path):
        messages.warning(request, "There is no such report of yours any more. Write a new one.")
        return redirect("analytics:report", slug=membership.review.slug)
    name = f"report-{membership.review.slug}-{timezone.localdate()}.{file_format}"
    return FileResponse(
        default_storage.open(path),
        as_attachment=True,
        filename=name,
        content_type=KINDS[file_format],
        headers={"Content-Security-Policy": "sandbox"},
    )
