"""Assignments: assigned comes first or alone, who left blocks nothing, the lead sees how far."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from screening.models import AssignedRecord, AuditEvent, StageSettings, Tag
from screening.rules.consensus import Stage
from screening.rules.shares import shared_out
from screening.selectors.assignments import assignments_of, trace_of
from screening.selectors.counts import queue_counts
from screening.selectors.stages import settings_of
from screening.services.assignments import (
    Batch,
    assign_batch,
    assign_shares,
    reassign,
    set_assigning,
    withdraw_assignment,
)
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from screening.services.people import deactivate_member
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review, screener, other_screener):
    years = [2020, 2021, 2022, 2022, 2021, 2019]
    return [factories.make_record(review, year=year) for year in years]


def decide(member, record, verdict="include"):
    return record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict)
    )


def hand(member, **more):
    return hand_out(membership=member, stage=TITLE, **more)


def all_handed(member):
    """Decide everything the member is handed; what it was, in its order."""
    seen = []
    while (record := hand(member)) is not None:
        seen.append(record)
        decide(member, record)
    return seen


def tagged(lead, records, label="mine"):
    tag = Tag.objects.create(review=lead.review, label=label)
    for record in records:
        record.record_tags.create(tag=tag, member=lead)
    return tag


def assign(lead, member, records, **more):
    batch = Batch("A batch", tag=tagged(lead, records, label=f"t{member.pk}"), **more)
    return assign_batch(lead=lead, stage=TITLE, members=[member], batch=batch)[0]


@pytest.mark.parametrize("order", ["random", "newest"])
def test_what_is_assigned_comes_first_in_the_order_of_the_stage(lead, records, screener, order):
    StageSettings.objects.update(order=order)
    assign(lead, screener, records[:3])
    seen = all_handed(screener)
    assert set(seen[:3]) == set(records[:3])
    assert set(seen) == set(records)
    if order == "newest":
        assert [one.year for one in seen[:3]] == [2022, 2021, 2020]


def test_only_what_is_assigned_where_the_stage_says_so(lead, records, screener, other_screener):
    assign(lead, screener, records[:2])
    set_assigning(lead=lead, stage=TITLE, mode="only")
    assert queue_counts(membership=screener, stage=TITLE).to_decide == 2
    assert queue_counts(membership=other_screener, stage=TITLE).to_decide == 0
    assert set(all_handed(screener)) == set(records[:2])
    assert hand(other_screener) is None
    set_assigning(lead=lead, stage=TITLE, mode="freely")
    assert hand(screener) is not None
    assert AuditEvent.objects.filter(action="stage.assigning_changed").count() == 2


def test_who_leaves_blocks_no_record(lead, records, screener, other_screener):
    assign(lead, screener, records[:2])
    set_assigning(lead=lead, stage=TITLE, mode="only")
    deactivate_member(lead=lead, member=screener)
    assert set(all_handed(other_screener)) == set(records[:2])


def test_a_verdict_ends_nothing_of_others_and_is_counted(lead, records, screener, other_screener):
    made = assign(lead, screener, records[:3])
    decide(screener, records[0])
    for _ in range(2):
        decide(factories.make_member(lead.review, "screener"), records[1])
    (row,) = assignments_of(membership=lead, stage=TITLE)
    assert (row.assignment, row.total, row.done, row.left) == (made, 3, 1, 1)
    assert assignments_of(membership=other_screener, stage=TITLE) == []


def test_progress_costs_the_same_however_many(
    lead, records, screener, other_screener, django_assert_num_queries
):
    assign(lead, screener, records[:3])
    with django_assert_num_queries(3):
        assignments_of(membership=lead, stage=TITLE)
    assign(lead, other_screener, records[3:])
    with django_assert_num_queries(3):
        assert len(assignments_of(membership=lead, stage=TITLE)) == 2


def test_withdrawing_gives_the_undecided_back(lead, records, screener, other_screener):
    made = assign(lead, screener, records[:3])
    decide(screener, records[0])
    assert withdraw_assignment(lead=lead, assignment=made) == sorted(one.pk for one in records[1:3])
    assert withdraw_assignment(lead=lead, assignment=made) == []
    assert assignments_of(membership=lead, stage=TITLE) == []
    (again,) = assign_batch(
        lead=lead, stage=TITLE, members=[other_screener], batch=Batch("The rest")
    )
    assert again.assigned.count() == 6


def test_handing_on_moves_what_is_left(lead, records, screener, other_screener, observer):
    made = assign(lead, screener, records[:3])
    decide(screener, records[0])
    decide(other_screener, records[1])
    moved = reassign(lead=lead, assignment=made, to=other_screener)
    assert [one.record for one in moved.assigned.all()] == [records[2]]
    for wrong in (observer, other_screener):
        with pytest.raises(ValidationError):
            reassign(lead=lead, assignment=moved, to=wrong)


def test_a_batch_takes_a_source_a_number_and_the_rest(lead, records, screener, other_screener):
    source = factories.make_source(lead.review)
    extra = factories.make_record(lead.review, source=source)
    people = [screener, other_screener]
    made = assign_batch(
        lead=lead, stage=TITLE, members=people, batch=Batch("Source", source=source)
    )
    assert [one.assigned.get().record for one in made] == [extra, extra]
    (two,) = assign_batch(lead=lead, stage=TITLE, members=[screener], batch=Batch("Two", size=2))
    assert two.assigned.count() == 2
    (rest,) = assign_batch(lead=lead, stage=TITLE, members=[screener], batch=Batch("Rest"))
    assert rest.assigned.count() == 4
    with pytest.raises(ValidationError, match="No record fits"):
        assign_batch(lead=lead, stage=TITLE, members=[screener], batch=Batch("None"))


def test_shares_give_each_record_to_as_many_as_needed(lead, records, screener, other_screener):
    third = factories.make_member(lead.review, "screener")
    assign_shares(
        lead=lead,
        stage=TITLE,
        shares={screener: 50, other_screener: 25, third: 25},
        name="Shares",
        seed=1,
    )
    rows = AssignedRecord.objects.all()
    assert rows.filter(member=screener).count() == 6
    assert rows.filter(member=third).count() == 3
    assert all(rows.filter(record=one).count() == 2 for one in records)
    with pytest.raises(ValidationError, match="assigned or begun"):
        assign_shares(lead=lead, stage=TITLE, shares={screener: 100}, name="Again")


@pytest.mark.parametrize(("shares", "words"), [((60, 40), "nobody can give"), ((50, 40), "90")])
def test_shares_that_do_not_fit_are_refused(lead, records, screener, other_screener, shares, words):
    given = dict(zip((screener, other_screener), shares, strict=True))
    with pytest.raises(ValidationError, match=words):
        assign_shares(lead=lead, stage=TITLE, shares=given, name="Shares")


def test_only_leads_assign_and_only_to_screeners(lead, records, screener, observer):
    with pytest.raises(PermissionDenied):
        assign_batch(lead=screener, stage=TITLE, members=[screener], batch=Batch("Mine"))
    with pytest.raises(ValidationError, match="does not screen"):
        assign_batch(lead=lead, stage=TITLE, members=[observer], batch=Batch("Theirs"))


def test_the_trace_names_the_assignment(lead, records, screener, other_screener):
    assign(lead, screener, records[:1])

    def trace(member, record):
        settings = settings_of(member.review, TITLE)
        return " ".join(trace_of(membership=member, settings=settings, record=record))

    assert "Lena Lead assigned it to you" in trace(screener, records[0])
    assert "“A batch”" in trace(screener, records[0])
    assert "not assigned to you" in trace(screener, records[1])
    set_assigning(lead=lead, stage=TITLE, mode="only")
    deactivate_member(lead=lead, member=screener)
    assert "screens no more" in trace(other_screener, records[0])
    assert "would not hand it" in trace(other_screener, records[1])


@given(
    size=st.integers(1, 60),
    weights=st.lists(st.integers(1, 20), min_size=1, max_size=6),
    needed=st.integers(1, 3),
    seed=st.integers(0, 9),
)
def test_shares_are_exact_whatever_they_are(size, weights, needed, seed):
    total = sum(weights)
    shares = {n: weight * 100 // total for n, weight in enumerate(weights)}
    shares[0] += 100 - sum(shares.values())
    records = list(range(1, size + 1))
    if max(shares.values()) * needed > 100:
        with pytest.raises(ValueError, match="nobody can give"):
            shared_out(records, shares, needed=needed, seed=seed)
        return
    out = shared_out(records, shares, needed=needed, seed=seed)
    given_to = [pk for ids in out.values() for pk in ids]
    assert sorted(given_to) == sorted(records * needed)
    for person, ids in out.items():
        assert len(set(ids)) == len(ids)
        assert abs(len(ids) - size * needed * shares[person] / 100) < 1
