"""Settling a conflict on its page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.models import Adjudication, Decision
from tests import factories


def at(name, record):
    place = {"slug": record.review.slug, "stage": "title-abstract"}
    if name != "conflicts":
        place["record_id"] = record.pk
    return reverse(f"screening:{name}", kwargs=place)


@pytest.fixture
def conflict(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "include", comment="MRI")
    factories.make_decision(record, other_screener, "exclude")
    return record


def test_an_adjudicator_sees_both_and_rules(conflict, adjudicator, client_of):
    browser = client_of(adjudicator)
    text = browser.get(at("conflicts", conflict)).content.decode()
    assert "1 for you to settle" in text
    assert "Sam Screener" in text
    assert "Olga Other" in text
    assert "just now" in text
    Decision.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert "since 2\xa0hours" in browser.get(at("conflicts", conflict)).content.decode()
    data = {"verdict": "exclude", "kind": "ruling", "rationale": "No images."}
    answer = browser.post(at("settle", conflict), data, follow=True)
    assert "Settled. Excluded" in answer.content.decode()
    assert Adjudication.objects.get().rationale == "No images."
    answer = browser.post(at("withdraw", conflict), follow=True)
    assert "taken back" in answer.content.decode()
    answer = browser.post(at("withdraw", conflict), follow=True)
    assert "no ruling" in answer.content.decode()


def test_a_party_records_what_both_agreed_on(conflict, screener, client_of):
    browser = client_of(screener)
    answer = browser.post(at("agree", conflict), {"verdict": "include"})
    assert answer.status_code == 400
    assert "what you agreed on" in answer.content.decode()
    browser.post(at("agree", conflict), {"verdict": "include", "rationale": "Talked."})
    assert Adjudication.objects.get().kind == "consensus"


def test_a_ruling_needs_a_verdict(conflict, adjudicator, client_of):
    answer = client_of(adjudicator).post(at("settle", conflict), {"rationale": "x"})
    assert answer.status_code == 400
    assert "Choose include or exclude." in answer.content.decode()


def test_who_decided_may_not_rule(conflict, screener, client_of):
    type(screener).objects.filter(pk=screener.pk).update(is_adjudicator=True)
    browser = client_of(screener)
    assert "you decided them yourself" in browser.get(at("conflicts", conflict)).content.decode()
    assert browser.post(at("settle", conflict), {"verdict": "include"}).status_code == 403


def test_no_conflict_says_so(review, screener, client_of):
    record = factories.make_record(review)
    text = client_of(screener).get(at("conflicts", record)).content.decode()
    assert "No conflict waits here" in text
