"""Verdicts that waited in a browser: stored once, of the right person, or refused with a reason."""

import pytest
from django.urls import reverse

from screening.models import Decision
from tests import factories

TITLE = "title-abstract"
SESSION = "/session/"


def send(client, record, **fields):
    place = {"slug": record.review.slug, "stage": TITLE, "record_id": record.pk}
    return client.post(reverse("screening:decide-waiting", kwargs=place), fields)


@pytest.fixture
def page(client_of, screener):
    return client_of(screener)


def test_a_verdict_that_is_sent_twice_is_stored_once(review, page, screener):
    record = factories.make_record(review)
    given = {"verdict": "include", "client_key": "k1", "member": screener.pk}
    first, again = (send(page, record, **given) for _ in range(2))
    (stored,) = Decision.objects.all()
    assert first.json() == again.json() == {"decision": stored.pk}
    assert (stored.reviewer, stored.verdict) == (screener, "include")


def test_an_answer_that_was_stored_but_never_arrived_is_not_doubled(review, page, screener):
    record = factories.make_record(review)
    given = {"verdict": "exclude", "client_key": "k1"}
    place = {"slug": review.slug, "stage": TITLE, "record_id": record.pk}
    page.post(reverse("screening:decide", kwargs=place), given)
    assert send(page, record, member=screener.pk, **given).status_code == 200
    assert Decision.objects.count() == 1


def test_nobody_sends_what_somebody_else_gave(review, client_of, screener, other_screener):
    record = factories.make_record(review)
    given = {"verdict": "include", "client_key": "k1", "member": screener.pk}
    answer = send(client_of(other_screener), record, **given)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_person")
    assert not Decision.objects.exists()


def test_a_verdict_that_nobody_needs_any_more_is_refused_with_its_reason(review, page, screener):
    record = factories.make_record(review)
    for _ in range(2):
        factories.make_decision(record, factories.make_member(review, "screener"))
    answer = send(page, record, verdict="exclude", client_key="k1", member=screener.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "settled")
    assert "already has the verdicts it needs" in answer.json()["error"]


def test_without_a_key_nothing_is_stored(review, page, screener):
    record = factories.make_record(review)
    assert send(page, record, verdict="include", member=screener.pk).status_code == 400
    assert not Decision.objects.exists()


def test_one_signs_in_again_where_one_is(client, screener):
    assert client.get(SESSION).json()["account"] is None
    given = {"username": screener.user.email, "password": "wrong"}
    refused = client.post(SESSION, given)
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        "That did not match. Check the password.",
    )
    answer = client.post(SESSION, given | {"password": factories.PASSWORD})
    assert answer.json()["account"] == client.get(SESSION).json()["account"] == screener.user.pk
    assert answer.headers["Cache-Control"].count("no-store")
