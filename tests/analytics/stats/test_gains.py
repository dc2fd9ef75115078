"""Gains: what they are, which way they point, and when they are refused."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.stats.gains import RefusedError, gain, with_gains

scores = st.floats(min_value=0.01, max_value=0.99)


def frame(**changes):
    row = {
        "arm_value": 0.9,
        "other_value": 0.8,
        "scale": "share",
        "ceiling": 1.0,
        "lower_is_better": False,
        "value_problem": "",
        "comparator_problem": "",
    }
    return pd.DataFrame([row | changes])


def test_halving_the_error_is_a_small_relative_gain_and_a_large_error_reduction():
    found = gain(0.995, 0.99)
    assert found.relative == pytest.approx(0.505, abs=1e-3)
    assert found.error_reduction == pytest.approx(50)


def test_a_lower_error_rate_is_a_gain():
    found = gain(0.1, 0.2, lower_is_better=True, ceiling=0.0)
    assert (found.absolute, found.relative, found.error_reduction) == pytest.approx((10, 50, 50))


def test_a_score_without_a_bound_has_no_error_reduction_and_keeps_its_unit():
    found = gain(8.0, 10.0, lower_is_better=True, ceiling=None, is_share=False)
    assert (found.absolute, found.relative, found.error_reduction) == (2.0, 20.0, None)


def test_a_perfect_comparator_leaves_no_error_to_reduce():
    assert gain(0.9, 1.0).error_reduction is None


def test_a_score_of_zero_has_no_log_ratio():
    assert gain(0.0, 0.5).log_ratio is None


@pytest.mark.parametrize("other", [0.0, -0.1])
def test_a_comparator_that_is_not_above_zero_is_refused(other):
    with pytest.raises(RefusedError, match="not greater than 0"):
        gain(0.9, other)


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(RefusedError, match="not both numbers"):
        gain(math.nan, 0.9)


@given(scores, scores)
def test_exp_of_the_log_ratio_is_the_relative_gain(arm, other):
    found = gain(arm, other)
    assert 100 * (math.exp(found.log_ratio) - 1) == pytest.approx(found.relative, abs=1e-9)


@given(scores, scores, st.booleans())
def test_swapping_the_arms_turns_the_sign(arm, other, lower):
    here = gain(arm, other, lower_is_better=lower)
    there = gain(other, arm, lower_is_better=lower)
    assert here.log_ratio == pytest.approx(-there.log_ratio)
    assert here.absolute == pytest.approx(-there.absolute)


def test_the_frame_gets_its_gains():
    row = with_gains(frame()).iloc[0]
    assert row[["absolute_gain", "relative_gain", "error_reduction"]].tolist() == pytest.approx(
        [10, 12.5, 50]
    )
    assert row["refused_reason"] == ""


def test_the_frame_tells_why_a_gain_is_refused():
    frames = [
        frame(value_problem="the control value is not reported", other_value=None),
        frame(comparator_problem="the comparator is another method (X)"),
        frame(other_value=0.0),
    ]
    found = with_gains(pd.concat(frames, ignore_index=True))
    assert found["refused_reason"].tolist() == [
        "the control value is not reported",
        "the comparator is another method (X)",
        "the comparator's value 0 is not greater than 0",
    ]
    assert found["relative_gain"].isna().all()


def test_an_empty_frame_stays_empty():
    assert with_gains(frame().iloc[:0]).empty


def test_a_frame_without_its_columns_is_refused():
    with pytest.raises(ValueError, match="no column"):
        with_gains(pd.DataFrame({"arm_value": [1.0]}))
