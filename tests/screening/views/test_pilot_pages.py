"""The pages of a pilot round and of the criteria."""

import pytest
from django.urls import reverse

from screening.models import Pilot, PilotDecision
from screening.rules.consensus import Stage
from screening.selectors.pilot_results import pilot_rows
from screening.services.criteria import revise_criteria
from screening.services.pilots import PilotPlan, end_pilot, start_pilot
from tests import factories

TITLE = "title-abstract"
HTMX = {"HTTP_HX_REQUEST": "true"}


def at(name, review, **more):
    if name in {"screen", "decide", "undo", "pilots", "start-pilot", "decided", "counts"}:
        more["stage"] = TITLE
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


def results(review, pilot):
    return reverse("analytics:pilot", kwargs={"slug": review.slug, "pilot_id": pilot.pk})


@pytest.fixture
def pilot(review, lead, screener, other_screener):
    records = [factories.make_record(review, title=f"Pilot record {n}") for n in range(2)]
    factories.make_record(review, title="Main record")
    plan = PilotPlan(chosen=[one.pk for one in records])
    return start_pilot(lead=lead, stage=Stage.TITLE_ABSTRACT, plan=plan)


def decide_all(client, review, pilot, verdict):
    for row in pilot.pilot_records.all():
        address = at("decide", review, record_id=row.record_id)
        data = {"verdict": verdict, "client_key": f"{verdict}{row.pk}", "comment": f"My {verdict}"}
        assert client.post(address, data, **HTMX).status_code == 200


def test_a_lead_starts_one_on_the_page(review, lead, screener, other_screener, client_of):
    for _ in range(3):
        factories.make_record(review)
    page = client_of(lead)
    wrong = page.post(at("start-pilot", review), {"size": "2", "chosen": "1, x", "is_held": "on"})
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "&#x27;x&#x27; is no number of a record." in text
    assert ">\n1, x</textarea>" in text  # what was typed is kept
    none = page.post(at("start-pilot", review), {"size": ""})
    assert "Say how many records are drawn" in none.content.decode()
    many = page.post(at("start-pilot", review), {"size": "4"})
    assert "only 3 are left" in many.content.decode()
    page.post(at("start-pilot", review), {"size": "2", "is_counted": "on"})
    pilot = Pilot.objects.get()
    assert (pilot.pilot_records.count(), pilot.is_counted, pilot.is_held) == (2, True, False)


def test_a_screener_decides_in_it_and_waits(review, pilot, screener, client_of):
    page = client_of(screener)
    text = page.get(at("screen", review)).content.decode()
    assert "You have decided 0 of 2 records" in text
    assert "Pilot record" in text
    decide_all(page, review, pilot, "include")
    text = page.get(at("screen", review)).content.decode()
    assert "You have decided the whole pilot round" in text
    assert "1 other still decides" in text
    assert "Main record" not in text
    page.post(at("undo", review))
    assert PilotDecision.objects.current().count() == 1


def test_opening_a_decided_record_shows_my_verdict(review, pilot, screener, client_of):
    page = client_of(screener)
    decide_all(page, review, pilot, "exclude")
    record = pilot.pilot_records.first().record_id
    text = page.get(at("screen", review), {"record": record}).content.decode()
    assert "You: Exclude" in text


def test_no_page_tells_anothers_verdict_before_the_end(
    review, pilot, lead, screener, other_screener, client_of
):
    decide_all(client_of(screener), review, pilot, "exclude")
    for member in (other_screener, lead):
        page = client_of(member)
        record = pilot.pilot_records.first().record_id
        addresses = [
            results(review, pilot),
            at("pilots", review),
            at("screen", review),
            at("record", review, record_id=record),
            at("criteria", review),
        ]
        for address in addresses:
            text = page.get(address).content.decode()
            assert "My exclude" not in text, address
            assert "Exclude</span>" not in text, address


def test_what_came_of_it_is_side_by_side(review, pilot, lead, screener, other_screener, client_of):
    decide_all(client_of(screener), review, pilot, "include")
    decide_all(client_of(other_screener), review, pilot, "exclude")
    for member in (lead, screener):
        text = client_of(member).get(results(review, pilot)).content.decode()
        for words in ("My include", "My exclude", "Where you differ", "Cohen&#x27;s kappa"):
            assert words in text.replace("Cohen's", "Cohen&#x27;s"), words
    record = pilot.pilot_records.first().record_id
    talk = at("add-pilot-message", review, pilot_id=pilot.pk, record_id=record)
    client_of(screener).post(talk, {"body": "The task is unclear."})
    page = client_of(lead)
    assert "The task is unclear." in page.get(results(review, pilot)).content.decode()
    assert "The task is unclear." not in (
        page.get(at("record", review, record_id=record)).content.decode()
    )
    assert "Open the main round" in page.get(results(review, pilot)).content.decode()
    page.post(at("open-main-round", review, pilot_id=pilot.pk))
    main = client_of(screener).get(at("screen", review)).content.decode()
    assert "whole pilot round" not in main


def include_all(pilot, member):
    for row in pilot.pilot_records.all():
        PilotDecision.objects.create(
            pilot=pilot, record=row.record, stage=pilot.stage, reviewer=member, verdict="include"
        )


def test_the_rows_cost_the_same_however_many_they_are(
    review, lead, screener, other_screener, django_assert_num_queries
):
    for _ in range(9):
        factories.make_record(review)
    first = start_pilot(lead=lead, stage=Stage.TITLE_ABSTRACT, plan=PilotPlan(size=1))
    include_all(first, screener)
    end_pilot(lead=lead, pilot=first)
    with django_assert_num_queries(6):
        pilot_rows(membership=lead, pilot=first)
    second = start_pilot(lead=lead, stage=Stage.TITLE_ABSTRACT, plan=PilotPlan(size=8))
    include_all(second, screener)
    with django_assert_num_queries(6):
        pilot_rows(membership=lead, pilot=second)


def test_criteria_are_revised_on_their_page(review, lead, screener, client_of):
    revise_criteria(lead=lead, criteria=["Images"])
    page = client_of(lead)
    page.post(at("revise-criteria", review), {"criteria": "Images\nPatients", "note": "Clearer"})
    text = client_of(screener).get(at("criteria", review)).content.decode()
    for words in ("Version 2", "Clearer", "Patients", "Lena Lead", "Version 1"):
        assert words in text
    assert "Revise the criteria" not in text
    factories.make_record(review)
    desk = client_of(screener).get(at("screen", review)).content.decode()
    assert "Version 2 of the criteria" in desk
    assert 'name="criteria" value="2"' in desk
