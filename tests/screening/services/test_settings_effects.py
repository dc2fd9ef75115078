"""A change of a running stage shows first what it moves, moves exactly that, deletes nothing."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from screening.models import AuditEvent, Decision, Record, StageSettings
from screening.rules.consensus import Stage, Verdict
from screening.selectors.conflicts import conflict_counts, conflicts
from screening.selectors.settings_effects import effect_of
from screening.services.conflicts import Settlement, adjudicate
from screening.services.decisions import Answer, record_decision
from screening.services.settings import change_stage, name_settlers
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review, screener, other_screener):
    """One with a single verdict, one agreed on, one with a maybe."""
    single, agreed, doubtful = (factories.make_record(review) for _ in range(3))
    factories.make_decision(single, screener, Verdict.EXCLUDE)
    for member in (screener, other_screener):
        factories.make_decision(agreed, member)
    factories.make_decision(doubtful, screener, Verdict.MAYBE)
    factories.make_decision(doubtful, other_screener)
    return single, agreed, doubtful


def moved(effect):
    return {(m.before.value, m.after.value): [r.pk for r in m.records] for m in effect.moves}


def statuses(review):
    found = Record.objects.filter(review=review).with_status(FIRST)
    return dict(found.values_list("pk", "team_status"))


@pytest.mark.parametrize(
    "wanted",
    [
        {"verdicts_needed": 1},
        {"verdicts_needed": 3},
        {"maybe_means": "conflict"},
        {"verdicts_needed": 1, "maybe_means": "conflict"},
    ],
)
def test_the_preview_is_what_then_happens(review, lead, records, wanted):
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    before, count = statuses(review), Decision.objects.count()
    told = moved(effect_of(membership=lead, stage=FIRST, wanted=wanted))
    change_stage(lead=lead, stage=FIRST, **wanted)
    after = statuses(review)
    really = {}
    for pk in sorted(before):
        if before[pk] != after[pk]:
            really.setdefault((before[pk], after[pk]), []).append(pk)
    assert told == really
    assert Decision.objects.current().count() == count


def test_a_change_that_moves_nothing_needs_no_preview(lead, records):
    assert effect_of(membership=lead, stage=FIRST, wanted={"order": "newest"}) is None
    assert effect_of(membership=lead, stage=FIRST, wanted={"verdicts_needed": 2}) is None


def test_opening_a_blinded_stage_says_how_many_verdicts_become_open(lead, records):
    effect = effect_of(membership=lead, stage=FIRST, wanted={"is_blinded": False})
    assert effect.notes == ["All 5 verdicts given so far are open to every member at once."]


def test_records_that_leave_full_text_are_told(lead, screener, records):
    factories.make_decision(records[1], screener, stage=Stage.FULL_TEXT)
    effect = effect_of(membership=lead, stage=FIRST, wanted={"verdicts_needed": 3})
    assert effect.notes[0].startswith("Of those, 1 have verdicts at full text.")


def test_a_lead_who_screens_learns_no_outcome_of_what_waits_for_them(review, records):
    both = factories.make_member(review, "lead", "screener")
    effect = effect_of(membership=both, stage=FIRST, wanted={"verdicts_needed": 1})
    assert [(m.is_hidden, m.count, list(m.records)) for m in effect.moves] == [(True, 1, [])]


@pytest.mark.parametrize("roles", [("lead",), ("lead", "screener", "adjudicator")])
def test_no_lead_learns_what_was_said_of_a_record_that_waits(review, records, roles):
    effect = effect_of(
        membership=factories.make_member(review, *roles), stage=FIRST, wanted={"verdicts_needed": 1}
    )
    assert [(m.is_hidden, m.count, list(m.records)) for m in effect.moves] == [(True, 1, [])]


def test_only_a_lead_may_look(screener, records):
    with pytest.raises(PermissionDenied):
        effect_of(membership=screener, stage=FIRST, wanted={"verdicts_needed": 1})


def page_data(**changes):
    sent = {"title": "T", "highlights-include": ""}
    for stage in Stage:
        sent |= {f"{stage}-verdicts_needed": "2", f"{stage}-order": "random"}
        sent |= {f"{stage}-maybe_means": "include", f"{stage}-is_blinded": "on"}
        sent |= {f"{stage}-is_own_ruling_barred": "on", f"{stage}-is_maybe_allowed": "on"}
        sent |= {f"{stage}-is_together_allowed": "on"}
    for box in ("full_text-is_maybe_allowed",):
        del sent[box]
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}


def test_the_page_shows_it_first_and_saves_once_confirmed(client_of, review, lead, records):
    url = reverse("screening:settings", kwargs={"slug": review.slug})
    browser = client_of(lead)
    sent = page_data(title_abstract__verdicts_needed="1")
    shown = browser.post(url, sent)
    assert shown.status_code == 200
    assert "1 record" in shown.content.decode()
    assert records[0].title not in shown.content.decode()
    assert StageSettings.objects.get(review=review, stage=FIRST).verdicts_needed == 2
    mark = shown.context["mark"]
    assert mark == "title_abstract;verdicts_needed=1"
    other = page_data(title_abstract__verdicts_needed="3", seen=mark)
    assert browser.post(url, other).status_code == 200  # another change is shown anew
    assert browser.post(url, sent | {"seen": mark}).status_code == 302
    assert StageSettings.objects.get(review=review, stage=FIRST).verdicts_needed == 1
    assert AuditEvent.objects.get(action="stage.changed").after == {"verdicts_needed": 1} | {
        name: AuditEvent.objects.get(action="stage.changed").before[name]
        for name in AuditEvent.objects.get(action="stage.changed").before
        if name != "verdicts_needed"
    }


def test_a_maybe_can_leave_a_conflict_which_the_adjudicator_settles(
    review, lead, adjudicator, records
):
    change_stage(lead=lead, stage=FIRST, maybe_means="conflict")
    assert list(conflicts(membership=adjudicator, stage=FIRST)) == [records[2]]
    assert conflict_counts(membership=adjudicator, stage=FIRST).for_me == 1
    settlement = Settlement("include", rationale="Read it.")
    adjudicate(membership=adjudicator, record_id=records[2].pk, stage=FIRST, settlement=settlement)
    assert statuses(review)[records[2].pk] == "included"


def test_a_lone_maybe_in_conflict_may_be_changed_by_its_giver(review, lead, screener, records):
    change_stage(lead=lead, stage=FIRST, maybe_means="conflict", verdicts_needed=1)
    record = factories.make_record(review)
    for verdict in ("maybe", "include"):
        record_decision(
            membership=screener, record_id=record.pk, stage=FIRST, answer=Answer(verdict)
        )
    assert statuses(review)[record.pk] == "included"


def test_an_exclusion_needs_a_reason_where_the_stage_asks_for_one(review, lead, screener):
    change_stage(lead=lead, stage=FIRST, is_reason_required=True)
    record = factories.make_record(review)
    with pytest.raises(ValidationError, match="reason"):
        record_decision(
            membership=screener, record_id=record.pk, stage=FIRST, answer=Answer("exclude")
        )


def test_only_those_named_settle_and_nobody_named_means_every_adjudicator(
    review, lead, adjudicator, records
):
    chosen = factories.make_member(review, "adjudicator")
    change_stage(lead=lead, stage=FIRST, maybe_means="conflict")
    name_settlers(lead=lead, stage=FIRST, members=[chosen])
    settlement = Settlement("include")
    asked = {"record_id": records[2].pk, "stage": FIRST, "settlement": settlement}
    with pytest.raises(PermissionDenied, match="named others"):
        adjudicate(membership=adjudicator, **asked)
    assert conflict_counts(membership=adjudicator, stage=FIRST).for_me == 0
    chosen.deactivated_at = lead.joined_at
    chosen.save()
    adjudicate(membership=adjudicator, **asked)  # who left cannot block a conflict
    assert AuditEvent.objects.get(action="stage.settlers_named").after == {"members": [chosen.pk]}


def test_only_an_adjudicator_can_be_named(lead, screener):
    with pytest.raises(ValidationError, match="role of adjudicator"):
        name_settlers(lead=lead, stage=FIRST, members=[screener])
