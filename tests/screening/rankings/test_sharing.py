"""Several web processes and one model: one trains it, the others take it up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.models import Ranking, SharedTraining
from screening.ranking.explaining import explain
from screening.rules.consensus import Stage
from screening.selectors.rankings import memory
from screening.selectors.rankings.marks import scope_of
from screening.services.rankings import training
from screening.services.rankings.freshness import fresh_ranking
from screening.services.rankings.turns import TURN, give_back, publish, take_turn
from tests.screening.rankings.test_order import teach

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture
def taught(by_relevance, records, screener):
    teach(screener, records)
    return screener


@pytest.fixture
def trainings(monkeypatch):
    """What was trained on, each time."""
    calls = []
    order_of = training.order_of

    def counted(*given):
        calls.append(given)
        return order_of(*given)

    monkeypatch.setattr(training, "order_of", counted)
    return calls


def in_another_process(member, settings):
    """The order as a process finds it that remembers nothing."""
    memory.forget()
    return fresh_ranking(membership=member, settings=settings)


def test_another_process_takes_up_what_was_trained(by_relevance, taught, records, trainings):
    first = fresh_ranking(membership=taught, settings=by_relevance)
    second = in_another_process(taught, by_relevance)
    assert len(trainings) == 1
    assert second.order.ids.tolist() == first.order.ids.tolist()
    assert second.ranking_id == first.ranking_id == Ranking.objects.get().pk
    assert second.order.examples == 8
    vectors = memory.vectors_of(second.marks.vectors_id)
    assert explain(vectors, second.order.model, records[20].pk) == explain(
        vectors, first.order.model, records[20].pk
    )


def test_another_process_takes_up_the_order_of_the_question(by_relevance, screener, trainings):
    first = fresh_ranking(membership=screener, settings=by_relevance)
    second = in_another_process(screener, by_relevance)
    assert len(trainings) == 1
    assert second.order.order_digest == first.order.order_digest


def test_what_was_trained_on_less_is_not_taken_up(by_relevance, taught, records, trainings):
    fresh_ranking(membership=taught, settings=by_relevance)
    teach(taught, records[8:], 1)
    assert in_another_process(taught, by_relevance).order.examples == 9
    assert len(trainings) == 2


def test_what_comes_out_otherwise_here_is_trained_here(by_relevance, taught, trainings):
    fresh_ranking(membership=taught, settings=by_relevance)
    Ranking.objects.update(order_digest="0" * 64)
    assert in_another_process(taught, by_relevance).order.examples == 8
    assert len(trainings) == 2


def test_while_another_process_trains_nobody_else_does_and_a_killed_one_is_followed(
    by_relevance, taught, trainings
):
    assert take_turn(scope_of(taught, by_relevance))
    assert fresh_ranking(membership=taught, settings=by_relevance) is None
    assert trainings == []
    SharedTraining.objects.update(turn_ends_at=timezone.now() - timedelta(seconds=1))
    assert fresh_ranking(membership=taught, settings=by_relevance).order.examples == 8


def test_a_training_that_fails_gives_its_turn_back(by_relevance, taught, monkeypatch):
    def fail(*_):
        raise ValueError("no minimum")

    monkeypatch.setattr(training, "order_of", fail)
    with pytest.raises(ValueError, match="no minimum"):
        fresh_ranking(membership=taught, settings=by_relevance)
    assert take_turn(scope_of(taught, by_relevance))


def test_whoever_comes_after_the_end_of_its_turn_publishes_nothing(by_relevance, taught):
    scope = scope_of(taught, by_relevance)
    late = take_turn(scope)
    SharedTraining.objects.update(turn_ends_at=timezone.now() - TURN)
    assert take_turn(scope)
    ranking = fresh_ranking(membership=taught, settings=by_relevance)
    publish(scope, late, marks="late", ranking_id=0, learnt=b"late")
    give_back(scope, late)
    kept = SharedTraining.objects.get()
    assert ranking is None
    assert kept.marks == ""
    assert kept.trainer
