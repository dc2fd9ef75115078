"""The rule of what was said alone, and what the agreement can be narrowed to."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.selectors.agreement import agreement_of
from analytics.selectors.agreement_rows import agreement_as_json, agreement_rows
from analytics.selectors.alone import Narrowing, said_alone
from screening.models import Adjudication, Decision, StageSettings
from screening.rules.consensus import Stage, Verdict
from tests import factories

pytestmark = pytest.mark.django_db
TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
INCLUDE, EXCLUDE = Verdict.INCLUDE, Verdict.EXCLUDE
START = timezone.now() - timedelta(days=30)


def after(minutes):
    return START + timedelta(minutes=minutes)


def say(record, person, verdict, minute, stage=TITLE, **fields):
    """A verdict that replaces the person's standing one."""
    standing = Decision.objects.current().filter(record=record, reviewer=person, stage=stage)
    standing.update(superseded_at=after(minute))
    return factories.make_decision(
        record, person, verdict, stage, created_at=after(minute), **fields
    )


def take_back(record, person, minute):
    standing = Decision.objects.current().filter(record=record, reviewer=person)
    standing.update(superseded_at=after(minute), undone_at=after(minute))


def verdicts(review, stage=TITLE, **narrowing):
    alone = said_alone(review, stage, Narrowing(**narrowing))
    return {r: {p: s.verdict for p, s in said.items()} for r, said in alone.items()}


@pytest.fixture
def record(review):
    return factories.make_record(review)


@pytest.fixture
def people(screener, other_screener):
    return [screener, other_screener]


def test_a_change_of_mind_after_a_conflict_does_not_leak_in(review, record, people):
    one, other = people
    say(record, one, INCLUDE, 1)
    say(record, other, EXCLUDE, 2)
    say(record, other, INCLUDE, 9)  # after both could see each other's verdict

    assert verdicts(review) == {record.pk: {one.pk: INCLUDE, other.pk: EXCLUDE}}
    assert agreement_of(review=review, stage=TITLE).pairs[0].table == ((0, 1), (0, 0))


def test_an_undo_after_a_conflict_does_not_leak_in(review, record, people):
    one, other = people
    say(record, one, INCLUDE, 1)
    say(record, other, EXCLUDE, 2)
    take_back(record, other, 3)
    assert verdicts(review)[record.pk] == {one.pk: INCLUDE, other.pk: EXCLUDE}
    say(record, other, INCLUDE, 4)
    assert verdicts(review)[record.pk] == {one.pk: INCLUDE, other.pk: EXCLUDE}


def test_a_correction_before_the_other_has_decided_is_ones_own(review, record, people):
    one, other = people
    say(record, one, EXCLUDE, 1)
    say(record, one, INCLUDE, 2)
    say(record, other, INCLUDE, 3)

    assert verdicts(review)[record.pk] == {one.pk: INCLUDE, other.pk: INCLUDE}


def test_with_three_verdicts_needed_two_that_differ_are_not_seen_yet(review, record, people):
    StageSettings.objects.filter(review=review).update(verdicts_needed=3)
    one, other = people
    say(record, one, INCLUDE, 1)
    say(record, other, EXCLUDE, 2)
    say(record, other, INCLUDE, 3)

    assert verdicts(review)[record.pk] == {one.pk: INCLUDE, other.pk: INCLUDE}


def test_who_decides_after_a_conflict_opened_for_others_said_it_alone(review, record, people):
    third = factories.make_member(review, "screener")
    say(record, people[0], INCLUDE, 1)
    say(record, people[1], EXCLUDE, 2)
    say(record, third, EXCLUDE, 5)
    say(record, third, INCLUDE, 6)

    assert verdicts(review)[record.pk][third.pk] == EXCLUDE


def test_where_nothing_is_blinded_the_first_verdicts_count_once_two_have_decided(
    review, record, people
):
    StageSettings.objects.filter(review=review).update(is_blinded=False)
    one, other = people
    say(record, one, INCLUDE, 1)
    say(record, other, INCLUDE, 2)
    say(record, one, EXCLUDE, 3)

    assert verdicts(review)[record.pk] == {one.pk: INCLUDE, other.pk: INCLUDE}


def test_what_was_said_after_a_ruling_does_not_count(review, record, people, adjudicator):
    one, other = people
    say(record, one, INCLUDE, 1)
    Adjudication.objects.create(
        record=record,
        stage=TITLE,
        verdict="include",
        adjudicator=adjudicator,
        created_at=after(2),
    )
    say(record, other, EXCLUDE, 3)

    assert verdicts(review)[record.pk] == {one.pk: INCLUDE}


