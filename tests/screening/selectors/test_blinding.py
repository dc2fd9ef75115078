"""The one rule of blinding, asked of every kind of member at every state of a record."""

import pytest

from screening.models import Adjudication, Note, Record, RecordTag, StageSettings, Tag
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import (
    may_see_others,
    seen_status,
    visible_decisions,
    visible_notes,
    visible_ruling,
    visible_tags,
)
from screening.selectors.counts import queue_counts
from screening.selectors.queue import asker_of, next_record_id
from screening.selectors.stages import settings_of
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def third(review):
    return factories.make_member(review, "screener")


@pytest.fixture
def screening_lead(review):
    return factories.make_member(review, "lead", "screener")


@pytest.fixture
def awaiting(review, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, other_screener, "exclude", comment="no images")
    return record


@pytest.fixture
def conflict(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "include")
    factories.make_decision(record, other_screener, "exclude")
    return record


@pytest.fixture
def agreed(review, screener, other_screener):
    record = factories.make_record(review)
    factories.make_decision(record, screener, "include")
    factories.make_decision(record, other_screener, "maybe")
    return record


def reviewers_seen(member, record):
    decisions = visible_decisions(membership=member, record=record, stage=TITLE)
    return {decision.reviewer for decision in decisions}


@pytest.mark.parametrize(
    "name",
    ["screener", "third", "screening_lead", "lead", "adjudicator", "extractor", "observer"],
)
def test_before_the_team_needs_it_nobody_sees_another_verdict(awaiting, request, name):
    member = request.getfixturevalue(name)
    assert reviewers_seen(member, awaiting) == set()
    assert seen_status(membership=member, record=awaiting, stage=TITLE) == Status.AWAITING


def test_a_conflict_opens_to_those_who_settle_it(
    conflict, screener, other_screener, adjudicator, lead
):
    for member in (screener, other_screener, adjudicator, lead):
        assert reviewers_seen(member, conflict) == {screener, other_screener}
        assert seen_status(membership=member, record=conflict, stage=TITLE) == Status.CONFLICT


def test_a_conflict_is_no_news_for_who_has_not_decided(conflict, third, screening_lead):
    for member in (third, screening_lead):
        assert reviewers_seen(member, conflict) == set()
        assert seen_status(membership=member, record=conflict, stage=TITLE) == Status.AWAITING


def test_observers_and_extractors_see_the_status_only(conflict, observer, extractor):
    for member in (observer, extractor):
        assert reviewers_seen(member, conflict) == set()
        assert seen_status(membership=member, record=conflict, stage=TITLE) == Status.CONFLICT


def test_agreement_opens_nothing_more_than_the_status(
    agreed, screener, other_screener, adjudicator, lead
):
    assert reviewers_seen(screener, agreed) == {screener}
    assert reviewers_seen(other_screener, agreed) == {other_screener}
    for member in (adjudicator, lead):
        assert reviewers_seen(member, agreed) == set()
        assert seen_status(membership=member, record=agreed, stage=TITLE) == Status.INCLUDED


def test_a_ruling_is_seen_by_those_who_may_see_the_verdicts(
    conflict, screener, third, observer, adjudicator
):
    ruling = Adjudication.objects.create(
        record=conflict, stage=TITLE, verdict="include", adjudicator=adjudicator
    )
    assert visible_ruling(membership=screener, record=conflict, stage=TITLE) == ruling
    for member in (third, observer):
        assert visible_ruling(membership=member, record=conflict, stage=TITLE) is None


def test_a_published_verdict_is_seen_by_every_member(review, third, observer, lead):
    record = factories.make_record(review)
    ruling = Adjudication.objects.create(
        record=record, stage=TITLE, verdict="include", adjudicator=lead, kind="published"
    )
    for member in (third, observer):
        assert visible_ruling(membership=member, record=record, stage=TITLE) == ruling


def test_without_blinding_every_member_sees_all(awaiting, other_screener, third, observer):
    StageSettings.objects.update(is_blinded=False)
    for member in (third, observer):
        assert reviewers_seen(member, awaiting) == {other_screener}


def test_another_review_shows_nothing(conflict):
    stranger = factories.make_member(factories.make_review(), "lead", "adjudicator")
    assert reviewers_seen(stranger, conflict) == set()
    assert visible_ruling(membership=stranger, record=conflict, stage=TITLE) is None


def test_a_deactivated_member_sees_nothing_of_others(conflict, adjudicator):
    adjudicator.user.is_active = False
    assert not may_see_others(adjudicator, conflict, TITLE)


def test_notes_and_tags_follow_the_same_rule(review, conflict, awaiting, screener, other_screener):
    tag = Tag.objects.create(review=review, label="segmentation")
    for record in (conflict, awaiting):
        Note.objects.create(record=record, author=other_screener, body="team")
        Note.objects.create(record=record, author=other_screener, body="mine", is_private=True)
        RecordTag.objects.create(record=record, tag=tag, member=other_screener)
    assert visible_notes(membership=screener, record=awaiting) == []
    assert visible_tags(membership=screener, record=awaiting) == []
    assert [note.body for note in visible_notes(membership=screener, record=conflict)] == ["team"]
    assert len(visible_tags(membership=screener, record=conflict)) == 1
    assert len(visible_notes(membership=other_screener, record=awaiting)) == 2


def test_order_and_counts_are_the_same_whatever_the_other_said(review, other_screener):
    told = []
    for verdict in ("include", "exclude", "maybe"):
        here = factories.make_review()
        mine = factories.make_member(here, "screener", order_seed=5)
        other = factories.make_member(here, "screener")
        for key in range(6):
            record = factories.make_record(here, random_key=key)
            if key % 2:
                factories.make_decision(record, other, verdict)
        order, record, settings = [], None, settings_of(here, TITLE)
        for _ in range(6):
            found = next_record_id(asker_of(mine, settings), near=record)
            record = Record.objects.get(pk=found)
            order.append(record.random_key)
        told.append((order, queue_counts(membership=mine, stage=TITLE)))
    assert told[0] == told[1] == told[2]
