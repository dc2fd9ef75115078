import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError

from reviewapp import jobs
from screening.models import Job, JobContext, JobLost
from screening.services import jobs as services


def raising(error: Exception) -> jobs.Handler:
    def handle(_context: JobContext) -> None:
        raise error

    return handle


@pytest.fixture
def job(db: None) -> Job:
    return Job.objects.create(kind="check_worker", params={"steps": 5})


def use(monkeypatch: pytest.MonkeyPatch, handler: jobs.Handler) -> None:
    monkeypatch.setattr(jobs, "handlers", lambda: {"check_worker": handler})


def test_a_job_runs_to_its_end(job: Job) -> None:
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 5, 5)


def test_a_job_goes_on_at_its_cursor(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job.cursor = 3
    job.save()
    steps: list[Any] = []
    original = JobContext.advance

    def advance(context: JobContext, **values: Any) -> None:
        steps.append(values.get("cursor"))
        original(context, **values)

    monkeypatch.setattr(JobContext, "advance", advance)
    jobs.perform(job.pk, owner="second")
    assert steps == [None, 4, 5]


def test_a_message_for_a_job_that_somebody_has_changes_nothing(job: Job) -> None:
    services.claim_job(job_id=job.pk, owner="first")
    jobs.perform(job.pk, owner="second")
    job.refresh_from_db()
    assert (job.owner, job.attempts, job.done) == ("first", 1, 0)


def test_a_message_for_a_deleted_job_is_ignored(db: None) -> None:
    jobs.perform(4711, owner="first")


def test_an_unknown_kind_fails_with_a_clear_message(job: Job) -> None:
    Job.objects.update(kind="make_coffee")
    jobs.perform(job.pk, owner="first")
    job.refresh_from_db()
    assert (job.state, "make_coffee" in job.error) == (Job.State.FAILED, True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValidationError(["No title column.", "No rows."]), "No title column. No rows."),
        (PermissionDenied("Only a lead may import records."), "Only a lead may import records."),
        (PermissionDenied(), "This is not allowed any more."),
    ],
)
def test_a_refusal_fails_at_once_with_its_own_words(
    job: Job, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    use(monkeypatch, raising(error))
    jobs.perform(job.pk, owner="first")
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (Job.State.FAILED, said, 1)


def test_an_unexpected_error_is_tried_again_and_shows_no_inner_text(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, raising(RuntimeError("verdict of Sam: include")))
    jobs.perform(job.pk, owner="first")
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert "RuntimeError" in job.error
    assert "Sam" not in job.error


def test_who_lost_the_job_leaves_it_to_its_new_owner(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, raising(JobLost("lost")))
    jobs.perform(job.pk, owner="first")
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_the_heartbeat_beats_until_the_job_is_somebody_elses(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, DatabaseError("busy"), False])
    beaten = threading.Event()

    def renew(*, job: Job) -> bool:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        if not answer:
            beaten.set()
        return answer

    monkeypatch.setattr(jobs.services, "renew_lease", renew)
    with jobs.Heartbeat(job, seconds=0.01):
        assert beaten.wait(timeout=5)


def test_the_sweeper_survives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = threading.Semaphore(0)

    def sweep() -> list[int]:
        swept.release()
        raise DatabaseError("away")

    monkeypatch.setattr(jobs.services, "sweep_jobs", sweep)
    sweeper = jobs.Sweeper(seconds=0.01)
    sweeper.start()
    assert swept.acquire(timeout=5)
    assert swept.acquire(timeout=5)
    sweeper.stop()


def test_two_apps_may_not_name_the_same_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "TASK_MODULES", ("reviewapp.tasks", "reviewapp.tasks"))
    jobs.handlers.cache_clear()
    with pytest.raises(ValueError, match="check_worker"):
        jobs.handlers()


def test_handlers_of_all_apps_are_found() -> None:
    jobs.handlers.cache_clear()
    assert "check_worker" in jobs.handlers()


def test_each_run_has_an_owner_name_of_its_own_that_fits_its_column() -> None:
    names = {jobs.new_owner() for _ in range(50)}
    assert len(names) == 50
    assert max(map(len, names)) <= 64


def test_what_a_dead_process_of_this_machine_did_is_free_at_once(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    services.claim_job(job_id=job.pk, owner=f"{jobs.owner_prefix()}:{ended.pid}:aa")
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


@pytest.mark.parametrize("owner", ["elsewhere:1:aa", "{here}:{alive}:aa", "{here}:x:aa"])
def test_what_others_or_living_processes_do_is_left_to_them(job: Job, owner: str) -> None:
    owner = owner.format(here=jobs.owner_prefix(), alive=os.getpid())
    services.claim_job(job_id=job.pk, owner=owner)
    jobs.release_orphans()
    job.refresh_from_db()
    assert job.owner == owner


def test_what_follows_a_job_is_done_after_it_and_its_failure_is_nobodys(
    job: Job, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    use(monkeypatch, lambda _context: done.append("work"))

    def fail(_job: Job) -> None:
        raise RuntimeError("no space")

    monkeypatch.setattr(
        jobs, "followers", lambda _kind: (fail, lambda one: done.append(f"after {one.pk}"))
    )
    jobs.perform(job.pk, owner="first")
    job.refresh_from_db()
    assert (job.state, done) == (Job.State.DONE, ["work", f"after {job.pk}"])
    assert f"What follows job {job.pk}" in caplog.text
