from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.models import Job, Membership, Review, User
from screening.services import jobs as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(review: Review, screener: Membership) -> Job:
    return Job.objects.create(
        kind="import_records",
        review=review,
        created_by=screener.user,
        state=Job.State.RUNNING,
        owner="worker",
        done=1240,
        total=3100,
    )


def address(job: Job, name: str = "job") -> str:
    return reverse(f"screening:{name}", kwargs={"job_id": job.pk})


def end(job: Job, state: str, error: str = "") -> None:
    Job.objects.update(state=state, error=error, owner="", finished_at=timezone.now())


def test_the_page_shows_counts_and_says_that_it_can_be_left(
    job: Job, observer: Membership, client_of: Any
) -> None:
    page = client_of(observer).get(address(job)).text
    assert "Import records" in page
    assert "<b>1,240</b> of 3,100" in page
    assert 'value="1240" max="3100"' in page
    assert "You can leave this page" in page


def test_the_moving_part_asks_again_until_the_work_has_ended(
    job: Job, screener: Membership, client_of: Any
) -> None:
    client = client_of(screener)
    part = client.get(address(job), headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'hx-trigger="every 1s"' in part
    end(job, "done")
    part = client.get(address(job), headers={"HX-Request": "true"}).text
    assert "hx-trigger" not in part
    assert "Done" in part


def test_work_without_a_known_total_shows_what_is_done(
    job: Job, screener: Membership, client_of: Any
) -> None:
    Job.objects.update(total=None)
    assert "<b>1,240</b> so far" in client_of(screener).get(address(job)).text


def test_a_failure_shows_its_message_and_can_be_tried_again(
    job: Job, screener: Membership, client_of: Any
) -> None:
    end(job, "failed", error="The file has no title column.")
    client = client_of(screener)
    assert "The file has no title column." in client.get(address(job)).text
    answer = client.post(address(job, "retry-job"))
    assert answer.headers["Location"] == address(job)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_running_work_can_be_cancelled(job: Job, lead: Membership, client_of: Any) -> None:
    page = client_of(lead).post(address(job, "cancel-job"), follow=True).text
    assert "Cancelled" in page
    assert "Try again" in page


@pytest.mark.parametrize(
    ("state", "name", "said"),
    [
        ("done", "cancel-job", "nothing to cancel"),
        ("done", "retry-job", "Only failed or cancelled work"),
    ],
)
def test_a_late_click_gets_a_clear_answer(
    job: Job, lead: Membership, client_of: Any, state: str, name: str, said: str
) -> None:
    end(job, state)
    assert said in client_of(lead).post(address(job, name), follow=True).text


def test_other_members_see_the_work_but_cannot_steer_it(
    job: Job, other_screener: Membership, client_of: Any
) -> None:
    client = client_of(other_screener)
    assert "Cancel the work" not in client.get(address(job)).text
    assert client.post(address(job, "cancel-job")).status_code == 403
    assert client.post(address(job, "retry-job")).status_code == 403


@pytest.mark.parametrize("name", ["job", "cancel-job", "retry-job"])
def test_a_stranger_and_a_former_member_find_nothing(
    job: Job, stranger: User, observer: Membership, client_of: Any, name: str
) -> None:
    observer.deactivated_at = timezone.now()
    observer.save()
    method = "get" if name == "job" else "post"
    for person in (stranger, observer):
        assert getattr(client_of(person), method)(address(job, name)).status_code == 404


def test_a_visitor_is_asked_to_sign_in(job: Job, client: Client) -> None:
    assert client.get(address(job)).status_code == 302


def test_work_without_a_review_is_seen_by_who_asked_for_it_only(
    stranger: User, lead: Membership, client_of: Any
) -> None:
    job = Job.objects.create(kind="check_worker", created_by=stranger)
    assert client_of(stranger).get(address(job)).status_code == 200
    assert client_of(lead).get(address(job)).status_code == 404


def test_changing_state_needs_a_post(job: Job, lead: Membership, client_of: Any) -> None:
    assert client_of(lead).get(address(job, "cancel-job")).status_code == 405
    assert services.claim_job(job_id=job.pk, owner="second") is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("import_records", "Go to the sources"),
        ("find_duplicates", "Go to the duplicates"),
        ("check_worker", "Go to the review"),
    ],
)
def test_the_page_leads_to_what_the_work_is_for(
    job: Job, lead: Membership, client_of: Any, kind: str, words: str
) -> None:
    Job.objects.update(kind=kind)
    assert words in client_of(lead).get(address(job)).text
