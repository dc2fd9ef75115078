"""Reports of a review: asked for on a page, written by a worker, kept for who asked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.dateparse import parse_date
from plotly.offline import get_plotlyjs

from analytics.selectors.days import moment_asked
from analytics.selectors.report import report_of
from analytics.selectors.written_reports import KEPT, REPORT, written_reports
from analytics.services.pictures import NoPicturesError, pictures_of
from analytics.tables.document import Document, document_as_html
from analytics.tables.document_docx import document_as_docx
from screening.models import AuditEvent, Job, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

STEPS = 4

Progress = Callable[[int, int, str], None]


@transaction.atomic
def start_report(*, member: Membership, day: date | None = None) -> Job:
    """Let a worker write the report as this member may see it; older ones make room.

    Args:
        member: Who asks.
        day: The day at whose end everything is told; now without it.

    Raises:
        PermissionDenied: The member may not export.
        ValidationError: The day has not come.
    """
    require(member, Capability.EXPORT)
    told = {"day": day.isoformat()} if day is not None and moment_asked(day) else {}
    for former in written_reports(member)[KEPT - 1 :]:
        _forget(former)
    job: Job = Job.objects.enqueue(
        kind=REPORT,
        review=member.review,
        created_by=member.user,
        params={"member": member.pk, **told},
    )
    AuditEvent.objects.append_by(member, "report.written", job, after=told)
    return job


def run_report(*, job: Job, progress: Progress) -> dict[str, Any]:
    """Compute everything now and write both files; a cut job is done again from the start.

    Raises:
        PermissionDenied: The member may not export any more.
        Membership.DoesNotExist: The member has left the review.
    """
    member = (
        Membership.objects.active()
        .select_related("review", "user")
        .get(pk=job.params["member"], review=job.review_id)
    )
    require(member, Capability.EXPORT)
    progress(0, STEPS, "Computing every number")
    document = report_of(member.review, member, parse_date(job.params.get("day", "")))
    progress(1, STEPS, "Writing the page")
    page = document_as_html(document, get_plotlyjs())
    progress(2, STEPS, f"Drawing {len(document.drawings)} figures")
    pictures, missing = pictures_or_reason(document)
    progress(3, STEPS, "Writing the Word file")
    files = {
        "html": _keep("html", page.encode()),
        "docx": _keep("docx", document_as_docx(document, pictures, missing)),
    }
    result = {"files": files, "missing": missing, "moment": document.moment.isoformat()}
    Job.objects.filter(pk=job.pk, owner=job.owner).update(result=result)
    progress(STEPS, STEPS, "Done")
    return result


def write_report(
    *, review: Review, folder: Path, day: date | None = None
) -> tuple[list[Path], str]:
    """Write both files into a folder, with the whole truth; and why pictures are missing."""
    document = report_of(review, day=day)
    pictures, missing = pictures_or_reason(document)
    page, word = folder / "report.html", folder / "report.docx"
    page.write_text(document_as_html(document, get_plotlyjs()), encoding="utf-8")
    word.write_bytes(document_as_docx(document, pictures, missing))
    return [page, word], missing


def pictures_or_reason(document: Document) -> tuple[dict[str, bytes], str]:
    """Pictures of the drawings, or the sentence that says why there are none."""
    try:
        return pictures_of(document.drawings), ""
    except NoPicturesError as error:
        return {}, str(error)


def _keep(ending: str, content: bytes) -> str:
    name: str = default_storage.save(f"reports/{uuid4().hex}.{ending}", ContentFile(content))
    return name


def _forget(job: Job) -> None:
    for path in (job.result or {}).get("files", {}).values():
        default_storage.delete(path)
    Job.objects.filter(pk=job.pk).update(result={"forgotten": True})
