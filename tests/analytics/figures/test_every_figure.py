"""What holds for every figure: valid Plotly, finite JSON, both themes, no word of one topic."""

import json
from pathlib import Path

import plotly.graph_objects as go
import pytest

import analytics.figures
from analytics.figures.counts import counts_by, evidence_map, per_year
from analytics.figures.datasets import shared_data
from analytics.figures.duels import Duel, duel
from analytics.figures.forest import forest
from analytics.figures.fractions import gain_by_fraction
from analytics.figures.funnel import funnel
from analytics.figures.gains import gains_by_group
from analytics.figures.pooling import syntheses
from analytics.figures.provenance import provenance
from analytics.figures.scatters import ERRORS, SIZE, YEAR, gain_against
from analytics.figures.sensitivity import sensitivity
from analytics.figures.summary import summary_by_group
from analytics.figures.theme import THEMES, colour, pattern, symbol, themed
from extraction.schema.comparison import SynthesisPolicy
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

FULL = [
    study(
        1,
        trial("t1", plots="90"),
        trial("t2", "60", "50", dose="1%"),
        crop="wheat",
        regions=("north",),
    ),
    study(
        2, trial("t3", "70", plots="60"), trial("t4", brand="Y"), crop="maize", regions=("south",)
    ),
    study(3, trial("t5", "60", ""), crop="barley"),
]


def figures_of(studies):
    experiments, overview, wording = frames_of(studies, made_up_form())
    policy = SynthesisPolicy()
    bands = syntheses(experiments, policy)
    return [
        gains_by_group(experiments, overview, wording),
        gains_by_group(experiments, overview, wording, "absolute_gain"),
        counts_by(overview, "regions", "Region", wording),
        per_year(overview, wording),
        evidence_map(overview, ("regions", "crop"), ("Region", "Crop"), wording),
        duel(experiments, Duel("crops", "group", "Crop", ("task", "metric", "fraction")), wording),
        gain_by_fraction(experiments, wording),
        summary_by_group(experiments, wording),
        summary_by_group(experiments, wording, "subset"),
        forest(experiments, bands, policy, wording),
        funnel(bands, policy, wording),
        sensitivity(bands, policy, (), wording),
        *(gain_against(experiments, what, wording) for what in (SIZE, YEAR, ERRORS)),
        shared_data(experiments, wording),
        provenance(experiments, wording),
    ]


ALL = [*figures_of(FULL), *figures_of([])]


@pytest.mark.parametrize("figure", ALL, ids=lambda one: one.key)
@pytest.mark.parametrize("theme", list(THEMES))
def test_plotly_accepts_the_plot_and_no_number_is_infinite(figure, theme):
    plot = json.loads(json.dumps(themed(figure.plot, theme), allow_nan=False))
    go.Figure(plot)
    assert "@" not in json.dumps(plot["layout"])


@pytest.mark.parametrize("figure", ALL, ids=lambda one: one.key)
def test_every_figure_has_a_title_a_sentence_and_a_table(figure):
    assert figure.title
    assert figure.sentence.endswith(".")
    for row in figure.table.rows:
        assert {column.key for column in figure.table.columns} <= set(row)
        assert row["link"]
    json.dumps(figure.table.rows, allow_nan=False)


def test_both_themes_know_the_same_colours():
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_where_colours_repeat_symbols_and_patterns_differ():
    assert colour(0) == colour(5)
    assert symbol(0) != symbol(5)
    assert pattern(0) != pattern(5)


def test_no_figure_knows_what_the_review_is_about():
    words = ("ssl", "self-supervised", "supervised", "contrastive", "imagenet")
    for path in Path(analytics.figures.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8").casefold()
        assert [word for word in words if word in text] == [], path.name
