"""Links and rulings: reversible, remembered, never a chain."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import (
    Adjudication,
    AuditEvent,
    Decision,
    DuplicateLink,
    DuplicateSuggestion,
    NotDuplicate,
    Record,
)
from screening.rules.consensus import Stage, Status, Verdict
from screening.selectors.duplicates import duplicate_counts, groups, last_act, open_suggestions
from screening.services import duplicates
from tests import factories

FIRST = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review):
    return [factories.make_record(review) for _ in range(4)]


def link(screener, kept, duplicate):
    return duplicates.link_records(membership=screener, kept=kept, duplicate=duplicate)


def status_of(record):
    return Record.objects.filter(pk=record.pk).with_status(FIRST).get().team_status


def test_a_linked_record_leaves_the_screened_set_and_stays_in_the_table(review, screener, records):
    link(screener, records[0], records[1])
    assert records[1] not in Record.objects.filter(review=review).to_screen()
    assert Record.objects.filter(pk=records[1].pk).exists()


def test_undoing_a_link_brings_the_record_back(review, screener, records):
    made = link(screener, records[0], records[1])
    duplicates.undo_link(membership=screener, link=made)
    assert records[1] in Record.objects.filter(review=review).to_screen()
    made.refresh_from_db()
    assert made.undone_by == screener


def test_an_undone_link_asks_again(review, screener, records):
    made = link(screener, records[0], records[1])
    duplicates.undo_link(membership=screener, link=made)
    assert [pair.first for pair in open_suggestions(review=review)] == [records[0]]


def test_a_link_is_undone_once(screener, records):
    made = link(screener, records[0], records[1])
    duplicates.undo_link(membership=screener, link=made)
    with pytest.raises(ValidationError, match="undone already"):
        duplicates.undo_link(membership=screener, link=made)


def test_links_never_chain_when_the_kept_record_becomes_a_duplicate(screener, records):
    link(screener, records[0], records[1])
    link(screener, records[2], records[0])
    standing = DuplicateLink.objects.standing()
    assert {(row.record, row.kept) for row in standing} == {
        (records[0], records[2]),
        (records[1], records[2]),
    }


def test_what_moved_along_follows_back(screener, records):
    link(screener, records[0], records[1])
    second = link(screener, records[2], records[0])
    duplicates.undo_link(membership=screener, link=second)
    (left,) = DuplicateLink.objects.standing()
    assert (left.record, left.kept) == (records[1], records[0])
    assert not any(reason["field"] == "moved" for reason in left.reasons)


def test_a_duplicate_of_a_duplicate_is_linked_to_the_kept_record(screener, records):
    link(screener, records[0], records[1])
    made = link(screener, records[1], records[2])
    assert made.kept == records[0]


def test_joining_two_groups_gives_one_group(review, screener, records):
    link(screener, records[0], records[1])
    link(screener, records[2], records[3])
    link(screener, records[1], records[3])
    ids = [record.pk for record in records]
    assert groups(review=review) == [ids]


def test_the_kept_record_may_be_switched(review, screener, records):
    link(screener, records[0], records[1])
    link(screener, records[0], records[2])
    duplicates.keep_instead(membership=screener, record=records[1])
    ids = [record.pk for record in records]
    assert groups(review=review) == [[ids[1], ids[0], ids[2]]]


def test_only_a_duplicate_can_be_made_the_kept_record(screener, records):
    with pytest.raises(ValidationError, match="kept already"):
        duplicates.keep_instead(membership=screener, record=records[0])


def test_linking_twice_is_refused(screener, records):
    link(screener, records[0], records[1])
    with pytest.raises(ValidationError, match="linked already"):
        link(screener, records[1], records[0])


def test_a_record_is_no_duplicate_of_itself(screener, records):
    with pytest.raises(ValidationError, match="itself"):
        link(screener, records[0], records[0])


def test_records_of_another_review_are_refused(screener, records):
    foreign = factories.make_record(factories.make_review())
    with pytest.raises(ValidationError, match="this review"):
        link(screener, records[0], foreign)
    with pytest.raises(ValidationError, match="another review"):
        duplicates.keep_instead(membership=screener, record=foreign)


def test_links_and_rulings_of_another_review_are_refused(screener, records):
    other = factories.make_review()
    member = factories.make_member(other, "screener")
    made = link(screener, records[0], records[1])
    ruling = duplicates.reject_pair(membership=screener, one=records[2], two=records[3])
    with pytest.raises(ValidationError, match="another review"):
        duplicates.undo_link(membership=member, link=made)
    with pytest.raises(ValidationError, match="another review"):
        duplicates.undo_rejection(membership=member, ruling=ruling)


@pytest.mark.parametrize("role", ["observer", "extractor", "adjudicator"])
def test_other_roles_may_not_judge_duplicates(review, records, role):
    member = factories.make_member(review, role)
    with pytest.raises(PermissionDenied):
        link(member, records[0], records[1])
    with pytest.raises(PermissionDenied):
        duplicates.reject_pair(membership=member, one=records[0], two=records[1])


def test_a_rejected_pair_is_not_asked_again(review, screener, records):
    DuplicateSuggestion.objects.create(review=review, first=records[0], second=records[1])
    ruling = duplicates.reject_pair(membership=screener, one=records[1], two=records[0])
    assert ruling.first == records[0]
    assert not open_suggestions(review=review).exists()


def test_rejecting_twice_is_one_ruling(screener, records):
    one = duplicates.reject_pair(membership=screener, one=records[1], two=records[0])
    assert duplicates.reject_pair(membership=screener, one=records[0], two=records[1]) == one


def test_a_linked_pair_is_not_rejected(screener, records):
    link(screener, records[0], records[1])
    with pytest.raises(ValidationError, match="Undo the link"):
        duplicates.reject_pair(membership=screener, one=records[0], two=records[1])


def test_a_ruling_can_be_taken_back_once_and_asks_again(review, screener, records):
    ruling = duplicates.reject_pair(membership=screener, one=records[0], two=records[1])
    duplicates.undo_rejection(membership=screener, ruling=ruling)
    assert open_suggestions(review=review).count() == 1
    with pytest.raises(ValidationError, match="taken back already"):
        duplicates.undo_rejection(membership=screener, ruling=ruling)


def test_linking_by_hand_takes_a_ruling_back(screener, records):
    duplicates.reject_pair(membership=screener, one=records[0], two=records[1])
    link(screener, records[0], records[1])
    assert not NotDuplicate.objects.standing().exists()


def test_decisions_of_different_reviewers_meet_on_the_kept_record(
    screener, other_screener, records
):
    factories.make_decision(records[0], screener, Verdict.INCLUDE)
    factories.make_decision(records[1], other_screener, Verdict.EXCLUDE)
    link(screener, records[0], records[1])
    assert status_of(records[0]) == Status.CONFLICT
    carried = Decision.objects.get(record=records[0], reviewer=other_screener)
    assert (carried.verdict, carried.origin) == (Verdict.EXCLUDE, Decision.Origin.MERGE)
    assert Decision.objects.current().filter(record=records[1]).exists()


def test_undoing_the_link_takes_the_carried_decision_back(screener, other_screener, records):
    factories.make_decision(records[1], other_screener, Verdict.EXCLUDE)
    made = link(screener, records[0], records[1])
    duplicates.undo_link(membership=screener, link=made)
    assert not Decision.objects.current().filter(record=records[0]).exists()
    assert Decision.objects.current().filter(record=records[1]).exists()


def test_two_words_of_one_reviewer_ask_that_reviewer_again(screener, other_screener, records):
    factories.make_decision(records[0], screener, Verdict.INCLUDE)
    factories.make_decision(records[1], screener, Verdict.EXCLUDE)
    made = link(other_screener, records[0], records[1])
    assert status_of(records[0]) == Status.AWAITING
    assert Decision.objects.filter(record=records[0]).count() == 1
    duplicates.undo_link(membership=other_screener, link=made)
    back = Decision.objects.current().get(record=records[0])
    assert (back.verdict, back.origin) == (Verdict.INCLUDE, Decision.Origin.UNDO)


def test_a_decision_taken_since_stays_when_the_link_is_undone(screener, other_screener, records):
    factories.make_decision(records[0], screener, Verdict.INCLUDE)
    factories.make_decision(records[1], screener, Verdict.EXCLUDE)
    made = link(other_screener, records[0], records[1])
    factories.make_decision(records[0], screener, Verdict.MAYBE)
    duplicates.undo_link(membership=other_screener, link=made)
    assert Decision.objects.current().get(record=records[0]).verdict == Verdict.MAYBE


def test_the_same_word_of_one_reviewer_is_counted_once(screener, records):
    factories.make_decision(records[0], screener, Verdict.INCLUDE)
    factories.make_decision(records[1], screener, Verdict.INCLUDE)
    link(screener, records[0], records[1])
    assert Decision.objects.filter(record=records[0]).count() == 1


def rule(record, adjudicator, verdict):
    return Adjudication.objects.create(
        record=record, stage=FIRST, verdict=verdict, adjudicator=adjudicator
    )


def test_a_ruling_is_carried_and_taken_back(screener, adjudicator, records):
    rule(records[1], adjudicator, Verdict.INCLUDE)
    made = link(screener, records[0], records[1])
    assert status_of(records[0]) == Status.INCLUDED
    duplicates.undo_link(membership=screener, link=made)
    assert status_of(records[0]) == Status.AWAITING


def test_two_rulings_that_differ_open_the_question_again(screener, adjudicator, records):
    rule(records[0], adjudicator, Verdict.INCLUDE)
    rule(records[1], adjudicator, Verdict.EXCLUDE)
    made = link(screener, records[0], records[1])
    assert status_of(records[0]) == Status.AWAITING
    duplicates.undo_link(membership=screener, link=made)
    assert status_of(records[0]) == Status.INCLUDED


def test_every_write_leaves_an_audit_event(screener, records):
    made = link(screener, records[0], records[1])
    duplicates.undo_link(membership=screener, link=made)
    ruling = duplicates.reject_pair(membership=screener, one=records[0], two=records[1])
    duplicates.undo_rejection(membership=screener, ruling=ruling)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == [
        "duplicate.linked",
        "duplicate.unlinked",
        "duplicate.rejected",
        "duplicate.rejection_undone",
    ]


def test_the_last_act_is_what_undo_takes_back(screener, other_screener, records):
    assert last_act(membership=screener) is None
    made = link(screener, records[0], records[1])
    assert last_act(membership=screener) == made
    ruling = duplicates.reject_pair(membership=screener, one=records[2], two=records[3])
    assert last_act(membership=screener) == ruling
    assert last_act(membership=other_screener) is None


def test_the_counts_are_derived(review, screener, records):
    link(screener, records[0], records[1])
    duplicates.reject_pair(membership=screener, one=records[2], two=records[3])
    DuplicateSuggestion.objects.create(review=review, first=records[0], second=records[2])
    assert duplicate_counts(review=review) == {
        "suggested": 1,
        "linked": 1,
        "by_rule": 0,
        "rejected": 1,
    }
