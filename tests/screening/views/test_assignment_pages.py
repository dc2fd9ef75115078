"""The page of assignments, and why a record is here."""

import pytest
from django.urls import reverse

from screening.models import AssignedRecord, ScreeningAssignment, StageSettings
from tests import factories

TITLE = "title-abstract"


def at(name, review, **more):
    if name != "change-assignment":
        more["stage"] = TITLE
    return reverse(f"screening:{name}", kwargs={"slug": review.slug} | more)


@pytest.fixture
def records(review, screener, other_screener):
    return [factories.make_record(review) for _ in range(4)]


def test_a_lead_assigns_shares_hands_on_and_withdraws(
    review, lead, records, screener, other_screener, client_of
):
    page = client_of(lead)
    batch = {"batch-name": "First two", "batch-size": "2", "batch-members": [screener.pk]}
    page.post(at("assign-batch", review), batch | {"batch-is_rest": "on"})
    made = ScreeningAssignment.objects.get()
    assert (made.name, made.member, made.assigned.count()) == ("First two", screener, 2)
    shares = {"shares-name": "Share", f"shares-share-{screener.pk}": "50"}
    wrong = page.post(at("assign-shares", review), shares)
    assert wrong.status_code == 400
    text = wrong.content.decode()
    assert "The percents are 50 together; they must be 100." in text
    assert 'value="50"' in text  # what was typed is kept
    page.post(at("assign-shares", review), shares | {f"shares-share-{other_screener.pk}": "50"})
    assert AssignedRecord.objects.filter(member=other_screener).count() == 2
    text = page.get(at("assignments", review)).content.decode()
    for words in ("First two", "Sam Screener", "Olga Other"):
        assert words in text
    change = at("change-assignment", review, screening_assignment_id=made.pk)
    page.post(change, {"action": "reassign", "to": ""})
    made.refresh_from_db()
    assert made.withdrawn_at is None
    page.post(change, {"action": "reassign", "to": other_screener.pk})
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    other = ScreeningAssignment.objects.filter(withdrawn_at=None, name="First two").get()
    page.post(
        at("change-assignment", review, screening_assignment_id=other.pk), {"action": "withdraw"}
    )
    assert not ScreeningAssignment.objects.filter(withdrawn_at=None, name="First two").exists()


def test_nobody_to_assign_to_is_said_where(review, lead, records, client_of):
    answer = client_of(lead).post(at("assign-batch", review), {"batch-name": "Kept words"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "Choose at least one person." in text
    assert 'value="Kept words"' in text


def test_a_screener_sees_the_own_ones_and_why(review, lead, records, screener, client_of):
    batch = {"batch-name": "Mine", "batch-size": "1", "batch-members": [screener.pk]}
    client_of(lead).post(at("assign-batch", review), batch)
    client_of(lead).post(at("set-assigning", review), {"mode": "only"})
    assert StageSettings.objects.get(review=review, stage="title_abstract").assigning == "only"
    page = client_of(screener)
    text = page.get(at("assignments", review)).content.decode()
    assert "Mine" in text
    assert "Assign a batch" not in text
    assert "Why this record is here" in page.get(at("screen", review)).content.decode()
    record = AssignedRecord.objects.get().record
    why = page.get(at("why", review, record_id=record.pk)).content.decode()
    assert "Lena Lead assigned it to you" in why
    page.post(at("decide", review, record_id=record.pk), {"verdict": "include"})
    text = page.get(at("screen", review)).content.decode()
    assert "Nothing that is assigned to you is left" in text
