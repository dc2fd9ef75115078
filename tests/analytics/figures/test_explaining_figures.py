"""Test-set size, year, error reduction, shared data, provenance; and the sentences above all."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.figures.datasets import shared_data
from analytics.figures.pooling import syntheses
from analytics.figures.provenance import proof_of, provenance
from analytics.figures.scatters import ERRORS, SIZE, YEAR, gain_against, rank_correlation
from analytics.figures.sentences import sentences
from extraction.schema.answers import AnswerStatus, Cell
from extraction.schema.comparison import SynthesisPolicy
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of


def place(row, **proof):
    return replace(row, cells=row.cells | {k: row.cells[k]._replace(**v) for k, v in proof.items()})


STUDIES = [
    study(
        1, trial("t1", "88", "80", plots="400"), trial("t8", "60", "50", dose="1%"), crop="wheat"
    ),
    study(2, trial("t2", "72", "80", plots="100"), crop="wheat"),
    study(3, trial("t3", "99", "90", plots="50"), crop="maize"),
    study(4, trial("t4", "60", "50", measure="F1"), crop="maize"),
    study(5, trial("t5", "60", ""), crop="rye"),
]


def frames(studies=STUDIES):
    return frames_of(studies, made_up_form())


def test_gain_against_size_draws_what_has_a_size_and_says_what_has_none():
    experiments, _, wording = frames()
    figure = gain_against(experiments, SIZE, wording)
    assert [(row["study"], row["cases"]) for row in figure.table.rows] == [
        ("Author 2003", 50.0), ("Author 2002", 100.0), ("Author 2001", 400.0),
    ]  # fmt: skip
    said = "1 reported experiment has no size of the test set. Extract the number of test cases"
    assert figure.left_out[0].startswith(said)
    assert figure.sentence.startswith("3 effects from 3 studies: Spearman's rank correlation")
    assert figure.sentence.endswith("(descriptive, no p-value).")


def test_error_reduction_stands_beside_the_relative_gain():
    """99 against 90 is +10 % relative and nine tenths of the errors."""
    experiments, _, wording = frames()
    figure = gain_against(experiments, ERRORS, wording)
    row = next(row for row in figure.table.rows if row["study"] == "Author 2003")
    assert (row["relative_gain"], row["error_reduction"]) == pytest.approx((10, 90))


def test_few_years_have_no_correlation():
    experiments, _, wording = frames(STUDIES[:2])
    assert "too few" in gain_against(experiments, YEAR, wording).sentence
    assert gain_against(frames([])[0], YEAR, wording).sentence.startswith("No reported experiment")


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=20))
def test_the_rank_correlation_is_that_of_scipy(pairs):
    x, y = ([float(one[side]) for one in pairs] for side in (0, 1))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert rank_correlation(x, y) is None
        return
    assert rank_correlation(x, y) == pytest.approx(float(stats.spearmanr(x, y).statistic))


def test_studies_that_share_a_data_set_are_shown_together():
    experiments, _, wording = frames([study(n, trial(f"t{n}"), crop="wheat") for n in range(1, 5)])
    experiments = experiments.assign(dataset=["CheXpert", "chexpert ", "ISIC", ""])
    figure = shared_data(experiments, wording, "data")
    assert [(row["dataset"], row["study"]) for row in figure.table.rows] == [
        ("CheXpert", "Author 2001"), ("CheXpert", "Author 2002"),
    ]  # fmt: skip
    assert figure.sentence.startswith("2 of 3 studies that name their data share 1 data set")
    assert figure.left_out == ("1 study names no data set.",)
    alone = shared_data(experiments.assign(dataset=["a", "b", "c", ""]), wording)
    assert alone.sentence == "No data set is used by two studies of this selection."


def test_values_without_quote_or_place_are_counted():
    proven = {"page": 4, "quote": "88 of 100"}
    rows = [
        place(trial("t1"), treated=proven, control=proven),
        place(trial("t2"), treated=proven),
        place(trial("t3"), treated={"quote": "no page"}),
    ]
    experiments, _, wording = frames([study(1, *rows, crop="wheat")])
    figure = provenance(experiments, wording)
    assert figure.sentence.startswith("50 % of the 6 plotted values lead to their quote or mark")
    (row,) = figure.table.rows
    assert (row["both"], row["one"], row["none"], row["total"]) == (1, 1, 1, 3)
    assert figure.plot["data"][2]["customdata"] == ["?status=reconciled&proof=none"]
    assert proof_of(float("nan")) == "none"


def test_an_address_is_a_place_and_a_missing_value_is_not_proven():
    cell = Cell("90", "percent", AnswerStatus.IMPORTED, source_url="https://example.org", quote="q")
    row = replace(trial("t1"), cells=trial("t1").cells | {"treated": cell})
    experiments, *_ = frames([study(1, row, crop="wheat")])
    assert experiments["proven"].tolist() == [0.5]


def said(studies=STUDIES):
    experiments, overview, wording = frames(studies)
    policy = SynthesisPolicy()
    return sentences(experiments, overview, syntheses(experiments, policy), policy, wording)


def test_the_results_are_written_with_effects_studies_and_links():
    first, wheat, maize, accuracy, f1, pooled, silent = said()
    assert first.text == (
        "4 studies of 5 compared treated with control; 1 decreased, by 10 % "
        "(4 effects from 4 studies)."
    )
    assert wheat.text == (
        "Wheat: 2 studies of 2 compared treated with control; mean relative gain 0.00 %, "
        "median 0.00 %, from −10.00 % to +10.00 %, 1 decreased; with the smallest amount of labels "
        "+20.00 % on average in 1 study (2 effects from 2 studies)."
    )
    assert "metrics mixed: accuracy 1, F1 1" in maize.text
    assert accuracy.text.startswith("By accuracy, 3 studies: 2 increased, by 10 %")
    assert f1.text == "By F1, 1 study: 1 increased, by 20 % (1 effect from 1 study)."
    assert pooled.is_model
    assert "3 effects from 3 studies" in pooled.text
    assert silent.text == (
        "Nothing can be said about rye (1 study): no comparable pair is on record."
    )
    links = {part.text: part.link for part in wheat.parts if part.link}
    assert links["1 decreased"] == "?group=only+wheat&role=full&sign=down"
    assert links["−10.00 % to +10.00 %"] == "?group=only+wheat&role=full"
    assert links["+20.00 %"] == "?group=only+wheat&role=subset"


def test_each_number_of_the_results_leads_to_its_rows():
    own = [part for sentence in said() for part in sentence.parts if not part.link]
    words = " ".join(part.text for part in own).replace("95 % interval", "").replace("By F1", "")
    assert not re.search(r"\d", words)


def test_nothing_comparable_is_said():
    (only,) = said(STUDIES[4:])
    assert only.text.startswith("None of 1 study compares treated with control")
