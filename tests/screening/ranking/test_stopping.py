"""The stopping test: scipy's distribution as oracle, laws, and what is never said."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from screening.ranking.stopping import (
    ALPHA,
    recall_curve,
    recall_p_value,
    stopping_state,
    words_on_a_run,
)

LABELS = st.lists(st.booleans(), min_size=1, max_size=60)
TARGETS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


def by_every_draw(labels, total, target):
    """The test as the paper states it: every draw of the last 1, 2, ... records."""
    found, values = sum(labels), []
    for drawn in range(1, len(labels) + 1):
        among = sum(labels[-drawn:])
        before = found - among
        population = total - len(labels) + drawn
        too_few = int(np.floor(found / target - before + 1))
        if too_few > population:
            return 0.0
        values.append(hypergeom.cdf(among, population, too_few, drawn))
    return min(values)


@given(labels=LABELS, more=st.integers(0, 200), target=TARGETS)
def test_p_is_the_smallest_over_every_draw(labels, more, target):
    total = len(labels) + more

    assert recall_p_value(labels, total, target) == pytest.approx(
        by_every_draw(labels, total, target), abs=1e-9
    )


@given(labels=LABELS, more=st.integers(1, 200), target=TARGETS)
def test_another_irrelevant_record_never_weakens_the_evidence(labels, more, target):
    total = len(labels) + more

    assert (
        recall_p_value([*labels, False], total, target)
        <= recall_p_value(labels, total, target) + 1e-12
    )


@given(labels=LABELS, more=st.integers(0, 200))
def test_a_higher_target_is_harder(labels, more):
    tests = stopping_state(labels, len(labels) + more).tests

    values = [test.p for test in tests]
    assert all(low <= high + 1e-9 for low, high in pairwise(values))


@given(labels=LABELS, more=st.integers(0, 300), target=TARGETS)
def test_the_run_that_is_still_needed_is_just_enough(labels, more, target):
    assume(any(labels))
    total = len(labels) + more

    test = stopping_state(labels, total, targets=[target]).tests[0]

    needed = test.more_irrelevant
    assert (needed == 0) == test.is_reached
    assert recall_p_value([*labels, *[False] * needed], total, target) < ALPHA
    if needed:
        assert recall_p_value([*labels, *[False] * (needed - 1)], total, target) >= ALPHA


@given(labels=LABELS, more=st.integers(0, 200))
def test_the_bound_on_the_missed_ones_agrees_with_the_tests(labels, more):
    assume(any(labels))

    state = stopping_state(labels, len(labels) + more)

    assert 0 <= state.missed_at_most <= state.left
    for test in state.tests:
        assert test.is_reached == (state.recall_at_least >= test.target - 1e-9)


def test_a_state_counts_what_was_screened():
    state = stopping_state([True, False, True, False, False], 9)

    assert (state.screened, state.found, state.left) == (5, 2, 4)
    assert state.irrelevant_in_a_row == 2
    assert state.recall_at_least == pytest.approx(2 / (2 + state.missed_at_most))


@pytest.mark.parametrize("labels", [[], [False] * 990])
def test_nothing_found_yet_is_never_a_reason_to_stop(labels):
    state = stopping_state(labels, 1_000)

    assert not any(test.is_reached for test in state.tests)
    assert all(test.more_irrelevant is None for test in state.tests)
    assert state.recall_at_least is None
    assert state.missed_at_most == state.left


def test_when_all_were_screened_every_target_is_reached():
    state = stopping_state([True, False], 2)

    assert all(test.is_reached for test in state.tests)
    assert (state.missed_at_most, state.recall_at_least) == (0, 1)


def test_a_long_screening_is_answered_exactly_too():
    labels = np.arange(6_000) < 3_000
    labels[::7] = ~labels[::7]
    found, total = int(labels.sum()), 7_000
    drawn = np.append(np.arange(6_000)[labels[::-1]], 6_000)
    among = np.arange(found + 1)
    too_few = np.floor(found / 0.9 - found + 1) + among

    expected = hypergeom.cdf(among, 1_000 + drawn, too_few, drawn).min()

    assert 0 < expected < 1
    assert recall_p_value(labels, total, 0.9) == pytest.approx(expected, rel=1e-6)


def test_the_recall_curve_counts_from_nothing():
    assert recall_curve([True, False, True]).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize(("run", "said"), [(1, "1 irrelevant record."), (50, "50 irrelevant")])
def test_a_run_is_called_no_evidence(run, said):
    assert words_on_a_run(run).startswith(said)
    assert "no evidence" in words_on_a_run(run)


def test_more_labels_than_records_and_targets_beyond_the_whole_are_refused():
    with pytest.raises(ValueError, match="3 records were screened of 2"):
        stopping_state([True, False, False], 2)
    for target in (0, 1, 1.2):
        with pytest.raises(ValueError, match="must be between 0 and 1"):
            recall_p_value([True, False], 5, target)
