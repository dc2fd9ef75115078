"""Removing a screener keeps, withdraws or hands over what they did, and deletes nothing."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from analytics.selectors.alone import said_alone
from screening.models import Adjudication, AuditEvent, Decision, Record, ScreeningLease
from screening.rules.consensus import Stage, Verdict
from screening.selectors.removal import removal_preview
from screening.services.decisions import Answer, record_decision
from screening.services.duplicates import link_records, undo_link
from screening.services.leases import hand_out
from screening.services.removal import Fate, remove_screener
from screening.services.undo import undo_decision
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review, screener, other_screener):
    """One both decided, one only the leaver did, one only the other did."""
    both, theirs, others = (factories.make_record(review) for _ in range(3))
    for member in (screener, other_screener):
        factories.make_decision(both, member)
    factories.make_decision(theirs, screener, Verdict.EXCLUDE)
    factories.make_decision(others, other_screener)
    return both, theirs, others


def statuses(review):
    found = Record.objects.filter(review=review).with_status(FIRST)
    return dict(found.values_list("pk", "team_status"))


def test_keeping_changes_no_status_and_closes_the_way_in(review, lead, screener, records):
    before = statuses(review)
    hand_out(membership=screener, stage=FIRST)
    remove_screener(lead=lead, member=screener, fate=Fate.KEEP)
    screener.refresh_from_db()
    assert not screener.is_active
    assert statuses(review) == before
    assert not ScreeningLease.objects.filter(reviewer=screener).exists()


def test_withdrawing_does_what_the_preview_said_in_one_audit_line(review, lead, screener, records):
    both, theirs, _ = records
    adjudicated = factories.make_record(review)
    ruling = Adjudication.objects.create(
        record=adjudicated, stage=FIRST, verdict="include", adjudicator=screener
    )
    work = removal_preview(membership=lead, member=screener).stages[0]
    assert (work.decisions, work.rulings, work.reopened, work.altered) == (2, 1, 2, 0)
    assert [one.pk for one in work.records] == [both.pk, adjudicated.pk]
    rows = Decision.objects.count()
    remove_screener(lead=lead, member=screener, fate=Fate.WITHDRAW)
    after = statuses(review)
    assert after[both.pk] == after[adjudicated.pk] == after[theirs.pk] == "awaiting"
    assert Decision.objects.count() == rows
    event = AuditEvent.objects.get(action="member.removed")
    ids = sorted(Decision.objects.filter(reviewer=screener).values_list("pk", flat=True))
    assert event.after["decisions"] == {"count": 2, "ids": ids}
    assert event.after["rulings"] == {"count": 1, "ids": [ruling.pk]}


def test_withdrawn_records_go_to_others_again(review, lead, screener, other_screener, records):
    third = factories.make_member(review, "screener")
    remove_screener(lead=lead, member=screener, fate=Fate.WITHDRAW)
    for _ in range(2):
        record = hand_out(membership=third, stage=FIRST)
        record_decision(
            membership=third, record_id=record.pk, stage=FIRST, answer=Answer("include")
        )
    assert "included" in statuses(review).values()


def test_handed_over_verdicts_go_on_in_the_successors_name(
    review, lead, screener, other_screener, records
):
    both, theirs, _ = records
    before = statuses(review)
    heir = removal_preview(membership=lead, member=screener).heirs[0]
    assert (heir.member, heir.taken, heir.own) == (other_screener, 1, 1)
    removed = remove_screener(
        lead=lead, member=screener, fate=Fate.HAND_OVER, successor=other_screener
    )
    assert statuses(review) == before
    assert len(removed.decisions) == len(removed.left) == 1
    row = Decision.objects.current().get(record=theirs)
    assert (row.reviewer, row.verdict, row.origin) == (other_screener, "exclude", "handed")
    assert row.replaces.reviewer == screener
    assert Decision.objects.current().filter(record=both).count() == 2


def test_agreement_counts_a_handed_verdict_for_who_gave_it(
    review, lead, screener, other_screener, records
):
    before = said_alone(review, FIRST)
    remove_screener(lead=lead, member=screener, fate=Fate.HAND_OVER, successor=other_screener)
    after = said_alone(review, FIRST)
    assert {r: {p: s.verdict for p, s in said.items()} for r, said in after.items()} == {
        r: {p: s.verdict for p, s in said.items()} for r, said in before.items()
    }


def test_the_successor_may_change_it_but_not_undo_anothers_act(
    lead, screener, other_screener, records
):
    _, theirs, _ = records
    remove_screener(lead=lead, member=screener, fate=Fate.HAND_OVER, successor=other_screener)
    record_decision(
        membership=other_screener, record_id=theirs.pk, stage=FIRST, answer=Answer("include")
    )
    undo_decision(membership=other_screener, stage=FIRST)
    restored = Decision.objects.current().get(record=theirs)
    assert (restored.reviewer, restored.verdict) == (other_screener, "exclude")
    undone = undo_decision(membership=other_screener, stage=FIRST)
    assert undone.record_id != theirs.pk


def test_what_a_link_carried_still_leaves_with_it(review, lead, screener, other_screener):
    kept, duplicate = factories.make_record(review), factories.make_record(review)
    factories.make_decision(duplicate, screener)
    link = link_records(membership=lead, kept=kept, duplicate=duplicate)
    remove_screener(lead=lead, member=screener, fate=Fate.HAND_OVER, successor=other_screener)
    assert Decision.objects.current().get(record=kept).reviewer == other_screener
    undo_link(membership=lead, link=link)
    assert not Decision.objects.current().filter(record=kept).exists()
    assert Decision.objects.current().get(record=duplicate).reviewer == other_screener


def test_nobody_unfit_takes_over(review, lead, screener, observer):
    stranger = factories.make_member(factories.make_review(), "screener")
    for successor in (None, observer, screener, stranger):
        with pytest.raises(ValidationError):
            remove_screener(lead=lead, member=screener, fate=Fate.HAND_OVER, successor=successor)
    screener.refresh_from_db()
    assert screener.is_active


def test_only_a_lead_removes_and_the_last_lead_stays(lead, screener, other_screener):
    with pytest.raises(PermissionDenied):
        remove_screener(lead=screener, member=other_screener, fate=Fate.KEEP)
    with pytest.raises(ValidationError, match="needs a lead"):
        remove_screener(lead=lead, member=lead, fate=Fate.KEEP)


def test_the_page_shows_it_first_and_then_does_it(
    client_of, review, lead, screener, other_screener, records
):
    place = {"slug": review.slug, "member_id": screener.pk}
    url = reverse("screening:remove-member", kwargs=place)
    browser = client_of(lead)
    page = browser.get(url).content.decode()
    assert "1 decided record would wait for verdicts again" in page
    assert records[0].title in page
    refused = browser.post(url, {"fate": "hand_over"})
    assert refused.status_code == 400
    assert b"Choose who takes" in refused.content
    sent = {"fate": "hand_over", "successor": other_screener.pk}
    assert browser.post(url, sent).status_code == 302
    assert Decision.objects.current().filter(reviewer=other_screener).count() == 3
