"""Progress: one's own and the team's, how fast and till when; per person for the lead only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.models import Adjudication, Decision
from screening.rules.consensus import Stage
from screening.services.decisions import Answer, record_decision
from screening.services.pilots import PilotPlan, open_main_round, start_pilot
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
        ("screen", "title-abstract", 31),
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


@pytest.mark.parametrize("is_counted", [False, True])
def test_while_a_pilot_holds_up_the_main_round_nobody_is_told_to_be_done(
    review, lead, screener, other_screener, client_of, is_counted
):
    records = [factories.make_record(review) for _ in range(5)]
    plan = PilotPlan(chosen=[one.pk for one in records[:2]], is_counted=is_counted, is_held=True)
    pilot = start_pilot(lead=lead, stage=Stage.TITLE_ABSTRACT, plan=plan)
    left = 3 if is_counted else 5  # what does not count is decided again
    place = {"slug": review.slug, "stage": "title-abstract"}

    def desk():
        return client_of(screener).get(reverse("screening:screen", kwargs=place)).content.decode()

    assert f"{2 + left} left for me" in page_of(client_of, screener)
    for person in (screener, other_screener):
        for record in records[:2]:
            text = page_of(client_of, person)
            assert "You have decided" in text
            record_decision(
                membership=person,
                record_id=record.pk,
                stage=Stage.TITLE_ABSTRACT,
                answer=Answer(verdict="include"),
            )
        if person == screener:
            text = page_of(client_of, screener)
            assert f"2 of 2 decided, {left} wait in the main round" in text
            assert f"{left} left for me" in text
            assert f"<b>2</b> of 2 decided, {left} in the main round" in desk()
            assert f'max="{2 + left}"' in text
    pilot.refresh_from_db()
    assert pilot.ended_at is not None
    text = page_of(client_of, screener)
    assert "The main round begins when the lead opens it" in text
    assert f"{left} wait in the main round" in text
    assert "<dd>done</dd>" not in text
    told = client_of(screener).get(reverse("screening-api:progress", kwargs=place)).json()
    assert (told["own"]["to_decide"], told["own"]["after_pilot"]) == (0, left)
    open_main_round(lead=lead, pilot=pilot)
    text = page_of(client_of, screener)
    assert f"{left} left for me" in text
    assert "main round" not in text
