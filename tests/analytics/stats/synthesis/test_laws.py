"""Laws that hold for any effects, and statsmodels as an oracle."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from analytics.stats.synthesis.effects import Effects, make_effects
from analytics.stats.synthesis.heterogeneity import (
    restricted_log_likelihood,
    tau2_paule_mandel,
    tau2_reml,
)
from analytics.stats.synthesis.linear import intercept, residual_q
from analytics.stats.synthesis.multilevel import pool_three_level
from analytics.stats.synthesis.pooling import Estimator, Inference, pool
from analytics.stats.synthesis.robust import Correction, pool_robust

pairs = st.lists(
    st.tuples(
        st.floats(min_value=-2, max_value=2).map(lambda x: round(x, 6)),
        st.floats(min_value=0.01, max_value=1),
    ),
    min_size=3,
    max_size=12,
)
estimators = st.sampled_from(list(Estimator))


def effects_of(rows) -> Effects:
    return make_effects([y for y, _ in rows], [v for _, v in rows])


@settings(max_examples=15, deadline=None)
@given(pairs, estimators, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, estimator, random):
    mixed = list(rows)
    random.shuffle(mixed)
    here, there = pool(effects_of(rows), estimator), pool(effects_of(mixed), estimator)
    assert here.estimate == pytest.approx(there.estimate, abs=1e-6)
    assert here.tau2 == pytest.approx(there.tau2, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(pairs, estimators, st.floats(min_value=-3, max_value=3))
def test_a_constant_added_to_all_effects_shifts_the_pooled_value(rows, estimator, constant):
    moved = [(y + constant, v) for y, v in rows]
    here, there = pool(effects_of(rows), estimator), pool(effects_of(moved), estimator)
    assert there.estimate == pytest.approx(here.estimate + constant, abs=1e-6)
    assert there.se == pytest.approx(here.se, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(pairs)
def test_turning_all_signs_turns_the_pooled_value(rows):
    turned = [(-y, v) for y, v in rows]
    assert pool(effects_of(turned)).estimate == pytest.approx(
        -pool(effects_of(rows)).estimate, abs=1e-6
    )


@pytest.mark.parametrize("estimator", list(Estimator))
def test_without_heterogeneity_every_estimator_gives_the_common_effect(estimator):
    same = make_effects([0.2, 0.21, 0.19, 0.2], [0.1, 0.2, 0.15, 0.1])
    found = pool(same, estimator, Inference.WALD)
    common = pool(same, Estimator.COMMON, Inference.WALD)
    assert found.tau2 == 0
    assert (found.estimate, found.se) == pytest.approx((common.estimate, common.se))


@settings(max_examples=15, deadline=None)
@given(pairs)
def test_statsmodels_agrees_on_dersimonian_laird(rows):
    effects = effects_of(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chi2 = combine_effects(effects.yi, effects.vi, method_re="chi2")
    found = pool(effects, Estimator.DERSIMONIAN_LAIRD, Inference.WALD)
    assert found.tau2 == pytest.approx(max(0, chi2.tau2), abs=1e-8)
    assert found.q == pytest.approx(chi2.q, rel=1e-8)
    if chi2.tau2 > 0:
        assert found.estimate == pytest.approx(chi2.mean_effect_re, abs=1e-8)
        assert found.se == pytest.approx(chi2.sd_eff_w_re, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(pairs)
def test_paule_mandel_brings_q_to_its_degrees_of_freedom(rows):
    effects = effects_of(rows)
    design = intercept(effects.k)
    tau2 = tau2_paule_mandel(effects)
    if tau2 > 0:
        assert residual_q(effects, design, tau2) == pytest.approx(effects.k - 1, abs=1e-6)
    else:
        assert residual_q(effects, design, 0.0) <= effects.k - 1


@settings(max_examples=15, deadline=None)
@given(pairs)
def test_reml_is_the_top_of_the_restricted_likelihood(rows):
    effects = effects_of(rows)

    def likelihood(tau2):
        return restricted_log_likelihood(effects, intercept(effects.k), tau2)

    tau2 = tau2_reml(effects)
    for near in (tau2 * 0.99, tau2 * 1.01 + 1e-4):
        assert likelihood(tau2) >= likelihood(near) - 1e-9


def test_reml_settles_where_the_scoring_swings_to_and_fro():
    effects = make_effects([0.0, 0.0, 1.982422], [0.046875, 0.044921875, 0.7200743606929078])
    tau2 = tau2_reml(effects)
    best = restricted_log_likelihood(effects, intercept(3), tau2)
    for other in np.geomspace(1e-6, 10, 400):
        assert best >= restricted_log_likelihood(effects, intercept(3), float(other)) - 1e-9


def test_copies_inside_a_study_do_not_make_the_robust_error_smaller():
    yi, vi = [0.1, 0.4, 0.3, 0.6], [0.05, 0.05, 0.05, 0.05]
    single = pool_robust(make_effects(yi, vi), 0.0, Correction.CR0)
    names = [name for name in "abcd" for _ in range(5)]
    doubled = make_effects(np.repeat(yi, 5), np.repeat(vi, 5), names)
    copied = pool_robust(doubled, 0.0, Correction.CR0)
    assert copied.variance == pytest.approx(single.variance)
    assert copied.studies == 4


def test_bias_reduction_widens_the_error_of_clustered_effects():
    names = [name for name in "abcd" for _ in range(3)]
    effects = make_effects(np.linspace(-1, 1, 12) ** 3, np.linspace(0.05, 0.3, 12), names)
    crude = pool_robust(effects, 0.1, Correction.CR0).variance
    assert pool_robust(effects, 0.1, Correction.CR2).variance > crude


def test_three_levels_with_nothing_between_studies_are_two():
    rng = np.random.default_rng(4)
    within = rng.normal(0, 0.5, 40)
    names = list(range(10)) * 4
    centred = within - np.array([within[np.array(names) == n].mean() for n in names])
    effects = make_effects(centred, np.full(40, 0.02), names)
    found = pool_three_level(effects)
    assert found.sigma2_between == 0
    assert found.estimate == pytest.approx(0, abs=1e-9)
