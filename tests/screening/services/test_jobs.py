from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from screening.models import AuditEvent, Job, JobContext, JobLost, Membership, Review, User
from screening.selectors.jobs import is_small
from screening.services import jobs as services
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(services, "send", lambda job, _queue: ids.append(job))
    return ids


@pytest.fixture
def job(review: Review, screener: Membership) -> Job:
    return Job.objects.create(kind="check_worker", review=review, created_by=screener.user)


def claimed(job: Job, owner: str = "first") -> Job:
    mine = services.claim_job(job_id=job.pk, owner=owner)
    assert mine is not None
    return mine


def expire(job: Job, **fields: Any) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(lease_until=past, **fields)


def test_a_job_is_claimed_by_one_owner_only(job: Job) -> None:
    assert claimed(job).owner == "first"
    assert services.claim_job(job_id=job.pk, owner="second") is None


def test_an_expired_lease_may_be_claimed_by_another(job: Job) -> None:
    claimed(job)
    expire(job)
    assert claimed(job, "second").attempts == 2


def test_who_lost_the_job_cannot_write_to_it_any_more(job: Job) -> None:
    mine = claimed(job)
    expire(job)
    claimed(job, "second")
    with pytest.raises(JobLost):
        JobContext(mine).advance(done=5, cursor=5)
    assert not services.renew_lease(job=mine)
    assert not services.finish_job(job=mine)
    assert not services.fail_job(job=mine, error="late")
    job.refresh_from_db()
    assert (job.owner, job.done, job.state) == ("second", 0, Job.State.RUNNING)


def test_progress_renews_the_lease_and_keeps_the_cursor(job: Job) -> None:
    mine = claimed(job)
    expire(job)
    JobContext(mine).advance(done=3, total=9, message="Reading", cursor={"row": 3})
    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.lease_until > timezone.now()
    assert (job.done, job.total, job.message, job.cursor) == (3, 9, "Reading", {"row": 3})


def test_a_finished_job_has_no_owner_and_cannot_be_claimed(job: Job) -> None:
    assert services.finish_job(job=claimed(job))
    job.refresh_from_db()
    assert (job.state, job.owner, job.lease_until) == (Job.State.DONE, "", None)
    assert job.finished_at is not None
    assert services.claim_job(job_id=job.pk, owner="second") is None


def test_a_failure_that_may_pass_is_tried_four_times_then_fails(job: Job) -> None:
    for _ in range(services.MAX_ATTEMPTS - 1):
        assert services.postpone_job(job=claimed(job), error="no disk")
        job.refresh_from_db()
        assert job.state == Job.State.QUEUED
    assert services.postpone_job(job=claimed(job), error="no disk")
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "no disk")


def test_the_sweeper_requeues_an_expired_lease_and_sends_it_once(job: Job, sent: list[int]) -> None:
    claimed(job)
    assert services.sweep_jobs() == []
    expire(job)
    assert services.sweep_jobs() == [job.pk]
    assert services.sweep_jobs() == []
    assert sent == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.owner) == (Job.State.QUEUED, "")


def test_the_sweeper_fails_a_job_that_has_killed_its_worker_ten_times(
    job: Job, sent: list[int]
) -> None:
    claimed(job)
    expire(job, stalled=services.MAX_LOST)
    services.sweep_jobs()
    job.refresh_from_db()
    assert (job.state, sent) == (Job.State.FAILED, [])
    assert "started 10 times" in job.error


def test_a_job_that_moves_on_each_time_survives_any_number_of_kills(job: Job) -> None:
    for step in range(1, 2 * services.MAX_LOST):
        JobContext(claimed(job, f"up-here:{step}:aa")).advance(done=step, cursor=step)
        services.release_jobs(owner_prefix="up-here:")
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.QUEUED, 2 * services.MAX_LOST - 1)


def test_a_job_that_is_killed_at_the_same_place_ten_times_is_given_up(job: Job) -> None:
    JobContext(claimed(job, "up-here:0:aa")).advance(done=1, cursor=1)
    services.release_jobs(owner_prefix="up-here:")
    for step in range(services.MAX_LOST):
        JobContext(claimed(job, f"up-here:{step}:aa")).advance(done=1, message="Comparing")
        services.release_jobs(owner_prefix="up-here:")
    job.refresh_from_db()
    assert (job.state, "at the same place" in job.error) == (Job.State.FAILED, True)


