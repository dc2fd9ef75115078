"""Progress: one's own and the team's, how fast and till when; per person for the lead only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.models import Adjudication, Decision
from tests import factories


def page_of(client_of, member):
    place = {"slug": member.review.slug, "stage": "title-abstract"}
    return client_of(member).get(reverse("screening:progress", kwargs=place)).content.decode()


def decide(member, number, verdict="include"):
    """One verdict a minute until now."""
    for minute in range(number):
        record = factories.make_record(member.review)
        at = timezone.now() - timedelta(minutes=minute)
        factories.make_decision(record, member, verdict, created_at=at)


def test_a_screener_sees_the_own_pace_what_is_left_and_no_other_person(
    review, screener, other_screener, client_of
):
    decide(screener, 7)
    decide(other_screener, 3)
    ruled = factories.make_record(review)
    Adjudication.objects.create(
        record=ruled, stage="title_abstract", verdict="include", adjudicator=screener
    )
    text = page_of(client_of, screener)
    assert "7 of 10 decided" in text
    assert "60, so about" in text
    assert "3 left for me" in text
    assert "10 verdicts left" in text  # twenty are needed
    assert "Olga Other" not in text


def test_it_is_the_same_whatever_the_other_said(review, screener, other_screener, client_of):
    decide(other_screener, 8)
    decide(screener, 2)
    seen = []
    for verdict in ("include", "exclude"):
        Decision.objects.filter(reviewer=other_screener).update(verdict=verdict)
        text = page_of(client_of, screener)
        seen.append(text[text.index('id="own"') : text.index("</main>")])
    assert seen[0] == seen[1]


def test_the_lead_sees_how_many_each_decided_and_how_fast(review, lead, screener, client_of):
    decide(screener, 7)
    text = page_of(client_of, lead)
    assert "Sam Screener" in text
    assert '<td class="num">7</td><td class="num">60</td>' in text
    assert "0 conflicts" in text


@pytest.mark.parametrize(
    ("page", "stage", "most"),
    [
        ("progress", "title-abstract", 16),
        ("progress", "full-text", 22),
        ("screen", "title-abstract", 30),
        ("conflicts", "title-abstract", 17),
        ("decided", "title-abstract", 17),
        ("pilots", "title-abstract", 15),
    ],
)
def test_the_pages_of_a_stage_ask_little(  # noqa: PLR0917 (fixtures)
    page, stage, most, review, screener, other_screener, client_of, django_assert_max_num_queries
):
    decide(screener, 2)
    decide(other_screener, 1)
    address = reverse(f"screening:{page}", kwargs={"slug": review.slug, "stage": stage})
    browser = client_of(screener)
    with django_assert_max_num_queries(most):  # three of them find out who asks
        assert browser.get(address).status_code == 200


def test_the_api_tells_the_same_and_people_to_a_lead_only(
    review, lead, screener, other_screener, client_of
):
    decide(screener, 7)
    decide(other_screener, 3)
    place = {"slug": review.slug, "stage": "title-abstract"}
    told = client_of(screener).get(reverse("screening-api:progress", kwargs=place)).json()
    assert told["team"] == {"awaiting": 10, "conflict": 0, "included": 0, "excluded": 0}
    assert (told["own"]["decided"], told["own"]["to_decide"]) == (7, 3)
    assert round(told["own_pace"]["per_hour"]) == 60
    assert (told["team_pace"]["left"], told["conflicts"]) == (10, 0)
    people = reverse("screening-api:people-progress", kwargs=place)
    assert client_of(screener).get(people).status_code == 403
    rows = client_of(lead).get(people).json()["results"]
    assert {row["name"]: row["decided"] for row in rows} == {
        screener.user.name: 7,
        other_screener.user.name: 3,
    }