def test_the_period_and_the_round_narrow_what_was_chosen(review, people):
    early, late = factories.make_record(review), factories.make_record(review)
    for person in people:
        say(early, person, INCLUDE, 0)
        say(late, person, INCLUDE, 60 * 24 * 5, round=2)
    day = timezone.localtime(START).date()

    assert set(verdicts(review, until=day)) == {early.pk}
    assert set(verdicts(review, since=day + timedelta(days=1))) == {late.pk}
    assert set(verdicts(review, since=day)) == {early.pk, late.pk}
    assert set(verdicts(review, round=2)) == {late.pk}
    assert agreement_of(review=review, stage=TITLE, narrowing=Narrowing(round=1)).records == 1


def test_a_round_keeps_its_verdicts_when_a_later_round_asks_again(review, record, people):
    one, other = people
    for person, minute in ((one, 1), (other, 2)):
        say(record, person, EXCLUDE, minute)
    for person, minute in ((one, 10), (other, 11)):
        say(record, person, INCLUDE, minute, round=2)

    assert set(verdicts(review, round=1)[record.pk].values()) == {EXCLUDE}
    assert set(verdicts(review, round=2)[record.pk].values()) == {INCLUDE}


def test_reasons_are_compared_where_both_excluded(review, people):
    task, images = (factories.make_reason(review, label) for label in ("Task", "Images"))
    for reasons in ((task, task), (task, images), (images, images)):
        record = factories.make_record(review)
        for person, reason in zip(people, reasons, strict=True):
            say(record, person, EXCLUDE, 1, FULL, reason=reason)
    half = factories.make_record(review)
    say(half, people[0], EXCLUDE, 1, FULL, reason=task)
    say(half, people[1], INCLUDE, 1, FULL)

    each = agreement_of(review=review, stage=FULL, reason="each")
    assert each.categories == ("Task", "Images")
    assert each.pairs[0].table == ((1, 1), (0, 1))
    one = agreement_of(review=review, stage=FULL, reason=str(task.pk))
    assert one.categories == ("Task", "anything else")
    assert one.pairs[0].table == ((1, 2), (0, 1))
    assert one.pairs[0].on("Task") == pytest.approx(0.5)
    assert "agreement on Task" in [row["coefficient"] for row in agreement_rows(one)]
    assert agreement_as_json(one)["pairs"][0]["agreement_on_include"] is None
    with pytest.raises(ValueError, match="no exclusion reason"):
        agreement_of(review=review, stage=FULL, reason="0")


def test_one_single_reason_stands_against_another(review, people):
    reason = factories.make_reason(review, "Task")
    record = factories.make_record(review)
    for person in people:
        say(record, person, EXCLUDE, 1, FULL, reason=reason)

    found = agreement_of(review=review, stage=FULL, reason="each")
    assert found.categories == ("Task", "another reason")
    assert not found.pairs[0].kappa.is_defined


def test_a_lead_who_screens_learns_nothing_of_records_that_wait_for_the_own_verdict(review, people):
    both = factories.make_member(review, "lead", "screener")
    waiting, done = factories.make_record(review), factories.make_record(review)
    for person, verdict in zip(people, (INCLUDE, EXCLUDE), strict=True):
        say(waiting, person, verdict, 1)
        say(done, person, INCLUDE, 1)

    seen = agreement_of(review=review, stage=TITLE, membership=both)
    assert seen.records == 1
    assert seen.pairs[0].table == ((1, 0), (0, 0))
    assert agreement_of(review=review, stage=TITLE).records == 2
    say(waiting, both, EXCLUDE, 3)
    assert agreement_of(review=review, stage=TITLE, membership=both).records == 2


def test_every_pair_has_each_coefficient_with_its_interval(review, people):
    for verdict, other in ((INCLUDE, INCLUDE), (INCLUDE, EXCLUDE), (EXCLUDE, EXCLUDE)) * 4:
        record = factories.make_record(review)
        say(record, people[0], verdict, 1)
        say(record, people[1], other, 2)

    (pair,) = agreement_as_json(agreement_of(review=review, stage=TITLE))["pairs"]
    for name in ("percent", "kappa", "fleiss", "krippendorff_alpha", "pabak", "ac1"):
        low, high = pair[f"{name}_ci"]
        assert low < pair[name] < high


def test_the_page_and_the_files_take_the_filters(review, people, lead, client_of):
    record = factories.make_record(review)
    for person in people:
        say(record, person, INCLUDE, 1)
    page = reverse("analytics:agreement", kwargs={"slug": review.slug})
    browser = client_of(lead)

    assert "Sam Screener" in browser.get(page, {"round": "1"}).content.decode()
    assert (
        "Nothing here that two people judged"
        in browser.get(page, {"since": timezone.localdate().isoformat()}).content.decode()
    )
    wrong = browser.get(page, {"since": "2024-02-01", "until": "2024-01-01"})
    assert wrong.status_code == 400
    assert "ends before it begins" in wrong.content.decode()
    assert browser.get(page, {"reason": "12345"}).status_code == 400
    files = reverse(
        "analytics:agreement-export", kwargs={"slug": review.slug, "file_format": "json"}
    )
    assert json.loads(browser.get(files, {"round": "1"}).content)["records"] == 1
    assert browser.get(files, {"reason": "12345"}).status_code == 302
