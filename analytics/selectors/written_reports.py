"""Reports that a worker has written, each only for who asked for it."""

from screening.models import Job, Membership

REPORT = "write_report"
KEPT = 5


def written_reports(member: Membership) -> list[Job]:
    """A member's own reports of the review with their files, and those being written."""
    jobs = Job.objects.filter(kind=REPORT, review=member.review_id, created_by=member.user_id)
    return [one for one in jobs.order_by("-pk") if not (one.result or {}).get("forgotten")]


def written_file(member: Membership, job_id: str, kind: str) -> str | None:
    """Where a file of a member's own report is kept: of that job, or of the newest without one."""
    done = [one for one in written_reports(member) if one.state == Job.State.DONE]
    asked = [one for one in done if not job_id or str(one.pk) == job_id]
    path: str | None = (asked[0].result or {}).get("files", {}).get(kind) if asked else None
    return path
