"""The one Celery task: claims a job, keeps its lease alive, runs its handler, records the end."""

import importlib
import importlib.util
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from celery import Task, shared_task
from celery.signals import before_task_publish, worker_ready, worker_shutting_down
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError as BrokerError

from reviewapp.beside import Beside
from reviewapp.diskfull import TOLD_OF_A_JOB, is_disk_full
from reviewapp.env import read_text
from reviewapp.files import FilesAwayError
from reviewapp.processes import is_alive
from reviewapp.telemetry.context import accepted_id, current_request_id, working_for
from screening.models import Job, JobContext, JobLost
from screening.models.jobs import TASK_NAME
from screening.permissions import refuse_read_only
from screening.services import jobs as services
from screening.services.life import start_due_deletions

logger = logging.getLogger(__name__)

Handler = Callable[[JobContext], None]
TASK_MODULES = ("screening.tasks", "extraction.tasks", "analytics.tasks", "reviewapp.tasks")
HEARTBEAT_SECONDS = 15.0
SWEEP_SECONDS = 15.0
FILES_AWAY = (
    "The storage that keeps imported files and PDFs does not answer. What was finished is kept; "
    "the work goes on where it stopped when it answers again."
)
UNEXPECTED = "Something unexpected happened ({error}). The log of the worker says more (job {job})."


@cache
def handlers() -> dict[str, Handler]:
    """All handlers of all apps, by kind.

    Raises:
        ValueError: Two apps name the same kind.
    """
    found: dict[str, Handler] = {}
    for name in TASK_MODULES:
        if importlib.util.find_spec(name) is None:
            continue
        for kind, handler in importlib.import_module(name).HANDLERS.items():
            if kind in found:
                raise ValueError(f"Two handlers for the job kind {kind!r}; one is in {name}.")
            found[kind] = handler
    return found


@cache
def reading_kinds() -> frozenset[str]:
    """Kinds of work that change nothing of their review, so that an archived one allows them.

    An app names its own in `READING` beside its handlers.
    """
    found: set[str] = set()
    for name in TASK_MODULES:
        if importlib.util.find_spec(name) is not None:
            found |= getattr(importlib.import_module(name), "READING", frozenset())
    return frozenset(found)


@cache
def followers(kind: str) -> tuple[Callable[[Job], None], ...]:
    """What other apps do when work of a kind is done, e.g. read ahead what it brought.

    An app names its own in `AFTERWARDS` beside its handlers.
    """
    found = [
        getattr(importlib.import_module(name), "AFTERWARDS", {}).get(kind)
        for name in TASK_MODULES
        if importlib.util.find_spec(name) is not None
    ]
    return tuple(one for one in found if one is not None)


def owner_prefix() -> str:
    """The start of this installation's owner names on this machine."""
    return read_text("REVIEWAPP_WORKER_ID", socket.gethostname())[:40]


def new_owner() -> str:
    """A name no other run of a job has ever had."""
    return f"{owner_prefix()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@before_task_publish.connect(weak=False)
def _name_the_request(headers: dict[str, Any], **_kwargs: object) -> None:
    """The lines that a job writes name the request that asked for it."""
    headers["request_id"] = current_request_id()


@shared_task(name=TASK_NAME, ignore_result=True, bind=True)
def run_job(self: "Task[[int], None]", job_id: int) -> None:
    """What the worker does with a message."""
    # a worker puts the message's headers on the request itself
    headers = {"request_id": self.request.get("request_id")} | (self.request.headers or {})
    with working_for(accepted_id(str(headers["request_id"] or "")), job=str(job_id)):
        perform(job_id, owner=new_owner())


def perform(job_id: int, *, owner: str) -> None:
    """Run a job if it is free; otherwise somebody else has it and nothing happens."""
    release_orphans(job_id)
    job = services.claim_job(job_id=job_id, owner=owner)
    if job is None:
        return
    handler = handlers().get(job.kind)
    if handler is None:
        services.fail_job(job=job, error=f"No handler knows work of the kind {job.kind!r}.")
        return
    started = time.monotonic()
    with Heartbeat(job):
        _run_handler(partial(_guarded, handler), job)
    took = time.monotonic() - started
    logger.info("Job %s (%s), attempt %s, took %.1f s", job.pk, job.kind, job.attempts, took)


