"""A job's life: claimed under a lease, renewed, finished, failed, swept, cancelled, asked again.

Every change of state is one conditional UPDATE, so two workers, a sweeper and a person may act at
the same moment and exactly one of them wins.
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from screening.models import AuditEvent, Job, User
from screening.models.jobs import LEASE, send
from screening.permissions import refuse_read_only
from screening.selectors.bundles import BUNDLE_JOB
from screening.selectors.jobs import may_steer

MAX_ATTEMPTS = 4  # failures in a row at the same place
MAX_LOST = 10  # workers that vanished in a row at the same place: killed, or out of memory
RESEND_AFTER = timedelta(seconds=30)
GAVE_UP = (
    f"The work was started {MAX_LOST} times and its worker vanished each time at the same place. "
    "Nothing that was finished is lost; try again, and look into the log if it fails again."
)


def claim_job(*, job_id: int, owner: str) -> Job | None:
    """Make a waiting or abandoned job one's own.

    Args:
        job_id: The job.
        owner: Name of the claiming process; every later write is fenced by it.

    Returns:
        The job, or None when somebody else works on it or it needs no more work.
    """
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    claimed = Job.objects.filter(free, pk=job_id, stalled__lt=MAX_LOST).update(
        state=Job.State.RUNNING,
        owner=owner,
        attempts=F("attempts") + 1,
        stalled=F("stalled") + 1,
        lease_until=now + LEASE,
        error="",
    )
    return Job.objects.get(pk=job_id) if claimed else None


def renew_lease(*, job: Job) -> bool:
    """Prolong the lease of one's own job; False when it is one's own no longer."""
    return bool(_own(job).update(lease_until=timezone.now() + LEASE))


def finish_job(*, job: Job) -> bool:
    """Mark one's own job as done; False when it is one's own no longer."""
    return bool(_own(job).update(**_ended(Job.State.DONE)))


def fail_job(*, job: Job, error: str) -> bool:
    """Give one's own job up for good, with a message for people."""
    return bool(_own(job).update(error=error, **_ended(Job.State.FAILED)))


def postpone_job(*, job: Job, error: str) -> bool:
    """Put one's own job back after a failure that may pass; without progress it fails at last.

    An attempt that moved the job's cursor counts for nothing against it.
    """
    stalled = Job.objects.values_list("stalled", flat=True).filter(pk=job.pk).first() or 0
    if stalled >= MAX_ATTEMPTS:
        return fail_job(job=job, error=error)
    return bool(
        _own(job).update(
            state=Job.State.QUEUED,
            owner="",
            error=error,
            lease_until=timezone.now() + RESEND_AFTER * max(stalled, 1),
        )
    )


def sweep_jobs() -> list[int]:
    """Requeue jobs whose lease ran out and send again what waits too long.

    Returns:
        Ids of the jobs that were sent.
    """
    now = timezone.now()
    abandoned = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    abandoned.filter(stalled__gte=MAX_LOST).update(error=GAVE_UP, **_ended(Job.State.FAILED))
    abandoned.update(state=Job.State.QUEUED, owner="")
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(lease_until__lt=now) | Q(lease_until=None, created_at__lt=now - RESEND_AFTER)
    )
    return _send_each(waiting)


def release_jobs(*, owner_prefix: str) -> list[int]:
    """Requeue at once the running jobs of processes that are known to be dead.

    Args:
        owner_prefix: Start of the dead processes' names.

    Returns:
        Ids of the jobs that were sent.
    """
    dead = Job.objects.filter(state=Job.State.RUNNING, owner__startswith=owner_prefix)
    ids = list(dead.values_list("pk", flat=True))
    now = timezone.now()
    dead.filter(stalled__gte=MAX_LOST).update(error=GAVE_UP, **_ended(Job.State.FAILED))
    dead.update(state=Job.State.QUEUED, owner="", lease_until=now - RESEND_AFTER)
    return _send_each(Job.objects.filter(pk__in=ids, state=Job.State.QUEUED))


@transaction.atomic
def cancel_job(*, job: Job, user: User) -> None:
    """Stop a job at its next step; what its finished steps wrote stays.

    Raises:
        PermissionDenied: The person neither asked for it nor leads the review.
        ValidationError: It has ended already.
    """
    _guard(job, user)
    before = job.state
    if not Job.objects.open().filter(pk=job.pk).update(**_ended(Job.State.CANCELLED)):
        raise ValidationError("This work has ended already, so there is nothing to cancel.")
    _audit(job, user, "job.cancelled", before, Job.State.CANCELLED)


@transaction.atomic
def retry_job(*, job: Job, user: User) -> None:
    """Queue a failed or cancelled job again; it goes on where it stopped.

    Raises:
        PermissionDenied: The person neither asked for it nor leads the review.
        ReviewIsReadOnly: The review is archived or about to be deleted.
        ValidationError: It has neither failed nor been cancelled.
    """
    _guard(job, user)
    if job.review is not None and job.kind != BUNDLE_JOB:
        refuse_read_only(job.review)
    ended = Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED])
    before = job.state
    if not ended.update(
        state=Job.State.QUEUED,
        attempts=0,
        stalled=0,
        owner="",
        error="",
        lease_until=timezone.now() + RESEND_AFTER,
        finished_at=None,
    ):
        raise ValidationError("Only failed or cancelled work can be tried again.")
    _audit(job, user, "job.retried", before, Job.State.QUEUED)
    transaction.on_commit(lambda: send(job.pk, job.queue), robust=True)


def _own(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, owner=job.owner, state=Job.State.RUNNING)


def _ended(state: Job.State) -> dict[str, Any]:
    return {"state": state, "owner": "", "lease_until": None, "finished_at": timezone.now()}


def _send_each(jobs: QuerySet[Job]) -> list[int]:
    """Send each job once, even when several sweepers run: the one that moves its clock sends."""
    sent = []
    for pk, clock, queue in jobs.values_list("pk", "lease_until", "queue"):
        mine = Job.objects.filter(pk=pk, state=Job.State.QUEUED, lease_until=clock)
        if mine.update(lease_until=timezone.now() + RESEND_AFTER):
            send(pk, queue)
            sent.append(pk)
    return sent


def _guard(job: Job, user: User) -> None:
    if not may_steer(job=job, user=user):
        raise PermissionDenied("Only who started this work or a lead of the review may do that.")


def _audit(job: Job, user: User, action: str, before: str, after: str) -> None:
    AuditEvent.objects.append(
        review=job.review,
        actor=user,
        action=action,
        target=job,
        before={"state": before},
        after={"state": after},
    )
