"""Criteria have versions; each decision knows under which one it was made."""

import pytest
from django.core.exceptions import PermissionDenied

from screening.models import AuditEvent, Decision
from screening.rules.consensus import Stage
from screening.selectors.criteria import criteria_versions
from screening.services.criteria import revise_criteria
from screening.services.decisions import Answer, record_decision
from screening.services.settings import change_review
from screening.services.undo import undo_decision
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


def decide(member, record, verdict="include", **more):
    member.review.refresh_from_db()
    return record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict, **more)
    )


def test_every_text_stays_readable_with_who_and_why(review, lead):
    revise_criteria(lead=lead, criteria=["Images", "A baseline"])
    revise_criteria(lead=lead, criteria=["Images", "A baseline"])  # the same: nothing happens
    revise_criteria(lead=lead, criteria=["Images", "A supervised baseline"], note="Pilot 1")
    newest, first = criteria_versions(review)
    assert (first.number, first.criteria) == (1, ["Images", "A baseline"])
    assert (newest.number, newest.note, newest.author) == (2, "Pilot 1", "Lena Lead")
    assert newest.added == ["A supervised baseline"]
    assert newest.dropped == ["A baseline"]
    assert AuditEvent.objects.filter(action="criteria.revised").count() == 2


def test_criteria_of_before_there_were_versions_are_the_first(review, lead):
    review.inclusion_criteria = ["Old"]
    review.save()
    assert [one.number for one in criteria_versions(review)] == [1]
    change_review(lead=lead, inclusion_criteria=["New"], criteria_note="Clearer")
    review.refresh_from_db()
    assert review.criteria_version == 2
    newest, first = criteria_versions(review)
    assert first.criteria == ["Old"]
    assert newest.note == "Clearer"


def test_a_decision_knows_the_version_that_was_shown(review, lead, screener):
    records = [factories.make_record(review) for _ in range(4)]
    revise_criteria(lead=lead, criteria=["One"])
    decide(screener, records[0])
    revise_criteria(lead=lead, criteria=["Two"])
    decide(screener, records[1])
    decide(screener, records[2], criteria=1)  # the page was loaded before
    decide(screener, records[3], criteria=9)  # there is no such version
    versions = [Decision.objects.get(record=one).criteria_version for one in records]
    assert versions == [1, 2, 1, 2]
    assert [one.decisions for one in criteria_versions(review)] == [2, 2]


def test_a_verdict_that_undo_restores_keeps_its_version(review, lead, screener):
    record = factories.make_record(review)
    decide(screener, record, "include")
    review.inclusion_criteria = ["One"]
    review.save()
    revise_criteria(lead=lead, criteria=["Two"])
    assert decide(screener, record, "exclude").criteria_version == 2
    undo_decision(membership=screener, stage=TITLE)
    assert Decision.objects.current().get().criteria_version == 1


def test_only_a_lead_revises(screener):
    with pytest.raises(PermissionDenied):
        revise_criteria(lead=screener, criteria=["Mine"])
