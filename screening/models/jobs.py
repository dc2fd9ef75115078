"""Long work: the row is the truth, the message to the worker carries only its id."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from celery import current_app
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from screening.models.people import Review, User

LEASE = timedelta(seconds=60)
TASK_NAME = "reviewapp.jobs.run_job"


class JobLost(Exception):  # noqa: N818 (an event of the fence, not an error of the code)
    """Another worker owns the job now, or it was cancelled: stop without a word."""


class JobQuerySet(models.QuerySet["Job"]):
    """Makes and narrows jobs."""

    def enqueue(
        self,
        *,
        kind: str,
        review: Review | None,
        created_by: User | None,
        params: Mapping[str, Any],
        idempotency_key: str | None = None,
        is_short: bool = False,
    ) -> "Job":
        """Insert the row and send its id to the workers when the transaction commits.

        Args:
            kind: Key of the handler.
            review: The review it works for, if any.
            created_by: Who asked.
            params: JSON values; ids, never objects.
            idempotency_key: The same key gives the same job back instead of a second one.
            is_short: Whether it is done in seconds; it then waits behind short work only.

        Returns:
            The job.
        """
        values = {
            "kind": kind,
            "review": review,
            "created_by": created_by,
            "params": dict(params),
            "queue": Job.Queue.SHORT if is_short else Job.Queue.LONG,
        }
        if idempotency_key is None:
            job, is_new = self.create(**values), True
        else:
            job, is_new = self.get_or_create(idempotency_key=idempotency_key, defaults=values)
        if is_new:
            # when this fails the sweeper sends it
            transaction.on_commit(lambda: send(job.pk, job.queue), robust=True)
        return job

    def open(self) -> "JobQuerySet":
        """Jobs that are queued or running."""
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


def send(job_id: int, queue: str) -> None:
    """Tell the workers that a job waits; losing this message only delays it to the next sweep."""
    current_app.send_task(TASK_NAME, args=[job_id], queue=queue, ignore_result=True)


class Job(models.Model):
    """One piece of long work: state, progress, cursor, lease and owner."""

    class State(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Queue(models.TextChoices):
        """Which workers it waits for: work of seconds never waits behind work of minutes."""

        SHORT = "short", "Short work"
        LONG = "long", "Long work"

    kind = models.CharField(max_length=60)
    queue = models.CharField(
        max_length=10, choices=Queue, default=Queue.LONG, db_default=Queue.LONG
    )
    review = models.ForeignKey(Review, models.CASCADE, null=True, blank=True, related_name="jobs")
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    cursor = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    owner = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stalled = models.PositiveSmallIntegerField(default=0)  # attempts since the cursor last moved
    lease_until = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | ~Q(owner=""), name="job_running_has_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class JobContext:
    """What a handler sees of its job; every report of progress renews the fenced lease."""

    def __init__(self, job: Job) -> None:
        """Wrap a job that was claimed by `job.owner`."""
        self.job = job
        self.params: dict[str, Any] = job.params
        self.cursor: Any = job.cursor

    def advance(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        message: str | None = None,
        cursor: Any = None,
    ) -> None:
        """Store progress and renew the lease; call it inside the chunk's own transaction.

        Raises:
            JobLost: Another worker owns the job, or it was cancelled.
        """
        values: dict[str, Any] = {"lease_until": timezone.now() + LEASE}
        given = {"done": done, "total": total, "message": message, "cursor": cursor}
        values |= {name: value for name, value in given.items() if value is not None}
        if cursor is not None:
            values["stalled"] = 0
        mine = Job.objects.filter(pk=self.job.pk, owner=self.job.owner, state=Job.State.RUNNING)
        if not mine.update(**values):
            raise JobLost(f"Job {self.job.pk} is no longer owned by {self.job.owner}.")
        if cursor is not None:
            self.cursor = cursor
