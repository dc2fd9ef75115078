"""Counts of large reviews rest for a while; everything else is counted at every read."""

import pytest

from screening.rules.consensus import Stage
from screening.selectors import resting
from screening.selectors.counts import queue_counts
from tests import factories

TITLE = Stage.TITLE_ABSTRACT


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    resting.forget()
    yield
    resting.forget()


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(resting, "monotonic", lambda: now[0])
    return now


def test_a_count_rests_twenty_times_as_long_as_it_took(clock):
    def count():
        clock[0] += 2
        return clock[0]

    assert resting.rested("k", count) == 102
    clock[0] += 39.9
    assert resting.rested("k", count) == 102
    clock[0] += 0.2
    assert resting.rested("k", count) > 140


def test_while_one_counts_others_are_told_the_former_count(clock):
    def first():
        clock[0] += 1
        return 1

    def second():
        inner = resting.rested("k", lambda: pytest.fail("counted twice at once"))
        return 10 + inner

    assert resting.rested("k", first) == 1
    clock[0] += 1000
    assert resting.rested("k", second) == 11


def test_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(resting, "MOST_KEPT", 3)
    for number in range(10):
        resting.rested(number, lambda: 1)
    assert len(resting._told) <= 3


def test_my_own_verdicts_are_counted_anew_in_a_large_review(
    review, screener, other_screener, monkeypatch, clock
):
    monkeypatch.setattr(resting, "LARGE", 1)
    monkeypatch.setattr(resting, "monotonic", iter(range(10**6)).__next__)
    records = [factories.make_record(review) for _ in range(3)]
    assert queue_counts(membership=screener, stage=TITLE).total == 3
    factories.make_decision(records[0], screener, "maybe")
    factories.make_decision(records[0], other_screener)
    told = queue_counts(membership=screener, stage=TITLE)
    assert (told.decided, told.maybes, told.settled) == (1, 1, 0)
    exact = queue_counts(membership=screener, stage=TITLE, is_exact=True)
    assert (exact.to_decide, exact.settled, exact.awaiting_other) == (2, 1, 0)