def _guarded(handler: Handler, context: JobContext) -> None:
    """Run a handler, unless its review is kept as it is and the work would change it."""
    job = context.job
    if job.review is not None and job.kind not in reading_kinds():
        refuse_read_only(job.review)
    handler(context)
    for follow in followers(job.kind):
        try:
            follow(job)
        except Exception:  # the work itself is done; what follows only saves time or space
            logger.exception("What follows job %s (%s) failed", job.pk, job.kind)


def _run_handler(handler: Handler, job: Job) -> None:
    try:
        handler(JobContext(job))
    except JobLost as lost:
        logger.info("%s", lost)
    except ValidationError as refused:
        services.fail_job(job=job, error=" ".join(refused.messages))
    except PermissionDenied as refused:
        services.fail_job(job=job, error=str(refused) or "This is not allowed any more.")
    except Exception as error:  # the outermost edge: whatever a handler raises is recorded
        logger.exception("Job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
        text = UNEXPECTED.format(error=type(error).__name__, job=job.pk)
        text = TOLD_OF_A_JOB if is_disk_full(error) else text
        text = FILES_AWAY if isinstance(error, FilesAwayError) else text
        services.postpone_job(job=job, error=text)
    else:
        services.finish_job(job=job)


class Heartbeat(Beside):
    """Renews a job's lease from a thread of its own while the handler computes."""

    def __init__(self, job: Job, seconds: float = HEARTBEAT_SECONDS) -> None:
        """Prepare; the thread lives as long as the `with` block."""
        super().__init__(seconds, f"lease-{job.pk}")
        self._job = job

    def tick(self) -> bool:
        """Renew; over once the job is somebody else's. The lease outlives several that fail."""
        return services.renew_lease(job=self._job)


class Sweeper:
    """A worker's thread that finds abandoned and forgotten jobs; several workers may sweep."""

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        """Prepare; `start` starts the thread."""
        self._seconds = seconds
        self._ended = threading.Event()

    def start(self) -> None:
        """Start sweeping in the background."""
        threading.Thread(target=self._sweep, daemon=True, name="job-sweeper").start()

    def stop(self) -> None:
        """Stop after the sweep that is under way."""
        self._ended.set()

    def _sweep(self) -> None:
        while not self._ended.wait(self._seconds):
            sweep_once()


def sweep_once() -> None:
    """One sweep that survives a database or a broker that is away for a moment."""
    try:
        sent = services.sweep_jobs()
        release_orphans()
        start_due_deletions()
        if sent:
            logger.warning("Sent again: jobs %s", sent)
    except (DatabaseError, BrokerError):
        logger.exception("The sweep of the jobs failed; the next one tries again")
    finally:
        connection.close()


def release_orphans(job_id: int | None = None) -> None:
    """Take back what a process of this machine did that lives no longer, a killed one of the pool.

    A process number that the system gave away again looks alive: then the lease has to run out.
    """
    running = Job.objects.filter(state=Job.State.RUNNING, owner__startswith=f"{owner_prefix()}:")
    if job_id is not None:
        running = running.filter(pk=job_id)
    for owner in running.values_list("owner", flat=True):
        number = owner.rsplit(":", 2)[1]
        if number.isdecimal() and not is_alive(int(number)):
            services.release_jobs(owner_prefix=owner)


def release_own_jobs() -> None:
    """Take back what a killed predecessor of this worker was doing, without waiting for leases."""
    services.release_jobs(owner_prefix=f"{owner_prefix()}:")
    connection.close()


_sweeper = Sweeper()


@worker_ready.connect(weak=False)
def _start_sweeper(**_kwargs: object) -> None:
    _sweeper.start()


@worker_shutting_down.connect(weak=False)
def _stop_sweeper(**_kwargs: object) -> None:
    _sweeper.stop()
