"""Mean and median gain per group and metric."""

import pytest

from analytics.figures.summary import summary_by_group
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

STUDIES = [
    study(1, trial("t1", "88", "80", site="A"), trial("t9", "99", "10", brand="Z"), crop="wheat"),
    study(2, trial("t2", "72", "80", site="A"), crop="wheat"),
    study(3, trial("t3", "60", "50", site="B", measure="F1"), crop="maize"),
]


@pytest.fixture(scope="module")
def figure():
    experiments, _, wording = frames_of(STUDIES, made_up_form())
    return summary_by_group(experiments, wording)


def test_one_effect_per_study_is_summarised(figure):
    wheat, maize = figure.table.rows
    assert (wheat["effects"], wheat["studies"], wheat["worse"]) == (2, 2, 1)
    assert wheat["low"] <= wheat["mean"] <= wheat["high"]
    assert (maize["mean"], maize["low"], maize["high"]) == (pytest.approx(20.0), None, None)
    assert wheat["link"] == "?group=wheat&reported_metric=accuracy&role=full"


def test_the_reading_says_how_many_effects_from_how_many_studies(figure):
    assert figure.sentence.startswith(
        "Wheat: 2 studies compared treated with control by accuracy; mean"
    )
    assert figure.sentence.endswith("1 decreased (2 effects from 2 studies, descriptive).")


def test_the_seed_and_every_reason_for_doubt_are_said(figure):
    said = " ".join(figure.left_out)
    for words in (
        "10,000 draws, seed 20230601",
        "1 line rests on one study",
        "1 interval rests on fewer than 5 studies",
        "Metrics are kept apart",
        "share a task and data set and depend on each other: A.",
    ):
        assert words in said
    assert not figure.is_model


def test_nothing_to_summarise_is_said():
    experiments, _, wording = frames_of([], made_up_form())
    figure = summary_by_group(experiments, wording)
    assert figure.sentence == "No study of this selection reports a comparable pair."
    assert figure.left_out == ()
