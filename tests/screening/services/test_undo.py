"""Taking back one's own last verdict, at any depth; nobody else's is ever touched."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.models import Decision
from screening.rules.consensus import Stage
from screening.services.decisions import Answer, record_decision
from screening.services.undo import undo_decision
from tests import factories
from tests.laws import examples

TITLE = Stage.TITLE_ABSTRACT


def decide(member, record, verdict="include"):
    return record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict)
    )


def undo(member, **more):
    return undo_decision(membership=member, stage=TITLE, **more)


def standing(member):
    current = Decision.objects.current().filter(reviewer=member, stage=TITLE)
    return dict(current.values_list("record_id", "verdict"))


def test_it_takes_back_the_last_verdict(review, screener):
    first, second = factories.make_record(review), factories.make_record(review)
    decide(screener, first)
    decision = decide(screener, second)
    assert undo(screener) == decision
    decision.refresh_from_db()
    assert decision.undone_at is not None
    assert standing(screener) == {first.pk: "include"}


def test_it_goes_back_to_the_very_first(review, screener):
    records = [factories.make_record(review) for _ in range(4)]
    for record in records:
        decide(screener, record)
    undone = [undo(screener).record for _ in records]
    assert undone == records[::-1]
    with pytest.raises(ValidationError, match="no verdict of yours"):
        undo(screener)


def test_a_replaced_verdict_stands_again_as_a_new_row(review, screener):
    record = factories.make_record(review)
    decide(screener, record, "include")
    changed = decide(screener, record, "exclude")
    undo(screener)
    restored = Decision.objects.current().get()
    assert (restored.verdict, restored.origin) == ("include", Decision.Origin.UNDO)
    assert restored.replaces == changed
    undo(screener)
    assert standing(screener) == {}


def test_others_verdicts_stay(review, screener, other_screener):
    record = factories.make_record(review)
    decide(other_screener, record)
    decide(screener, record)
    undo(screener)
    assert standing(other_screener) == {record.pk: "include"}


def test_a_double_click_undoes_once(review, screener):
    first, second = factories.make_record(review), factories.make_record(review)
    decide(screener, first)
    meant = decide(screener, second)
    undo(screener, expected_id=meant.pk)
    undo(screener, expected_id=meant.pk)
    assert standing(screener) == {first.pk: "include"}


def test_only_the_last_can_be_meant(review, screener):
    older = decide(screener, factories.make_record(review))
    decide(screener, factories.make_record(review))
    with pytest.raises(ValidationError, match="Only your last"):
        undo(screener, expected_id=older.pk)


def test_another_persons_decision_cannot_be_meant(review, screener, other_screener):
    record = factories.make_record(review)
    theirs = decide(other_screener, record)
    decide(screener, record)
    with pytest.raises(ValidationError, match="Only your last"):
        undo(screener, expected_id=theirs.pk)
    assert standing(other_screener) == {record.pk: "include"}


def test_an_imported_decision_is_not_undone(review, screener):
    factories.make_decision(factories.make_record(review), screener, origin="import")
    with pytest.raises(ValidationError, match="no verdict of yours"):
        undo(screener)


def test_who_no_longer_screens_undoes_nothing(review, screener):
    decide(screener, factories.make_record(review))
    type(screener).objects.filter(pk=screener.pk).update(is_screener=False, is_observer=True)
    with pytest.raises(PermissionDenied):
        undo(screener)


@pytest.mark.django_db
@settings(
    deadline=None,
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.integers(0, 2), st.sampled_from(["include", "exclude", "maybe"])),
            st.just("undo"),
        ),
        max_size=12,
    )
)
def test_undo_is_a_stack_whatever_was_done_before(review, acts):
    member = factories.make_member(review, "screener")
    records = [factories.make_record(review) for _ in range(3)]
    history = [{}]
    for act in acts:
        if act != "undo":
            record, verdict = records[act[0]], act[1]
            if history[-1].get(record.pk) == verdict:
                continue
            decide(member, record, verdict)
            history.append(history[-1] | {record.pk: verdict})
        elif len(history) > 1:
            undo(member)
            history.pop()
        assert standing(member) == history[-1]
