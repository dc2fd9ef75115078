"""Settling conflicts: a ruling or a consensus beside the reviewers' own rows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import Adjudication, Decision, Report, StageSettings
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import status_of
from screening.services.conflicts import Settlement, adjudicate, withdraw_ruling
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def conflict(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "include")
    factories.make_decision(record, other_screener, "exclude")
    return record


def settle(member, record, verdict="include", **more):
    return adjudicate(
        membership=member,
        record_id=record.pk,
        stage=TITLE,
        settlement=Settlement(verdict, **more),
    )


def test_a_ruling_settles_and_touches_no_verdict(conflict, adjudicator):
    before = list(Decision.objects.values())
    ruling = settle(adjudicator, conflict, rationale="Self-supervised on MRI.")
    assert status_of(conflict, TITLE) == Status.INCLUDED
    assert ruling.rationale == "Self-supervised on MRI."
    assert list(Decision.objects.values()) == before
    assert Report.objects.filter(record=conflict).exists()


@pytest.mark.parametrize("role", ["lead", "screener", "extractor", "observer"])
def test_only_adjudicators_rule(conflict, review, role):
    with pytest.raises(PermissionDenied, match="Only adjudicators"):
        settle(factories.make_member(review, role), conflict)


def test_nobody_rules_on_what_they_decided(conflict, screener):
    type(screener).objects.filter(pk=screener.pk).update(is_adjudicator=True)
    with pytest.raises(PermissionDenied, match="decided on this record yourself"):
        settle(screener, conflict)


def test_the_stage_may_allow_to_rule_on_ones_own(conflict, screener):
    StageSettings.objects.update(is_own_ruling_barred=False)
    type(screener).objects.filter(pk=screener.pk).update(is_adjudicator=True)
    assert settle(screener, conflict).adjudicator == screener


def test_those_who_decided_may_record_a_consensus_with_its_rationale(conflict, screener):
    with pytest.raises(ValidationError, match="what you agreed on"):
        settle(screener, conflict, kind="consensus")
    assert settle(screener, conflict, kind="consensus", rationale="Talked.").kind == "consensus"


def test_a_screener_who_did_not_decide_records_no_consensus(conflict, review):
    with pytest.raises(PermissionDenied):
        settle(factories.make_member(review, "screener"), conflict, kind="consensus", rationale="x")


def test_a_record_without_conflict_is_not_ruled(review, adjudicator, screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener)
    with pytest.raises(ValidationError, match="not in conflict"):
        settle(adjudicator, record)


def test_a_ruling_may_be_replaced_by_another(conflict, adjudicator):
    settle(adjudicator, conflict, "include")
    settle(adjudicator, conflict, "exclude")
    assert Adjudication.objects.count() == 2
    assert status_of(conflict, TITLE) == Status.EXCLUDED


def test_a_ruling_is_never_a_maybe(conflict, adjudicator):
    with pytest.raises(ValidationError, match="cannot be a maybe"):
        settle(adjudicator, conflict, "maybe")


def test_a_published_verdict_is_not_made_by_hand(conflict, adjudicator):
    with pytest.raises(ValidationError, match="by a ruling or by talking"):
        settle(adjudicator, conflict, kind="published")


def test_a_reason_of_another_review_is_refused(conflict, adjudicator):
    reason = factories.make_reason(factories.make_review())
    with pytest.raises(ValidationError, match="not one of this review's"):
        settle(adjudicator, conflict, "exclude", reason_id=reason.pk)


def test_a_record_of_another_review_is_refused(adjudicator):
    with pytest.raises(ValidationError, match="not part of this review"):
        settle(adjudicator, factories.make_record(factories.make_review()))


def test_one_takes_back_ones_own_ruling(conflict, adjudicator, review):
    settle(adjudicator, conflict)
    with pytest.raises(PermissionDenied):
        withdraw_ruling(
            membership=factories.make_member(review, "adjudicator"),
            record_id=conflict.pk,
            stage=TITLE,
        )
    withdraw_ruling(membership=adjudicator, record_id=conflict.pk, stage=TITLE)
    assert status_of(conflict, TITLE) == Status.CONFLICT
    with pytest.raises(ValidationError, match="no ruling"):
        withdraw_ruling(membership=adjudicator, record_id=conflict.pk, stage=TITLE)
