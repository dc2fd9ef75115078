"""What a reviewer is handed next, and how much is left: towards me, and of the team."""

import pytest
from django.db import connection
from django.utils import timezone

from screening.models import (
    Decision,
    DuplicateLink,
    PreScreenRemoval,
    Record,
    Source,
    StageSettings,
)
from screening.rules.consensus import Stage
from screening.selectors.arrivals import _first_arrival, _next_key, _retrieved, newer_arrivals
from screening.selectors.counts import QueueCounts, queue_counts
from screening.selectors.order import ORDERS
from screening.selectors.prepared import Slot
from screening.selectors.queue import _walk, asker_of, next_record_id
from screening.selectors.stages import in_stage, settings_of, stage_of
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from tests import factories

TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def next_record(membership, stage, near=None):
    settings = settings_of(membership.review, stage)
    found = next_record_id(asker_of(membership, settings), near=near)
    return found and Record.objects.get(pk=found)


def walk(member, stage=TITLE):
    seen, record = [], None
    while (record := next_record(membership=member, stage=stage, near=record)) not in seen:
        if record is None:
            break
        seen.append(record)
    return seen


def test_duplicates_and_removed_records_are_never_handed_out(review, screener, lead):
    kept, duplicate, removed = (factories.make_record(review) for _ in range(3))
    DuplicateLink.objects.create(review=review, record=duplicate, kept=kept, method="manual")
    PreScreenRemoval.objects.create(record=removed, kind="other", note="x", created_by=lead)
    assert walk(screener) == [kept]


def test_records_of_another_review_are_never_handed_out(review, screener):
    factories.make_record(factories.make_review())
    assert walk(screener) == []


def test_the_way_round_wraps_and_meets_everything_once(review, screener):
    screener.order_seed = 50
    screener.save()
    keys = [10, 50, 50, 70, 30]
    for key in keys:
        factories.make_record(review, random_key=key)
    assert [record.random_key for record in walk(screener)] == [50, 50, 70, 10, 30]


def test_full_text_holds_what_passed_and_what_came_by_other_methods(review):
    passed, undecided = factories.make_record(review), factories.make_record(review)
    for _ in range(2):
        factories.make_decision(passed, factories.make_member(review, "screener"))
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    other = factories.make_record(review, source=site)
    records = type(passed).objects.filter(review=review)
    assert set(in_stage(records, FULL)) == {passed, other}
    assert set(in_stage(records, FULL)) == set(records.at_full_text())
    assert [stage_of(record) for record in (passed, undecided, other)] == [FULL, TITLE, FULL]


def test_only_retrieved_reports_are_handed_out_at_full_text(review, screener):
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    record = factories.make_record(review, source=site)
    report = factories.make_report(record)
    assert walk(screener, FULL) == []
    report.attempts.create(how="Library", outcome="retrieved")
    assert walk(screener, FULL) == [record]
    report.attempts.create(how="Wrong file", outcome="not_retrieved")
    assert walk(screener, FULL) == []


def test_counts_speak_of_me_and_of_the_team(review, screener, other_screener):
    records = [factories.make_record(review) for _ in range(6)]
    factories.make_decision(records[0], screener, "include")
    factories.make_decision(records[0], other_screener, "include")
    factories.make_decision(records[1], screener, "maybe")
    factories.make_decision(records[2], other_screener, "exclude")
    factories.make_decision(records[3], other_screener, "exclude")
    factories.make_decision(records[3], factories.make_member(review, "screener"), "exclude")
    assert queue_counts(membership=screener, stage=TITLE) == QueueCounts(
        to_decide=3, decided=2, maybes=1, awaiting_other=1, settled=2, total=6
    )


def test_the_next_record_costs_few_queries(review, screener, django_assert_num_queries):
    first, second = (factories.make_record(review, random_key=key) for key in (1, 2))
    settings = settings_of(review, TITLE)
    with django_assert_num_queries(1):
        found = next_record_id(asker_of(screener, settings), near=first)
    assert found == second.pk


@pytest.mark.parametrize("order", ["random", "newest"])
@pytest.mark.parametrize("backwards", [False, True])
def test_the_way_from_any_record_meets_all_others_in_their_order(
    review, screener, order, backwards
):
    StageSettings.objects.filter(review=review).update(order=order)
    years = [2020, 2021, 2020, None, 2021, 2020, 2019]
    records = [
        factories.make_record(review, year=year, random_key=key)
        for key, year in enumerate(years, start=1)
    ]
    asker = asker_of(screener, settings_of(review, TITLE))
    ways = ORDERS[order]
    asked = sorted(records, key=lambda one: (ways.key_of(one), one.pk), reverse=backwards)
    for place, near in enumerate(asked):
        expected = asked[place + 1 :] + asked[: place + 1]
        decided = []
        for record in expected:
            found = next_record_id(asker, near=near, backwards=backwards)
            assert found == record.pk
            decided.append(factories.make_decision(record, screener))
        assert next_record_id(asker, near=near, backwards=backwards) is None
        Decision.objects.all().delete()


