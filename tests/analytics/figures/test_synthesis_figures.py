"""Forest, funnel and sensitivity of a made up review."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.figures.forest import forest
from analytics.figures.funnel import funnel
from analytics.figures.pooling import syntheses
from analytics.figures.sensitivity import Way, sensitivity
from analytics.figures.theme import themed
from extraction.schema.comparison import Dependence, EffectMeasure, SynthesisPolicy
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

POLICY = SynthesisPolicy()
WAYS = (Way("evaluation", "measured by", "evaluation"),)
STUDIES = [
    study(1, trial("t1", "88", "80", plots="400"), trial("t9", "85", "80", plots="400", brand="Z"),
          crop="wheat"),
    study(2, trial("t2", "72", "80", plots="200", who="others"), crop="wheat"),
    study(3, trial("t3", "90", "85", plots="100"), crop="maize"),
    study(4, trial("t4", "95", "85"), crop="maize"),
    study(5, trial("t5", "60", "50", measure="F1"), crop="maize"),
]  # fmt: skip


def drawn(figure, studies=STUDIES, policy=POLICY, *more):
    experiments, _, wording = frames_of(studies, made_up_form())
    bands = syntheses(experiments, policy)
    beside = (experiments,) if figure is forest else ()
    return figure(*beside, bands, policy, *more, wording)


def test_effects_without_an_error_are_hollow_and_weigh_nothing():
    figure = drawn(forest)
    rows = {row["study"]: row for row in figure.table.rows}
    assert rows["Author 2004"]["weight"] is None
    weights = [rows[f"Author 200{n}"]["weight"] for n in (1, 2, 3)]
    assert sum(weights) == pytest.approx(100)
    assert (
        "accuracy: 1 effect has no sampling error and no weight (hollow marks)." in figure.left_out
    )
    hollow = [t for t in figure.plot["data"] if str(t["name"]).endswith("no interval")]
    assert {link for trace in hollow for link in trace["customdata"]} == {"/4/t4/", "/5/t5/"}


def test_metrics_are_pooled_apart_and_what_is_not_pooled_says_why():
    figure = drawn(forest)
    assert figure.is_model
    assert figure.sentence.startswith("accuracy: ")
    assert "3 effects from 3 studies" in figure.sentence
    assert (
        "F1 is not pooled: none of its 1 effects has a sampling error on record." in figure.left_out
    )
    assert any("Only 3 effects" in one for one in figure.left_out)
    assert any("r = 0.0" in one for one in figure.left_out)


def test_without_any_error_nothing_is_pooled_and_the_effects_are_drawn():
    plain = [study(n, trial(f"t{n}", str(80 + n), "80"), crop="wheat") for n in range(1, 4)]
    figure = drawn(forest, plain)
    assert not figure.is_model
    assert figure.sentence.startswith("3 effects from 3 studies are drawn; nothing is pooled")
    assert len(figure.table.rows) == 3
    assert drawn(funnel, plain).plot["data"] == []


def test_three_levels_take_all_effects_of_a_study():
    policy = SynthesisPolicy(dependence=Dependence.THREE_LEVEL)
    figure = drawn(forest, STUDIES, policy)
    assert "4 effects from 3 studies" in figure.sentence
    assert any("4 effects come from 3 studies and depend" in one for one in figure.left_out)
    robust = drawn(sensitivity, STUDIES, policy, ())
    assert "cluster-robust (CR2)" in [row["variant"] for row in robust.table.rows]


def test_the_difference_is_pooled_in_points():
    figure = drawn(forest, STUDIES, SynthesisPolicy(effect=EffectMeasure.DIFFERENCE))
    first = next(row for row in figure.table.rows if row["study"] == "Author 2001")
    assert first["shown"] == pytest.approx(8.0)
    assert "points" in figure.sentence


def test_sensitivity_leaves_each_study_out_and_narrows():
    figure = drawn(sensitivity, STUDIES, POLICY, WAYS)
    kinds = {}
    for row in figure.table.rows:
        kinds.setdefault(row["kind"], []).append(row["variant"])
    assert kinds["answer"] == ["everything"]
    assert kinds["correlation of the errors"] == ["r = 0.5"]
    assert "common effect" in kinds["model"]
    assert kinds["only one measured by"] == ["authors", "others"]
    assert kinds["another metric"] == ["F1"]
    assert sorted(kinds["one study left out"]) == [
        "without Author 2001", "without Author 2002", "without Author 2003",
    ]  # fmt: skip
    assert figure.table.rows[0]["change"] == 0


def test_a_study_left_out_gives_what_the_others_alone_give():
    figure = drawn(sensitivity, STUDIES, POLICY, ())
    without = next(row for row in figure.table.rows if row["variant"] == "without Author 2002")
    experiments, _, _ = frames_of([STUDIES[0], STUDIES[2], STUDIES[3]], made_up_form())
    alone = syntheses(experiments, POLICY)[0].pooled
    assert without["value"] == pytest.approx(100 * (2.718281828459045**alone.estimate - 1))


def test_without_errors_the_mean_is_varied_and_is_called_descriptive():
    plain = [study(n, trial(f"t{n}", str(80 + n), "80"), crop="wheat") for n in range(1, 4)]
    figure = drawn(sensitivity, plain, POLICY, ())
    assert not figure.is_model
    assert "the mean gain, unweighted and descriptive, is +2.50 %" in figure.sentence
    values = {row["variant"]: row["value"] for row in figure.table.rows}
    assert values["without Author 2003"] == pytest.approx((1.25 + 2.5) / 2)


def test_one_study_can_be_neither_pooled_nor_left_out():
    figure = drawn(sensitivity, STUDIES[:1], POLICY, WAYS)
    assert [row["variant"] for row in figure.table.rows] == ["everything"]
    assert figure.table.rows[0]["low"] is None


@given(
    st.lists(
        st.tuples(st.integers(1, 100), st.integers(1, 100), st.integers(2, 3000), st.booleans()),
        max_size=12,
    ),
    st.sampled_from(list(Dependence)),
    st.sampled_from(list(EffectMeasure)),
)
def test_no_number_of_any_review_reaches_json_as_nan(pairs, dependence, effect):
    rows = [
        trial(f"t{n}", str(arm), str(other), **({"plots": str(size)} if known else {}))
        for n, (arm, other, size, known) in enumerate(pairs)
    ]
    studies = [study(n // 2 + 1, *rows[n : n + 2], crop="rye") for n in range(0, len(rows), 2)]
    policy = SynthesisPolicy(dependence=dependence, effect=effect)
    for figure in (
        drawn(forest, studies, policy),
        drawn(funnel, studies, policy),
        drawn(sensitivity, studies, policy, WAYS),
    ):
        json.dumps(themed(figure.plot, "dark"), allow_nan=False)
        json.dumps(figure.table.rows, allow_nan=False)
        assert figure.sentence.endswith(".")
