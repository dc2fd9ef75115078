"""A pilot round: the same records to everybody, blind, apart from everything that is counted."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from analytics.selectors.pilots import may_see_pilot_agreement, pilot_agreement
from screening.models import AuditEvent, Decision, PilotDecision, Record, StageSettings
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import status_of
from screening.selectors.counts import Place, queue_counts, team_tally
from screening.selectors.pilot_results import pilot_rows
from screening.selectors.pilots import is_complete
from screening.services.decisions import Answer, record_decision
from screening.services.discussion import say
from screening.services.leases import hand_out
from screening.services.people import deactivate_member
from screening.services.pilots import PilotPlan, end_pilot, open_main_round, start_pilot
from screening.services.removal import Fate, remove_screener
from screening.services.undo import undo_decision
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def third(review):
    return factories.make_member(review, "screener", user=factories.make_user("Tom Third"))


@pytest.fixture
def records(review, screener, other_screener, third):
    return [factories.make_record(review) for _ in range(6)]


def begin(lead, records, **more):
    return start_pilot(
        lead=lead, stage=TITLE, plan=PilotPlan(chosen=[one.pk for one in records], **more)
    )


def decide(member, record, verdict="include", **more):
    return record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict, **more)
    )


def handed(member):
    """Everything the member is handed, walking on without deciding."""
    seen, record = [], hand_out(membership=member, stage=TITLE)
    while record is not None and record not in seen:
        seen.append(record)
        record = hand_out(membership=member, stage=TITLE, near=record)
    return set(seen)


def test_everybody_gets_every_record_of_it_and_no_other(lead, records, screener, third):
    begin(lead, records[:3])
    assert handed(screener) == handed(third) == set(records[:3])
    with pytest.raises(ValidationError, match="only its records"):
        decide(screener, records[4])


def test_the_draw_is_repeated_by_its_seed(lead, review, records):
    first = start_pilot(lead=lead, stage=TITLE, plan=PilotPlan(size=3, seed=7))
    drawn = set(first.pilot_records.values_list("record", flat=True))
    end_pilot(lead=lead, pilot=first)
    first.pilot_records.all().delete()
    again = start_pilot(lead=lead, stage=TITLE, plan=PilotPlan(size=3, seed=7))
    assert set(again.pilot_records.values_list("record", flat=True)) == drawn
    assert AuditEvent.objects.filter(action="pilot.started").count() == 2


@pytest.mark.parametrize("size", [0, 501, 7])
def test_a_size_that_cannot_be_drawn_is_refused(lead, records, size):
    with pytest.raises(ValidationError, match="records"):
        start_pilot(lead=lead, stage=TITLE, plan=PilotPlan(size=size))


def test_a_record_somebody_decided_on_is_no_pilots(lead, records, screener):
    factories.make_decision(records[0], screener)
    with pytest.raises(ValidationError, match=str(records[0].pk)):
        begin(lead, records[:2])


def test_only_a_lead_starts_ends_and_opens(lead, records, screener):
    with pytest.raises(PermissionDenied):
        begin(screener, records)
    pilot = begin(lead, records)
    for act in (end_pilot, open_main_round):
        with pytest.raises(PermissionDenied):
            act(lead=screener, pilot=pilot)


def test_one_screener_is_not_enough(lead, review, screener):
    record = factories.make_record(review)
    with pytest.raises(ValidationError, match="two screeners"):
        begin(lead, [record])


def test_it_ends_with_the_last_verdict_of_the_last_person(
    lead, records, screener, other_screener, third
):
    pilot = begin(lead, records[:2])
    for member in (screener, other_screener, third):
        assert pilot.is_running
        for record in records[:2]:
            decide(member, record)
        pilot.refresh_from_db()
    assert not pilot.is_running
    assert pilot.closed_at is None
    assert hand_out(membership=screener, stage=TITLE) is None
    with pytest.raises(ValidationError, match="opened the main round"):
        decide(screener, records[5])
    open_main_round(lead=lead, pilot=pilot)
    assert hand_out(membership=screener, stage=TITLE) is not None


def test_what_does_not_count_is_seen_nowhere(lead, review, records, screener, other_screener):
    pilot = begin(lead, records[:2], is_held=False)
    for member, verdict in ((screener, "include"), (other_screener, "exclude")):
        for record in records[:2]:
            decide(member, record, verdict)
    assert status_of(records[0], TITLE) == Status.AWAITING
    end_pilot(lead=lead, pilot=pilot)
    assert not Decision.objects.exists()
    assert team_tally(Place(lead, TITLE))[Status.AWAITING] == 6
    assert not Record.objects.filter(report__isnull=False).exists()
    assert handed(screener) == set(records)
    decide(screener, records[0])
    assert Decision.objects.count() == 1


def test_what_counts_is_entered_when_it_ends(
    lead, review, records, screener, other_screener, third
):
    pilot = begin(lead, records[:2], is_counted=True, is_held=False)
    for member, verdict in ((screener, "include"), (other_screener, "include"), (third, "exclude")):
        decide(member, records[0], verdict, seconds_spent=9)
        decide(member, records[1], "include")
    assert not StageSettings.objects.filter(pilot=pilot).exists()
    assert status_of(records[0], TITLE) == Status.CONFLICT
    assert status_of(records[1], TITLE) == Status.INCLUDED
    assert records[1].report is not None
    entered = Decision.objects.filter(record=records[0])
    assert {(one.origin, one.round, one.seconds_spent) for one in entered} == {("pilot", 0, 9)}
    assert handed(screener) == set(records[2:])


def test_nobody_sees_anothers_verdict_while_it_runs(
    lead, review, records, screener, other_screener, adjudicator
):
    StageSettings.objects.update(is_blinded=False)  # a pilot is blind whatever the stage is
    pilot = begin(lead, records[:1])
    decide(screener, records[0], "include", comment="Looks fine")
    for member in (lead, other_screener, adjudicator):
        (row,) = pilot_rows(membership=member, pilot=pilot)
        assert not row.decisions
        assert not may_see_pilot_agreement(member, pilot)
    (row,) = pilot_rows(membership=screener, pilot=pilot)
    assert [one.comment for one in row.decisions] == ["Looks fine"]
    with pytest.raises(ValidationError, match="opens once"):
        say(membership=lead, record=records[0], stage=TITLE, body="Well?", pilot=pilot)


def test_after_it_only_those_who_decided_see_a_record(
    lead, review, records, screener, other_screener, observer
):
    pilot = begin(lead, records[:2])
    decide(screener, records[0], "include")
    decide(other_screener, records[0], "exclude")
    decide(other_screener, records[1], "exclude")
    pilot = end_pilot(lead=lead, pilot=pilot)
    first, second = pilot_rows(membership=screener, pilot=pilot)
    assert first.differs
    assert len(first.decisions) == 2
    assert not second.is_open
    assert not second.decisions
    assert all(row.is_open for row in pilot_rows(membership=lead, pilot=pilot))
    assert not any(row.is_open for row in pilot_rows(membership=observer, pilot=pilot))
    say(membership=screener, record=records[0], stage=TITLE, body="Why?", pilot=pilot)
    with pytest.raises(ValidationError, match="opens once"):
        say(membership=screener, record=records[1], stage=TITLE, body="Why?", pilot=pilot)
    (again, _) = pilot_rows(membership=other_screener, pilot=pilot)
    assert [message.body for message in again.thread] == ["Why?"]
    assert status_of(records[0], TITLE) == Status.AWAITING


def test_its_agreement_is_of_what_each_said_alone(lead, records, screener, other_screener):
    pilot = begin(lead, records)
    for place, record in enumerate(records):
        decide(screener, record, "include" if place < 3 else "exclude")
        decide(other_screener, record, "include" if place < 2 else "exclude")
    pilot = end_pilot(lead=lead, pilot=pilot)
    found = pilot_agreement(membership=lead, pilot=pilot)
    (pair,) = found.pairs
    assert pair.n == 6
    assert pair.percent.value == pytest.approx(5 / 6)
    assert pair.kappa.value == pytest.approx(2 / 3)
    assert pair.kappa.low < 2 / 3 < pair.kappa.high


def test_undo_goes_back_step_by_step(lead, records, screener, other_screener):
    begin(lead, records[:2])
    decide(screener, records[0], "include")
    decide(screener, records[1], "exclude")
    decide(screener, records[0], "maybe")

    def said():
        rows = PilotDecision.objects.current().filter(reviewer=screener)
        return {one.record_id: one.verdict for one in rows}

    decide(other_screener, records[0], "exclude")
    undo_decision(membership=screener, stage=TITLE)
    assert said() == {records[0].pk: "include", records[1].pk: "exclude"}
    undo_decision(membership=screener, stage=TITLE)
    assert said() == {records[0].pk: "include"}
    undo_decision(membership=screener, stage=TITLE)
    assert said() == {}
    assert PilotDecision.objects.current().get().reviewer == other_screener


def test_the_same_answer_twice_is_stored_once(lead, records, screener):
    begin(lead, records[:2])
    one = decide(screener, records[0], "include", client_key="k")
    assert decide(screener, records[0], "include", client_key="k") == one
    changed = decide(screener, records[0], "exclude", client_key="k")
    assert PilotDecision.objects.current().get() == changed


def test_who_leaves_does_not_block_it(lead, records, screener, other_screener, third):
    pilot = begin(lead, records[:1], is_counted=True)
    decide(screener, records[0], "include")
    decide(other_screener, records[0], "exclude")
    assert not is_complete(pilot)
    deactivate_member(lead=lead, member=third)
    pilot.refresh_from_db()
    assert not pilot.is_running
    assert Decision.objects.count() == 2


def test_withdrawn_verdicts_are_not_entered(lead, records, screener, other_screener):
    pilot = begin(lead, records[:2], is_counted=True)
    decide(screener, records[0], "include")
    remove_screener(lead=lead, member=screener, fate=Fate.WITHDRAW)
    end_pilot(lead=lead, pilot=pilot)
    assert not Decision.objects.exists()


def test_counts_speak_of_the_pilot_while_it_runs(lead, records, screener, third):
    begin(lead, records[:2])
    decide(screener, records[0])
    found = queue_counts(membership=screener, stage=TITLE)
    assert (found.to_decide, found.decided) == (1, 1)
    decide(screener, records[1])
    found = queue_counts(membership=screener, stage=TITLE)
    assert (found.to_decide, found.decided, found.mine) == (0, 2, 2)
    assert queue_counts(membership=third, stage=TITLE).to_decide == 2
    assert queue_counts(membership=lead, stage=TITLE).total == 6


def test_a_further_pilot_takes_new_records_and_closes_the_last(lead, records):
    first = begin(lead, records[:3])
    with pytest.raises(ValidationError, match="end it first"):
        begin(lead, records[3:])
    end_pilot(lead=lead, pilot=first)
    with pytest.raises(ValidationError, match="earlier pilot"):
        begin(lead, records[:1])
    second = begin(lead, records[3:])
    first.refresh_from_db()
    assert first.closed_at is not None
    assert second.number == 2
