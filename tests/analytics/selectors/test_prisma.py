import random

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.prisma.exports import flow_as_json
from analytics.prisma.flow import Flow, FlowError, Included
from analytics.selectors import prisma
from analytics.selectors.prisma import flow_of
from screening.models import Adjudication, DuplicateLink, PreScreenRemoval, RetrievalAttempt, Source
from screening.rules.consensus import Stage, Verdict
from tests import factories
from tests.analytics.selectors.history import History
from tests.laws import examples

pytestmark = pytest.mark.django_db
TITLE, FULL = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


def contents(flow):
    told = flow_as_json(flow)
    return {key: told[key] for key in ("boxes", "in_progress", "set_aside", "sources")}


def judged(record, people, verdict=Verdict.INCLUDE, stage=TITLE, **fields):
    for person in people:
        factories.make_decision(record, person, verdict, stage, **fields)


@settings(
    max_examples=examples(6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_every_identity_holds_after_each_step_and_the_past_can_be_asked_for(
    review, screener, other_screener, seed
):
    with transaction.atomic():
        history = History(review, [screener, other_screener], seed)
        told = []
        for _ in range(5):
            history.import_records()
        for _ in range(18):
            history.step()
            told.append((timezone.now(), contents(flow_of(review=review))))
        for moment, then in random.Random(seed).sample(told, 4):  # noqa: S311
            assert contents(flow_of(review=review, as_of=moment)) == then
        at_last = timezone.now()
        for person in (screener, other_screener):
            now = flow_of(review=review, membership=person)
            again = flow_of(review=review, membership=person, as_of=at_last)
            assert contents(now) == contents(again)
        transaction.set_rollback(True)


def test_a_record_walks_through_the_boxes(review, screener, other_screener):
    people = [screener, other_screener]
    record = factories.make_record(review)
    assert flow_of(review=review).in_progress["records_awaiting"] == {record.pk}

    judged(record, people)
    assert flow_of(review=review).in_progress["dbr_awaiting_retrieval"] == {record.pk}

    report = factories.make_report(record)
    RetrievalAttempt.objects.create(report=report, how="library", outcome="not_retrieved")
    assert flow_of(review=review).boxes["dbr_notretrieved_reports"] == {record.pk}

    RetrievalAttempt.objects.create(report=report, how="author", outcome="retrieved")
    flow = flow_of(review=review)
    assert flow.boxes["dbr_assessed"] == flow.in_progress["dbr_awaiting"] == {record.pk}

    judged(record, people, stage=FULL)
    flow = flow_of(review=review)
    assert flow.boxes["new_reports"] == {record.pk}
    assert flow.in_progress["reports_without_study"] == {record.pk}

    study = factories.make_study(review, report)
    flow = flow_of(review=review)
    assert flow.boxes["new_studies"] == flow.boxes["total_studies"] == {study.pk}
    assert not flow.is_running


def test_an_excluded_report_stands_under_the_rulings_reason(review, screener, other_screener):
    record = factories.make_record(review)
    judged(record, [screener, other_screener])
    task, images = (factories.make_reason(review, label) for label in ("Task", "Images"))
    for person, reason in ((screener, task), (other_screener, images)):
        factories.make_decision(record, person, Verdict.EXCLUDE, FULL, reason=reason)
    assert flow_of(review=review).in_progress["dbr_conflict"] == {record.pk}

    Adjudication.objects.create(
        record=record, stage=FULL, verdict="exclude", reason=images, adjudicator=screener
    )
    flow = flow_of(review=review)
    assert [(one.name, set(one.ids)) for one in flow.databases.reasons] == [("Images", {record.pk})]


def test_a_duplicate_that_was_also_removed_is_counted_once(review, lead):
    record, kept = factories.make_record(review), factories.make_record(review)
    PreScreenRemoval.objects.create(record=record, kind="other", note="n", created_by=lead)
    DuplicateLink.objects.create(review=review, record=record, kept=kept, method="manual")

    flow = flow_of(review=review)
    assert flow.boxes["duplicates"] == {record.pk}
    assert flow.boxes["excluded_other"] == set()
    assert flow.boxes["records_screened"] == {kept.pk}


def test_other_methods_skip_screening_and_tell_what_was_known(review):
    database = factories.make_source(review, kind=Source.Kind.DATABASE)
    website = factories.make_source(review, kind=Source.Kind.WEBSITE, name="A list")
    kept = factories.make_record(review, source=database)
    twin = factories.make_record(review, source=website)
    new = factories.make_record(review, source=website)
    DuplicateLink.objects.create(review=review, record=twin, kept=kept, method="manual")

    flow = flow_of(review=review)
    assert flow.has_other_methods
    assert flow.boxes["website_results"] == {twin.pk, new.pk}
    assert flow.set_aside["other_duplicates"] == {twin.pk}
    assert flow.boxes["other_sought_reports"] == {new.pk}
    assert flow.boxes["records_screened"] == {kept.pk}


def test_a_screener_does_not_learn_of_a_conflict_between_others(review, screener, other_screener):
    third = factories.make_member(review, "screener")
    record = factories.make_record(review)
    factories.make_decision(record, other_screener, Verdict.INCLUDE)
    factories.make_decision(record, third, Verdict.EXCLUDE)

    assert flow_of(review=review).in_progress["records_conflict"] == {record.pk}
    masked = flow_of(review=review, membership=screener)
    assert masked.in_progress["records_conflict"] == set()
    assert masked.in_progress["records_awaiting"] == {record.pk}
    past = flow_of(review=review, membership=screener, as_of=timezone.now())
    assert past.in_progress["records_conflict"] == set()
    party = flow_of(review=review, membership=third)
    assert party.in_progress["records_conflict"] == {record.pk}


def test_another_review_has_no_part_in_it(review):
    elsewhere = factories.make_review()
    factories.make_record(elsewhere)

    assert not any(flow_of(review=review).boxes.values())


def test_the_number_of_queries_does_not_grow(review, screener, django_assert_num_queries):
    for _ in range(3):
        judged(factories.make_record(review), [screener])
    with django_assert_num_queries(15):  # see `_Asked`: each table once, two statuses, two desks
        flow_of(review=review)
    for _ in range(20):
        judged(factories.make_record(review), [screener])
    with django_assert_num_queries(15):
        flow_of(review=review)


def test_a_write_between_two_reads_is_read_again(review, monkeypatch):
    calls = []

    def read(asked):
        calls.append(asked)
        return Flow() if len(calls) > 2 else Flow(included=Included(total_reports=frozenset({1})))

    monkeypatch.setattr(prisma, "_read", read)
    assert flow_of(review=review) == Flow()
    assert len(calls) == 3


def test_what_never_adds_up_is_refused(review, monkeypatch):
    def read(asked):
        return Flow(included=Included(total_reports=frozenset({1})))

    monkeypatch.setattr(prisma, "_read", read)
    with pytest.raises(FlowError, match="I6"):
        flow_of(review=review)
