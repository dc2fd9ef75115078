"""The published examples again, this time as the figures say them (metafor, see the neighbours)."""

import numpy as np
import pandas as pd
import pytest

from analytics.figures.forest import forest
from analytics.figures.funnel import asymmetry_of, funnel
from analytics.figures.model import Wording
from analytics.figures.pooling import syntheses
from analytics.stats.synthesis.effects import log_risk_ratio, make_effects
from analytics.stats.synthesis.multilevel import level_weights, pool_three_level
from extraction.schema.comparison import Dependence, SynthesisPolicy
from tests.golden.test_random_effects import BCG, DISTRICTS

CLOSE = 5e-5
WORDS = Wording(arm="vaccine", comparator="no vaccine")
ONE, THREE = (SynthesisPolicy(dependence=one) for one in Dependence)


def frame_of(yi, vi, names, *, role="full"):
    frame = pd.DataFrame({"study_id": names, "log_ratio": yi, "log_variance": vi})
    texts = ("fraction", "arm_typed", "other_typed", "arm_spread", "status", "refused_reason")
    same = dict.fromkeys(texts, "") | {"metric": "risk", "group": "g", "error_family": "none"}
    same |= {"role": role, "error_basis": "table", "other_value": 0.5, "dataset": "", "task": "t"}
    return frame.assign(
        **same,
        study=[f"Study {one}" for one in names],
        relative_gain=100 * np.expm1(frame["log_ratio"]),
        absolute_gain=0.0,
        difference_variance=np.nan,
        link=[f"/{one}/" for one in names],
    )


@pytest.fixture(scope="module")
def bcg():
    pairs = [log_risk_ratio(*map(int, trial.split(","))) for trial in BCG.split(";")]
    return frame_of([y for y, _ in pairs], [v for _, v in pairs], range(1, 14))


@pytest.fixture(scope="module")
def districts():
    yi, vi, names = [], [], []
    for name, text in DISTRICTS.items():
        numbers = [float(word) for word in text.split()]
        yi += numbers[::2]
        vi += numbers[1::2]
        names += [name] * (len(numbers) // 2)
    return frame_of(yi, vi, names, role="other")


def test_the_forest_says_what_metafor_says(bcg):
    """REML with Hartung-Knapp: exp 0.49 [0.33, 0.73], t -3.9522, prediction 0.14 to 1.76."""
    (found,) = syntheses(bcg, ONE)
    assert found.pooled.estimate == pytest.approx(-0.7145, abs=CLOSE)
    assert (found.pooled.low, found.pooled.high) == pytest.approx((-1.1084, -0.3206), abs=CLOSE)
    figure = forest(bcg, [found], ONE, WORDS)
    *effects, pooled, prediction = figure.table.rows
    assert len(effects) == 13
    assert [round(1 + pooled[key] / 100, 2) for key in ("shown", "shown_low", "shown_high")] == [
        0.49, 0.33, 0.73,
    ]  # fmt: skip
    ends = [1 + prediction[key] / 100 for key in ("shown_low", "shown_high")]
    assert ends == pytest.approx([0.14, 1.76], abs=0.01)
    assert sum(row["weight"] for row in effects) == pytest.approx(100)
    assert "13 effects from 13 studies" in figure.sentence
    assert figure.is_model
    assert any("I² is 92 %" in sentence for sentence in figure.left_out)


def test_the_funnel_says_what_metafor_says(bcg):
    """Egger, random effects with Hartung-Knapp: t -0.7812, df 11, p 0.4512."""
    (found,) = syntheses(bcg, ONE)
    test = asymmetry_of(found)
    assert (test.statistic, test.df, test.p) == pytest.approx((-0.7812, 11, 0.4512), abs=CLOSE)
    assert "p 0.451, no sign that small studies differ" in funnel([found], ONE, WORDS).sentence
    few = funnel(syntheses(bcg.iloc[:9], ONE), ONE, WORDS)
    assert "not made with fewer than 10 effects" in few.sentence


def test_three_levels_say_what_metafor_says(districts):
    """0.1847, se 0.0846; weights are the shares of the effects in this estimate."""
    (found,) = syntheses(districts, THREE)
    assert (found.pooled.estimate, found.pooled.se) == pytest.approx((0.1847, 0.0846), abs=CLOSE)
    assert (found.pooled.k, found.pooled.studies) == (56, 11)
    rows = found.rows
    assert float((rows["weight"] * rows["yi"]).sum() / 100) == pytest.approx(found.pooled.estimate)
    assert any("56 effects come from 11 studies" in one for one in found.warnings)
    assert syntheses(districts, ONE) == []


def test_weights_of_three_levels_are_those_of_the_full_matrix(districts):
    effects = make_effects(
        districts["log_ratio"].to_numpy(),
        districts["log_variance"].to_numpy(),
        districts["study_id"].tolist(),
    )
    found = pool_three_level(effects)
    same = effects.clusters[:, None] == effects.clusters[None, :]
    covariance = np.diag(effects.vi + found.sigma2_within) + found.sigma2_between * same
    rows = np.linalg.inv(covariance).sum(axis=1)
    ours = level_weights(effects, found.sigma2_between, found.sigma2_within)
    assert ours == pytest.approx(100 * rows / rows.sum())
