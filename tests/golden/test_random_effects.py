"""Published worked examples of random-effects synthesis.

Sources: README and test suite of the R package metafor (Viechtbauer 2010, J Stat Softw 36(3)):
dat.bcg (13 trials, log risk ratio) and dat.konstantopoulos2011 (56 effects in 11 districts).
"""

import numpy as np
import pytest

from analytics.stats.synthesis.effects import Effects, log_risk_ratio, make_effects
from analytics.stats.synthesis.heterogeneity import tau2_reml
from analytics.stats.synthesis.multilevel import pool_three_level
from analytics.stats.synthesis.pooling import Estimator, Inference, pool
from analytics.stats.synthesis.robust import Correction, egger, pool_robust

CLOSE = 5e-5
BCG = (
    "4,119,11,128; 6,300,29,274; 3,228,11,209; 62,13536,248,12619; 33,5036,47,5761; "
    "180,1361,372,1079; 8,2537,10,619; 505,87886,499,87892; 29,7470,45,7232; 17,1699,65,1600; "
    "186,50448,141,27197; 5,2493,3,2338; 27,16886,29,17825"
)
DISTRICTS = {
    11: "-.18 .118 -.22 .118 .23 .144 -.30 .144",
    12: ".13 .014 -.26 .014 .19 .015 .32 .024",
    18: ".45 .023 .38 .043 .29 .012",
    27: ".16 .020 .65 .004 .36 .004 .60 .007",
    56: ".08 .019 .04 .007 .19 .005 -.06 .004",
    58: "-.18 .020 0 .018 0 .019 -.28 .022 -.04 .020 -.30 .021 .07 .006 0 .007 .05 .007 "
    "-.08 .007 -.09 .007",
    71: ".30 .015 .98 .011 1.19 .010",
    86: "-.07 .001 -.05 .001 -.01 .001 .02 .001 -.03 .001 0 .001 .01 .001 -.10 .001",
    91: ".50 .010 .66 .011 .20 .010 0 .009 .05 .013 .07 .013",
    108: "-.52 .031 .70 .031 -.03 .030 .27 .030 -.34 .030",
    644: ".12 .087 .61 .082 .04 .067 -.05 .067",
}


@pytest.fixture(scope="module")
def bcg() -> Effects:
    pairs = [log_risk_ratio(*map(int, trial.split(","))) for trial in BCG.split(";")]
    return make_effects([y for y, _ in pairs], [v for _, v in pairs])


@pytest.fixture(scope="module")
def districts() -> Effects:
    yi, vi, names = [], [], []
    for name, text in DISTRICTS.items():
        numbers = [float(word) for word in text.split()]
        yi += numbers[::2]
        vi += numbers[1::2]
        names += [name] * (len(numbers) // 2)
    return make_effects(yi, vi, names)


def test_the_first_log_risk_ratio_and_its_variance(bcg):
    assert (bcg.yi[0], bcg.vi[0]) == pytest.approx((-0.8893, 0.3256), abs=CLOSE)


def test_the_common_effect(bcg):
    found = pool(bcg, Estimator.COMMON, Inference.WALD)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (-0.4303, -0.5097, -0.3509), abs=CLOSE
    )
    assert (found.statistic, found.q) == pytest.approx((-10.6247, 152.2330), abs=CLOSE)
    assert found.prediction is None


def test_dersimonian_laird(bcg):
    found = pool(bcg, Estimator.DERSIMONIAN_LAIRD, Inference.WALD)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (-0.7141, -1.0644, -0.3638), abs=CLOSE
    )
    assert (found.tau2, found.i2, found.h2) == pytest.approx((0.3088, 92.1173, 12.6861), abs=CLOSE)
    assert found.tau2_interval == pytest.approx((0.1197, 1.1115), abs=CLOSE)


def test_reml_with_wald_interval(bcg):
    found = pool(bcg, Estimator.REML, Inference.WALD)
    assert (found.estimate, found.se, found.low, found.high) == pytest.approx(
        (-0.7145, 0.1798, -1.0669, -0.3622), abs=CLOSE
    )
    assert found.tau2 == pytest.approx(0.3132, abs=CLOSE)
    assert (found.i2, found.h2) == pytest.approx((92.22, 12.86), abs=5e-3)
    assert found.prediction == pytest.approx((-1.8667, 0.4376), abs=CLOSE)


def test_reml_with_hartung_knapp(bcg):
    found = pool(bcg, Estimator.REML, Inference.HARTUNG_KNAPP)
    assert (found.se, found.statistic, found.df) == pytest.approx((0.1808, -3.9522, 12), abs=CLOSE)
    assert (found.p, found.low, found.high) == pytest.approx((0.0019, -1.1084, -0.3206), abs=CLOSE)
    ratios = np.exp([found.estimate, found.low, found.high, *(found.prediction or ())])
    assert ratios == pytest.approx([0.49, 0.33, 0.73, 0.14, 1.76], abs=5e-3)


def test_paule_mandel(bcg):
    found = pool(bcg, Estimator.PAULE_MANDEL, Inference.WALD)
    assert (found.estimate, found.se, found.tau2) == pytest.approx(
        (-0.7150, 0.1809, 0.3181), abs=CLOSE
    )


@pytest.mark.parametrize(
    ("correction", "variance"),
    [
        (Correction.CR0, 0.029636),
        (Correction.CR1, 0.032106),
        (Correction.CR2, 0.03229357),
    ],
)
def test_cluster_robust_variance_with_each_trial_its_own_cluster(bcg, correction, variance):
    found = pool_robust(bcg, tau2_reml(bcg), correction)
    assert found.variance == pytest.approx(variance, abs=5e-7)


def test_cluster_robust_test_and_prediction_interval(bcg):
    found = pool_robust(bcg, tau2_reml(bcg), Correction.CR1)
    assert found.statistic == pytest.approx(-3.98776, abs=5e-6)
    assert np.exp(found.prediction) == pytest.approx([0.1360214, 1.7609930], abs=5e-7)


def test_egger_with_a_between_effects_variance(bcg):
    design = np.column_stack([np.ones(bcg.k), np.sqrt(bcg.vi)])
    found = egger(bcg, tau2_reml(bcg, design))
    assert (found.statistic, found.df, found.p, found.limit) == pytest.approx(
        (-0.7812, 11, 0.4512, -0.5104), abs=CLOSE
    )


def test_egger_in_the_classical_form(bcg):
    found = egger(bcg)
    assert (found.statistic, found.p) == pytest.approx((-1.4013, 0.1887), abs=CLOSE)


def test_three_level_reml(districts):
    found = pool_three_level(districts)
    assert (found.estimate, found.se) == pytest.approx((0.1847, 0.0846), abs=CLOSE)
    assert (found.sigma2_between, found.sigma2_within) == pytest.approx((0.0651, 0.0327), abs=CLOSE)
    assert found.log_likelihood == pytest.approx(-7.9587, abs=CLOSE)
    assert (found.k, found.studies) == (56, 11)


def test_two_level_reml_of_the_same_effects(districts):
    found = pool(districts, Estimator.REML, Inference.WALD)
    assert (found.estimate, found.se, found.tau2) == pytest.approx((0.128, 0.044, 0.088), abs=5e-4)
    assert found.tau2_interval == pytest.approx((0.056, 0.139), abs=5e-4)