def test_the_sweeper_sends_a_forgotten_job_but_no_fresh_one(job: Job, sent: list[int]) -> None:
    assert services.sweep_jobs() == []
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert services.sweep_jobs() == [job.pk]
    assert sent == [job.pk]


def test_jobs_of_a_dead_worker_are_released_at_once_and_no_others(
    job: Job, review: Review, sent: list[int]
) -> None:
    other = Job.objects.create(kind="check_worker", review=review)
    claimed(job, "up-here:1:aa")
    claimed(other, "elsewhere:1:bb")
    assert services.release_jobs(owner_prefix="up-here:") == [job.pk]
    other.refresh_from_db()
    assert other.state == Job.State.RUNNING
    assert sent == [job.pk]


def test_a_cancelled_job_stops_at_its_next_step(job: Job, screener: Membership) -> None:
    mine = claimed(job)
    services.cancel_job(job=job, user=screener.user)
    with pytest.raises(JobLost):
        JobContext(mine).advance(done=1)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert AuditEvent.objects.get().action == "job.cancelled"


def test_a_failed_job_is_tried_again_from_its_cursor(
    job: Job,
    screener: Membership,
    sent: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    mine = claimed(job)
    JobContext(mine).advance(done=4, cursor=4)
    services.fail_job(job=mine, error="broken")
    with django_capture_on_commit_callbacks(execute=True):
        services.retry_job(job=job, user=screener.user)
    job.refresh_from_db()
    assert (job.state, job.cursor, job.attempts, job.error) == (Job.State.QUEUED, 4, 0, "")
    assert sent == [job.pk]


def test_what_has_ended_cannot_be_cancelled_and_what_runs_cannot_be_retried(
    job: Job, screener: Membership
) -> None:
    mine = claimed(job)
    with pytest.raises(ValidationError, match="Only failed or cancelled"):
        services.retry_job(job=job, user=screener.user)
    services.finish_job(job=mine)
    with pytest.raises(ValidationError, match="ended already"):
        services.cancel_job(job=job, user=screener.user)


def test_a_lead_may_steer_the_work_of_others_and_nobody_else_may(
    job: Job, lead: Membership, other_screener: Membership, stranger: User
) -> None:
    for person in (other_screener.user, stranger):
        with pytest.raises(PermissionDenied):
            services.cancel_job(job=job, user=person)
    services.cancel_job(job=job, user=lead.user)


def test_a_deactivated_member_may_not_steer_even_own_work(job: Job, screener: Membership) -> None:
    screener.deactivated_at = timezone.now()
    screener.save()
    with pytest.raises(PermissionDenied):
        services.cancel_job(job=job, user=screener.user)


def test_work_without_a_review_is_steered_by_who_asked_for_it(
    stranger: User, screener: Membership
) -> None:
    job = Job.objects.create(kind="check_worker", review=None, created_by=stranger)
    with pytest.raises(PermissionDenied):
        services.cancel_job(job=job, user=screener.user)
    services.cancel_job(job=job, user=stranger)


def test_work_is_sent_to_the_queue_of_its_size_also_when_it_is_swept(
    review: Review, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[int, str]] = []
    for place in ("screening.models.jobs.send", "screening.services.jobs.send"):
        monkeypatch.setattr(place, lambda *message: sent.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        quick, slow = (
            Job.objects.enqueue(
                kind="check_worker", review=None, created_by=None, params={}, is_short=is_short
            )
            for is_short in (True, False)
        )
    expected = [(quick.pk, "short"), (slow.pk, "long")]
    assert sent == expected
    expire(quick)
    expire(slow)
    services.sweep_jobs()
    assert sent == expected * 2


def test_work_over_a_whole_review_is_short_in_a_small_one_only(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_small(review=review)
    monkeypatch.setattr("screening.selectors.jobs.SMALL_RECORDS", 1)
    for _ in range(2):
        factories.make_record(review)
    assert not is_small(review=review)
