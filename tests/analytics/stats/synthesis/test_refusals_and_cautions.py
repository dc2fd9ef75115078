"""What is refused, and what a reader is warned of."""

import math

import numpy as np
import pytest

from analytics.stats.synthesis import errors
from analytics.stats.synthesis.cautions import Setting, cautions, may_pool, may_test_asymmetry
from analytics.stats.synthesis.effects import log_risk_ratio, make_effects
from analytics.stats.synthesis.heterogeneity import tau2_reml, typical_variance
from analytics.stats.synthesis.linear import intercept, solve_decreasing, weighted_fit
from analytics.stats.synthesis.multilevel import pool_three_level
from analytics.stats.synthesis.pooling import pool, reference
from analytics.stats.synthesis.robust import egger, pool_robust

TWO = make_effects([0.1, 0.3], [0.1, 0.2])
ONE = make_effects([0.1], [0.1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: make_effects([0.1], [0.1, 0.2]), "two equal columns"),
        (lambda: make_effects([], []), "two equal columns"),
        (lambda: make_effects([math.nan], [0.1]), "nan is not a number"),
        (lambda: make_effects([0.1], [0.0]), "must be greater than 0"),
        (lambda: make_effects([0.1], [0.1], ["a", "b"]), "2 clusters"),
        (lambda: log_risk_ratio(0, 10, 1, 10), "greater than 0"),
        (lambda: pool(ONE), "1 effect cannot be pooled"),
        (lambda: pool(TWO, level=1.5), "level 1.5"),
        (lambda: pool_robust(make_effects([1, 2], [1, 1], ["a", "a"]), 0), "1 cluster"),
        (lambda: pool_three_level(TWO), "no third level"),
        (lambda: egger(TWO), "needs 3 effects"),
        (lambda: weighted_fit(TWO, intercept(3), 0), "does not fit"),
        (lambda: typical_variance(ONE), "no heterogeneity"),
        (lambda: tau2_reml(ONE), "does not fit"),
        (lambda: solve_decreasing(lambda x: 1.0, 1.0), "no upper end"),
        (lambda: errors.se_auroc(1.2, 5, 5), "AUROC 1.2"),
        (lambda: errors.se_auroc(0.8, 0, 5), "0 positives"),
        (lambda: errors.se_proportion(-0.1, 5), "share -0.1"),
        (lambda: errors.se_proportion(0.1, 0), "0 cases"),
        (lambda: errors.se_from_interval(0.9, 0.8), "turned around"),
        (lambda: errors.log_ratio_variance(0, 0.1, 1, 0.1), "greater than 0"),
        (lambda: errors.log_ratio_variance(1, 0.1, 1, 0.1, 2), "correlation 2"),
        (lambda: errors.wilson_interval(3, 2), "3 of 2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_value_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_standard_errors_of_shares_and_intervals():
    assert errors.se_proportion(0.8, 100) == pytest.approx(0.04)
    assert errors.se_from_interval(0.061, 0.130) == pytest.approx(0.0176, abs=1e-4)


def test_paired_errors_make_the_log_ratio_more_precise():
    alone = errors.log_ratio_variance(0.9, 0.02, 0.8, 0.02)
    paired = errors.log_ratio_variance(0.9, 0.02, 0.8, 0.02, 0.5)
    assert alone == pytest.approx((0.02 / 0.9) ** 2 + (0.02 / 0.8) ** 2)
    assert paired < alone


def test_a_value_without_error_has_no_spread_of_its_p_value():
    assert reference(0.0, 0.0, None, 0.95)[1] == 1.0
    assert reference(0.2, 0.0, 3, 0.95)[1] == 0.0


def test_equal_effects_pool_to_themselves_without_error():
    found = pool(make_effects([0.2, 0.2, 0.2], [0.1, 0.1, 0.1]))
    assert (found.estimate, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))


def test_one_study_is_not_pooled_and_nine_effects_are_not_tested_for_asymmetry():
    assert not may_pool(make_effects([0.1, 0.2], [0.1, 0.1], ["a", "a"]))
    assert may_pool(TWO)
    assert not may_test_asymmetry(make_effects(np.zeros(9), np.ones(9)))
    assert may_test_asymmetry(make_effects(np.zeros(10), np.ones(10)))


def test_a_reader_is_warned_of_everything_that_weakens_a_pooled_value():
    effects = make_effects([0.02, 0.9, 0.5, 0.45], [0.0001, 1.0, 0.5, 0.5], ["a", "b", "c", "c"])
    setting = Setting(["AUROC", "F1", "F1", "F1"], ["X", "", "X", "X"], [0.5, 0.8, 0.8, 0.8], 0.5)
    said = " ".join(cautions(effects, pool(effects), setting))
    for words in (
        "Mixed metrics: AUROC, F1",
        "Only 4 effects",
        "4 effects come from 3 studies",
        "share a data set",
        "% of the weight",
        "r = 0.5",
        "at or below chance",
    ):
        assert words in said


def test_wide_predictions_and_high_heterogeneity_are_said():
    effects = make_effects([0.05, 0.1, 0.6, 0.7, 0.5, 0.9], np.full(6, 0.001))
    said = " ".join(cautions(effects, pool(effects), Setting()))
    assert "I²" in said
    assert "The prediction interval crosses no difference" in said


def test_clean_effects_need_no_warning():
    effects = make_effects([0.1, 0.12, 0.11, 0.1, 0.13], np.full(5, 0.01))
    assert cautions(effects, pool(effects), Setting(datasets=["a", "b", "c", "d", "e"])) == []
