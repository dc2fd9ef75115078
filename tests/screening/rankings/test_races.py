"""Several at the same moment, with real connections: verdicts, an import, a stop, trainings."""

from functools import partial

import pytest
from django.db import connection

from screening.models import Decision, PreScreenRemoval, Ranking
from screening.rules.consensus import Stage, Verdict
from screening.selectors.rankings import memory
from screening.selectors.rankings.marks import scope_of
from screening.selectors.stages import settings_of
from screening.services.decisions import Answer, record_decision
from screening.services.leases import hand_out
from screening.services.rankings import freshness, training
from screening.services.rankings.freshness import fresh_ranking
from screening.services.rankings.preparing import prepare_vectors
from screening.services.rankings.stops import stop_screening
from screening.services.rankings.turns import give_back, take_turn
from tests import factories
from tests.screening.rankings.test_order import teach, truth
from tests.screening.rankings.test_stops import both_decide
from tests.screening.services.test_races import at_once, real_connections

__all__ = ["real_connections"]  # a fixture that every test here has

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def review(transactional_db):
    return factories.make_review(slug="ssl", title="Self-supervised learning")


def screen(member, records, number):
    by_id = {record.pk: record for record in records}
    for _ in range(number):
        record = hand_out(membership=member, stage=TITLE)
        answer = Answer(verdict=truth(by_id[record.pk]) if record.pk in by_id else "include")
        record_decision(membership=member, record_id=record.pk, stage=TITLE, answer=answer)


def test_two_screen_while_records_come_in_and_both_orders_know_all_at_the_end(
    settings, review, by_relevance, records, screener, other_screener
):
    settings.RANKING_IN_BACKGROUND = True
    source = records[0].source

    def import_more():
        for number in range(3):
            factories.make_record(review, source=source, title=f"Contrastive anew {number}")
            prepare_vectors(review=review)

    for member in (screener, other_screener):
        teach(member, records)
    known = list(records)
    results = at_once(
        partial(screen, screener, known, 6), partial(screen, other_screener, known, 6), import_more
    )
    assert results == [None, None, None]
    stage = settings_of(review, TITLE)
    for member in (screener, other_screener):
        ranked = fresh_ranking(membership=member, settings=stage, is_ahead=True)
        assert ranked.order.examples == Decision.objects.current().filter(reviewer=member).count()
        assert len(ranked.order.ids) == 63


def test_wishes_made_while_one_is_trained_lead_to_one_more(
    settings, review, by_relevance, records, screener
):
    settings.RANKING_IN_BACKGROUND = True
    teach(screener, records)
    stage = settings_of(review, TITLE)
    wish = partial(fresh_ranking, membership=screener, settings=stage, is_ahead=True)
    found = at_once(*[wish] * 6)
    assert {one.order.examples for one in found} == {8}
    assert Ranking.objects.count() == 1


def test_of_many_processes_one_trains(review, by_relevance, records, screener):
    scope = scope_of(screener, by_relevance)
    found = at_once(*[partial(take_turn, scope)] * 6)
    assert len([one for one in found if one]) == 1


def test_a_wish_outlasts_another_processs_training_and_no_transaction_is_open_in_its_own(
    settings, by_relevance, records, screener, monkeypatch
):
    settings.RANKING_IN_BACKGROUND = True
    order_of, is_open = training.order_of, []

    def noted(*given):
        is_open.append(connection.in_atomic_block)
        return order_of(*given)

    monkeypatch.setattr(training, "order_of", noted)
    monkeypatch.setattr(freshness, "FIRST_WAITS", 0.1)
    teach(screener, records)
    stage, scope = settings_of(screener.review, TITLE), scope_of(screener, by_relevance)
    other = take_turn(scope)
    assert fresh_ranking(membership=screener, settings=stage) is None
    give_back(scope, other)
    monkeypatch.setattr(freshness, "FIRST_WAITS", 5.0)
    assert fresh_ranking(membership=screener, settings=stage).order.examples == 8
    assert is_open == [False]


def test_a_verdict_given_while_the_lead_stops_is_never_on_a_removed_record(
    review, by_relevance, records, screener, other_screener, lead
):
    both_decide((screener, other_screener), records[:8])

    def decide_one(record):
        answer = Answer(verdict=Verdict.EXCLUDE)
        record_decision(membership=screener, record_id=record.pk, stage=TITLE, answer=answer)

    works = [partial(decide_one, record) for record in records[30:36]]
    at_once(*works[:3], partial(stop_screening, lead=lead, note="Protocol."), *works[3:])
    removed = set(PreScreenRemoval.objects.values_list("record", flat=True))
    decided = set(Decision.objects.values_list("record", flat=True))
    assert removed
    assert not removed & decided
    memory.forget()
