"""A stage may need a verdict of a group: of the status, in the queue, before and after a change."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from analytics.selectors.moments import statuses_of
from screening.models import AuditEvent, Decision, MemberGroup, Report, StageSettings
from screening.rules.consensus import Stage, Status
from screening.selectors.blinding import status_of
from screening.selectors.counts import queue_counts
from screening.selectors.settings_effects import effect_of
from screening.services.decisions import Answer, record_decision
from screening.services.groups import remove_group, save_group
from screening.services.leases import hand_out
from screening.services.settings import change_stage
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def clinician(review):
    return factories.make_member(review, "screener", user=factories.make_user("Cleo Clinician"))


@pytest.fixture
def group(lead, clinician):
    return save_group(lead=lead, group=None, name="Clinicians", members=[clinician])


@pytest.fixture
def rule(lead, group):
    change_stage(lead=lead, stage=TITLE, required_group_id=group.pk)


def decide(member, record, verdict="include"):
    return record_decision(
        membership=member, record_id=record.pk, stage=TITLE, answer=Answer(verdict)
    )


def hand(member):
    return hand_out(membership=member, stage=TITLE)


def test_the_last_place_is_handed_to_the_group_only(
    review, rule, screener, other_screener, clinician
):
    record = factories.make_record(review)
    assert hand(screener) == record
    assert hand(other_screener) is None
    decide(screener, record)
    assert hand(other_screener) is None
    with pytest.raises(ValidationError, match="kept for a group"):
        decide(other_screener, record)
    assert hand(clinician) == record
    decide(clinician, record)
    assert status_of(record, TITLE) == Status.INCLUDED
    assert Report.objects.get().record == record


def test_a_member_of_the_group_may_be_first(review, rule, screener, other_screener, clinician):
    record = factories.make_record(review)
    assert hand(clinician) == record
    assert hand(screener) == record
    assert hand(other_screener) is None
    decide(clinician, record)
    decide(screener, record)
    assert status_of(record, TITLE) == Status.INCLUDED


def test_where_one_verdict_is_enough_it_is_the_groups(review, lead, rule, screener, clinician):
    change_stage(lead=lead, stage=TITLE, verdicts_needed=1)
    record = factories.make_record(review)
    assert hand(screener) is None
    assert hand(clinician) == record


def test_settled_records_wait_for_the_group_and_come_back(
    review, lead, group, screener, other_screener, clinician
):
    record = factories.make_record(review)
    for member in (screener, other_screener):
        decide(member, record)
    effect = effect_of(membership=lead, stage=TITLE, wanted={"required_group_id": group.pk})
    assert [(move.before, move.after, move.count) for move in effect.moves] == [
        (Status.INCLUDED, Status.AWAITING, 1)
    ]
    change_stage(lead=lead, stage=TITLE, required_group_id=group.pk)
    assert status_of(record, TITLE) == Status.AWAITING
    assert hand(screener) is None
    assert hand(clinician) == record
    decide(clinician, record, "exclude")
    assert status_of(record, TITLE) == Status.CONFLICT
    assert Decision.objects.current().count() == 3
    change_stage(lead=lead, stage=TITLE, required_group_id=None)
    assert status_of(record, TITLE) == Status.CONFLICT


def test_counts_leave_out_what_is_kept_for_the_group(review, rule, screener, other_screener):
    first, _ = (factories.make_record(review) for _ in range(2))
    decide(other_screener, first)
    assert queue_counts(membership=screener, stage=TITLE).to_decide == 1


def test_changing_the_members_is_shown_first(review, lead, rule, group, screener, client_of):
    record = factories.make_record(review)
    clinician = group.members.get()
    decide(clinician, record)
    decide(screener, record)
    page = client_of(lead)
    address = reverse("screening:change-group", kwargs={"slug": review.slug, "group_id": group.pk})
    other = factories.make_member(review, "screener")
    sent = {f"group-{group.pk}-name": "Doctors", f"group-{group.pk}-members": [other.pk]}
    text = page.post(address, sent).content.decode()
    assert "Nothing is changed yet" in text
    assert "1 record" in text
    group.refresh_from_db()
    assert group.name == "Clinicians"
    mark = f"title_abstract;members=[{other.pk}]"
    page.post(address, sent | {"seen": mark})
    assert status_of(record, TITLE) == Status.AWAITING
    assert AuditEvent.objects.get(action="group.changed").before == {
        "name": "Clinicians",
        "members": [clinician.pk],
    }


def test_a_past_day_knows_the_group_of_that_day(review, lead, rule, group, screener, clinician):
    record = factories.make_record(review)
    decide(clinician, record)
    then = decide(screener, record).created_at
    other = factories.make_member(review, "screener")
    save_group(lead=lead, group=group, name="Clinicians", members=[other])
    ids = frozenset([record.pk])
    assert statuses_of(review, TITLE, ids).by_status[Status.AWAITING] == ids
    assert statuses_of(review, TITLE, ids, as_of=then).by_status[Status.INCLUDED] == ids


def test_a_group_nobody_of_which_screens_cannot_be_needed(review, lead, observer):
    idle = save_group(lead=lead, group=None, name="Statisticians", members=[observer])
    with pytest.raises(ValidationError, match="Nobody of Statisticians screens"):
        change_stage(lead=lead, stage=TITLE, required_group_id=idle.pk)
    foreign = MemberGroup.objects.create(review=factories.make_review(), name="Foreign")
    with pytest.raises(ValidationError, match="no such group"):
        change_stage(lead=lead, stage=TITLE, required_group_id=foreign.pk)
    assert StageSettings.objects.filter(required_group__isnull=False).count() == 0


def test_a_needed_group_keeps_a_screener_and_is_not_taken_away(lead, rule, group):
    with pytest.raises(ValidationError, match="somebody of it has to screen"):
        save_group(lead=lead, group=group, name="Clinicians", members=[])
    with pytest.raises(ValidationError, match="change the settings"):
        remove_group(lead=lead, group=group)
    change_stage(lead=lead, stage=TITLE, required_group_id=None)
    remove_group(lead=lead, group=group)
    assert not MemberGroup.objects.exists()


def test_names_are_given_once_and_by_a_lead(lead, group, screener):
    with pytest.raises(ValidationError, match="called Clinicians already"):
        save_group(lead=lead, group=None, name=" Clinicians ", members=[])
    with pytest.raises(PermissionDenied):
        save_group(lead=screener, group=None, name="Mine", members=[])


def test_the_group_is_chosen_in_the_settings(review, lead, group, client_of):
    text = (
        client_of(lead)
        .get(reverse("screening:settings", kwargs={"slug": review.slug}))
        .content.decode()
    )
    assert "One verdict has to be of a member of" in text
    groups = client_of(lead).get(reverse("screening:groups", kwargs={"slug": review.slug}))
    assert "Cleo Clinician" in groups.content.decode()
