"""The stopping panel, and the lead's decision to stop: on record, in the flow, reversible."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from screening.models import AuditEvent, Decision, PreScreenRemoval
from screening.rules.consensus import Stage, Verdict
from screening.selectors.rankings.stopping import stopping_panel
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from screening.services.rankings.stops import stop_screening, take_back_stop
from tests.screening.rankings.test_order import decide, truth

TITLE = Stage.TITLE_ABSTRACT
NOTE = "Protocol section 4."


def both_decide(members, records):
    for record in records:
        for member in members:
            decide(member, record, truth(record))


@pytest.fixture
def team(screener, other_screener):
    return screener, other_screener


def test_only_settled_records_count_as_screened(by_relevance, records, team, lead):
    both_decide(team, records[:8])
    decide(team[0], records[8], Verdict.INCLUDE)
    decide(team[0], records[9], Verdict.INCLUDE)
    decide(team[1], records[9], Verdict.EXCLUDE)
    panel = stopping_panel(membership=lead)
    assert (panel.settled, panel.state.found, panel.begun, panel.untouched) == (8, 2, 2, 50)
    assert panel.state.left == 52


def test_the_panel_tells_a_screener_nothing_of_what_is_not_settled(
    by_relevance, records, team, lead
):
    seen = []
    for verdict in (Verdict.INCLUDE, Verdict.EXCLUDE):
        decide(team[1], records[0], verdict)
        seen.append(stopping_panel(membership=team[0]).as_dict())
    assert seen[0] == seen[1]


def test_nothing_found_yet_is_never_a_reason_to_stop(by_relevance, records, team, lead):
    irrelevant = [record for record in records if not record.is_relevant]
    both_decide(team, irrelevant)
    panel = stopping_panel(membership=lead)
    assert panel.state.irrelevant_in_a_row == len(irrelevant)
    assert not any(test.is_reached for test in panel.state.tests)
    with pytest.raises(ValidationError, match="Nothing relevant was found"):
        stop_screening(lead=lead, note=NOTE)


def test_a_stop_removes_what_nobody_has_decided_with_the_panel_on_record(
    by_relevance, records, team, lead
):
    both_decide(team, records[:20])
    decide(team[0], records[20], Verdict.EXCLUDE)
    stop = stop_screening(lead=lead, note=NOTE)
    assert stop.removed == 39
    removals = PreScreenRemoval.objects.filter(undone_at=None)
    assert {one.kind for one in removals} == {PreScreenRemoval.Kind.AUTOMATION}
    assert NOTE in removals[0].note
    assert (stop.state["found"], stop.state["left"]) == (5, 40)
    assert AuditEvent.objects.filter(action="screening.stopped").count() == 1
    assert hand_out(membership=team[1], stage=TITLE) == records[20]
    decide(team[1], records[20], Verdict.EXCLUDE)
    assert hand_out(membership=team[1], stage=TITLE) is None


def test_a_stop_is_taken_back_whole(by_relevance, records, team, lead):
    both_decide(team, records[:20])
    stop = stop_screening(lead=lead, note=NOTE)
    take_back_stop(lead=lead, stop=stop)
    assert stopping_panel(membership=lead).untouched == 40
    assert AuditEvent.objects.filter(action="screening.resumed").count() == 1
    with pytest.raises(ValidationError, match="taken back already"):
        take_back_stop(lead=lead, stop=stop)
    assert stop_screening(lead=lead, note=NOTE).pk != stop.pk


def test_a_removed_record_takes_no_verdict(by_relevance, records, team, lead):
    both_decide(team, records[:8])
    stop_screening(lead=lead, note=NOTE)
    with pytest.raises(ValidationError, match="removed before"):
        record_decision(
            membership=team[0],
            record_id=records[30].pk,
            stage=TITLE,
            answer=Answer(verdict=Verdict.INCLUDE),
        )
    assert not Decision.objects.filter(record=records[30]).exists()


def test_only_a_lead_stops_and_only_once(by_relevance, records, team, lead):
    both_decide(team, records[:8])
    with pytest.raises(PermissionDenied):
        stop_screening(lead=team[0], note=NOTE)
    with pytest.raises(ValidationError, match="Say why"):
        stop_screening(lead=lead, note=" ")
    stop_screening(lead=lead, note=NOTE)
    with pytest.raises(ValidationError, match="stopped already"):
        stop_screening(lead=lead, note=NOTE)
