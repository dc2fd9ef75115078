"""Reports that a worker has written, each only for who asked for it."""

from datetime import date

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.dateparse import parse_date

from screening.models import Job, Membership

REPORT = "write_report"
KEPT = 5
KINDS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def written_reports(member: Membership) -> list[Job]:
    """A member's own reports of the review with their files, and those being written."""
    jobs = Job.objects.filter(kind=REPORT, review=member.review_id, created_by=member.user_id)
    return [one for one in jobs.order_by("-pk") if not (one.result or {}).get("forgotten")]


def written_report(member: Membership, job_id: str = "") -> Job | None:
    """One of a member's own reports that is done: of that job, or the newest without one."""
    done = [one for one in written_reports(member) if one.state == Job.State.DONE]
    return next((one for one in done if not job_id or str(one.pk) == job_id), None)


def file_of(job: Job | None, kind: str) -> str | None:
    """Where a file of a report is kept; nothing where it is gone."""
    path: str | None = (job.result or {}).get("files", {}).get(kind) if job else None
    return path if path and default_storage.exists(path) else None


def day_of(job: Job) -> date | None:
    """The past day of whose end a report tells; nothing where it tells of its own moment."""
    return parse_date(job.params.get("day", ""))


def name_of(member: Membership, job: Job) -> str:
    """What a report's files are called, without their endings."""
    day = day_of(job) or timezone.localtime(job.created_at).date()
    return f"report-{member.review.slug}-{day}"