def test_a_newcomer_to_a_large_review_begins_where_records_are_left(
    review, screener, other_screener, monkeypatch
):
    monkeypatch.setattr("screening.selectors.resting.LARGE", 1)
    StageSettings.objects.filter(review=review).update(order="newest", verdicts_needed=1)
    records = [factories.make_record(review, year=2020) for _ in range(4)]
    for record in records[:2]:
        factories.make_decision(record, screener)
    asker = asker_of(other_screener, settings_of(review, TITLE))
    assert next_record_id(asker, near=None) == records[2].pk
    Decision.objects.filter(record=records[0]).delete()  # opened again: it comes on the way round
    factories.make_decision(records[2], screener)
    factories.make_decision(records[3], screener)
    assert next_record_id(asker, near=None) == records[0].pk


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words of its plan are SQLite's")
@pytest.mark.parametrize(
    ("is_assigned", "same_key", "next_key"),
    [
        (False, "review_id=? AND <expr>=? AND id>?", "review_id=? AND <expr>>?"),
        (
            True,
            "member_id=? AND stage=? AND newest_key=? AND record_id>?",
            "member_id=? AND stage=? AND newest_key>?",
        ),
    ],
)
def test_the_newest_order_reads_nothing_it_has_passed(
    review, screener, is_assigned, same_key, next_key
):
    """Many records of one year: what lies behind the place is not read again."""
    StageSettings.objects.filter(review=review).update(order="newest")
    asker = asker_of(screener, settings_of(review, TITLE))
    found = []
    walks = _walk(TITLE, "newest", asker.side, backwards=False, is_assigned=is_assigned)
    for walk in walks[:2]:
        sql, places = walk._text("sqlite")
        values = asker.values | {"key": -2020, "pk": 7, "owner": screener.pk}
        filled = [
            one.filled(values, connection) if isinstance(one, Slot) else one for one in places
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", filled)
            plan = [row[3] for row in cursor.fetchall()]
        found.append(next(line for line in plan if "newest_way_idx" in line))
        assert not any("ORDER BY" in line for line in plan), plan
    assert same_key in found[0]
    assert next_key in found[1]


def imported(review, *years):
    """Records of an import that has just ended."""
    source = factories.make_source(review)
    factories.make_batch(source, finished_at=timezone.now())
    return [factories.make_record(review, source=source, year=year) for year in years]


@pytest.mark.parametrize("assigning", ["freely", "first"])
def test_what_an_import_brought_that_is_newer_comes_before_the_way_goes_on(
    review, screener, assigning
):
    StageSettings.objects.filter(review=review).update(order="newest", assigning=assigning)
    old = [factories.make_record(review, year=year) for year in (2024, 2023, 2022, 2020, 2019)]
    asker = asker_of(screener, settings_of(review, TITLE))

    def decided(record):
        factories.make_decision(record, screener)
        return next_record_id(asker, near=record)

    decided(old[0])
    assert decided(old[2]) == old[3].pk  # 2023 was passed over: it comes on the way round
    new = imported(review, 2025, 2018, 2023)
    # The record that was on the screen meanwhile is decided, and then what is newer comes.
    assert decided(old[3]) == new[0].pk
    assert next_record_id(asker, near=new[0], backwards=True) == new[1].pk
    assert decided(new[0]) == old[1].pk  # behind it: 2023, the one of before and the new one
    assert decided(old[1]) == new[2].pk
    assert decided(new[2]) == old[4].pk
    assert decided(old[4]) == new[1].pk
    assert decided(new[1]) is None


@pytest.mark.parametrize("is_decided", [False, True])
def test_before_a_first_verdict_what_came_since_the_record_at_hand_counts_as_newer(
    review, screener, is_decided
):
    StageSettings.objects.filter(review=review).update(order="newest", verdicts_needed=1)
    source = factories.make_source(review)
    factories.make_batch(source, finished_at=timezone.now())
    old = [factories.make_record(review, source=source, year=year) for year in (2020, 2019)]
    assert hand_out(membership=screener, stage=TITLE) == old[0]
    new = imported(review, 2021, 2018)
    assert hand_out(membership=screener, stage=TITLE) == old[0]  # the page is loaded again
    if is_decided:
        answer = Answer(verdict="exclude")
        record_decision(membership=screener, record_id=old[0].pk, stage=TITLE, answer=answer)
    assert hand_out(membership=screener, stage=TITLE, near=old[0]) == new[0]
    way = [new[0]]
    while (found := hand_out(membership=screener, stage=TITLE, near=way[-1])) not in way:
        way.append(found)
    # Who skips goes round all of it once, and is not led back to what is newer again and again.
    assert way == ([new[0], old[1], new[1]] if is_decided else [new[0], old[0], old[1], new[1]])


@pytest.mark.parametrize("is_first", [False, True])
def test_full_texts_that_are_retrieved_later_come_before_the_way_goes_on(
    review, screener, is_first
):
    StageSettings.objects.filter(review=review).update(order="newest", verdicts_needed=1)
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    years = (2025, 2024, 2024, 2023, 2024, 2022, 2021)
    rows = [factories.make_record(review, source=site, year=year) for year in years]
    newest, skipped, late, before, same, at_hand, last = rows

    def retrieve(*records):
        for record in records:
            factories.make_report(record).attempts.create(how="Library", outcome="retrieved")

    def decided(record):
        answer = Answer(verdict="include")
        record_decision(membership=screener, record_id=record.pk, stage=FULL, answer=answer)
        return hand_out(membership=screener, stage=FULL, near=record)

    retrieve(skipped, before, at_hand, last)
    if not is_first:
        assert decided(before) == at_hand
    hand_out(membership=screener, stage=FULL, near=before)
    retrieve(late, same)
    assert decided(at_hand) == late
    assert decided(late) == same
    assert hand_out(membership=screener, stage=FULL, near=same) == (before if is_first else last)
    retrieve(newest)
    assert decided(last) == newest


def test_a_full_text_of_the_same_year_counts_as_newer_where_its_place_is_passed(review, screener):
    StageSettings.objects.filter(review=review, stage=FULL).update(order="newest")
    site = factories.make_source(review, kind=Source.Kind.WEBSITE)
    late, at_hand, older = (
        factories.make_record(review, source=site, year=year) for year in (2024, 2024, 2023)
    )
    for record in (at_hand, older):
        factories.make_report(record).attempts.create(how="Library", outcome="retrieved")
    assert hand_out(membership=screener, stage=FULL) == at_hand
    factories.make_report(late).attempts.create(how="Library", outcome="retrieved")
    assert hand_out(membership=screener, stage=FULL, near=at_hand) == late
    assert hand_out(membership=screener, stage=FULL, near=late) == at_hand
    assert hand_out(membership=screener, stage=FULL, near=at_hand) == older


def test_full_texts_of_other_reviews_are_no_arrivals(review, screener):
    near = factories.make_record(review, year=2020)
    factories.make_decision(near, screener, stage=FULL)
    factories.make_report(near).attempts.create(how="Library", outcome="retrieved")
    other = factories.make_record(factories.make_review(), year=2024)
    factories.make_report(other).attempts.create(how="Library", outcome="retrieved")
    asked = {"member_id": screener.pk, "stage": FULL, "near": near}
    assert list(newer_arrivals(review_id=review.pk, **asked)) == []
    assert list(newer_arrivals(review_id=other.review_id, **asked)) == [(-2024, other.pk - 1)]


def test_no_other_order_and_no_newcomer_looks_for_arrivals(
    review, screener, django_assert_num_queries
):
    first = factories.make_record(review, random_key=1)
    second = factories.make_record(review, random_key=2, year=2020)
    factories.make_decision(first, screener)
    new = imported(review, 2025)[0]
    Record.objects.filter(pk=new.pk).update(random_key=3)
    asker = asker_of(screener, settings_of(review, TITLE))
    with django_assert_num_queries(1):
        assert next_record_id(asker, near=first) == second.pk


@pytest.mark.parametrize("is_new", [False, True])
def test_looking_for_arrivals_reads_index_ranges_only(review, screener, is_new):
    factories.make_decision(factories.make_record(review, year=2024), screener)
    here = factories.make_record(review, year=2020)
    if is_new:
        imported(review, 2025, 2023)
    asked = {"me": screener.pk, "review": review.pk, "near": here.pk, "key": -2030, "here": -2020}
    for query in (_first_arrival(TITLE), _next_key(), _retrieved()):
        sql, places = query._text(connection.vendor)
        filled = [one.filled(asked, connection) if isinstance(one, Slot) else one for one in places]
        words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        with connection.cursor() as cursor:
            cursor.execute(f"{words} {sql}", filled)
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "SCAN" not in plan, plan
    places = newer_arrivals(member_id=screener.pk, review_id=review.pk, stage=TITLE, near=here)
    assert [key for key, _ in places] == ([-2025, -2024, -2023] if is_new else [])
