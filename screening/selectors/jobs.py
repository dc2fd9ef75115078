"""Who may see a job and who may steer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from screening.models import ImportBatch, Job, Membership, Record, Review, User
from screening.permissions import lacks_second_factor
from screening.rules.roles import Capability

SMALL_RECORDS = 2000


def is_small(*, review: Review) -> bool:
    """Whether work over all records of the review is done in seconds."""
    records = Record.objects.filter(review=review)
    return not records.order_by()[SMALL_RECORDS : SMALL_RECORDS + 1].exists()


def visible_job(*, job_id: int, user: User) -> tuple[Job, Membership | None]:
    """A job the person may see, with the membership by which it is seen.

    Members see the jobs of their review; a job without a review is seen by who asked for it.

    Raises:
        Http404: There is no such job for this person.
    """
    job = Job.objects.select_related("review", "created_by").filter(pk=job_id).first()
    membership = _membership(job, user) if job else None
    if job is None or (membership is None and not _is_private_to(job, user)):
        raise Http404("There is no such work.")
    return job, membership


RECENT = 50


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job on the page of jobs: what it works on, and whether the person may steer it."""

    job: Job
    title: str
    subject: str
    may_steer: bool

    @property
    def is_open(self) -> bool:
        """It waits or runs."""
        return self.job.state in {Job.State.QUEUED, Job.State.RUNNING}

    @property
    def is_retryable(self) -> bool:
        """It failed or was cancelled."""
        return self.job.state in {Job.State.FAILED, Job.State.CANCELLED}


@dataclass(frozen=True, slots=True)
class JobLists:
    """The jobs of a review by where they stand; those that ended are the newest only."""

    running: Sequence[JobLine]
    waiting: Sequence[JobLine]
    failed: Sequence[JobLine]
    ended: Sequence[JobLine]

    @property
    def is_moving(self) -> bool:
        """Something waits or runs, so the page changes by itself."""
        return bool(self.running or self.waiting)


def title_of(job: Job) -> str:
    """The kind of a job in words: `find_duplicates` reads "Find duplicates"."""
    return job.kind.replace("_", " ").capitalize()


def jobs_of(membership: Membership) -> JobLists:
    """All jobs of the member's review that wait, run or failed, and the newest that ended."""
    jobs = Job.objects.filter(review=membership.review_id).select_related("created_by")
    moving = list(jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("pk"))
    failed = list(jobs.filter(state=Job.State.FAILED).order_by("-pk"))
    done = jobs.filter(state__in=[Job.State.DONE, Job.State.CANCELLED])
    ended = list(done.order_by("-finished_at", "-pk")[:RECENT])
    names = _file_names(membership.review, [*moving, *failed, *ended])
    leads = membership.can(Capability.MANAGE)

    def lines(some: Sequence[Job]) -> Sequence[JobLine]:
        return [
            JobLine(
                job=job,
                title=title_of(job),
                subject=names.get(job.params.get("batch_id", 0), ""),
                may_steer=leads or job.created_by_id == membership.user_id,
            )
            for job in some
        ]

    return JobLists(
        running=lines([job for job in moving if job.state == Job.State.RUNNING]),
        waiting=lines([job for job in moving if job.state == Job.State.QUEUED]),
        failed=lines(failed),
        ended=lines(ended),
    )


def _file_names(review: Review, jobs: Sequence[Job]) -> dict[int, str]:
    ids = {job.params["batch_id"] for job in jobs if "batch_id" in job.params}
    batches = ImportBatch.objects.filter(review=review, pk__in=ids)
    return dict(batches.values_list("pk", "original_name"))


def may_steer(*, job: Job, user: User) -> bool:
    """Whether the person may cancel the job or have it tried again."""
    if job.review_id is None:
        return _is_private_to(job, user)
    membership = _membership(job, user)
    if membership is None or not membership.is_active:
        return False
    return job.created_by_id == user.pk or membership.can(Capability.MANAGE)


def _membership(job: Job, user: User) -> Membership | None:
    if job.review_id is None:
        return None
    active = Membership.objects.active().select_related("review", "user")
    found = active.filter(review_id=job.review_id, user=user).first()
    return None if found is None or lacks_second_factor(found) else found


def _is_private_to(job: Job, user: User) -> bool:
    return job.review_id is None and (job.created_by_id == user.pk or user.is_superuser)
