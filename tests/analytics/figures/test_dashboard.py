"""All figures of a form, made up or real."""

import json

import pytest

from analytics.figures.dashboard import bands_of, plans_of, wording_of
from analytics.figures.model import no_link
from extraction.schema.templates import template
from tests.analytics.seed import made_up_form, ssl_form, study, trial
from tests.analytics.seed_figures import figures_of, frames_of

STUDIES = [study(1, trial("t1"), crop="wheat"), study(2, trial("t2", "70"), crop="maize")]


def test_a_made_up_form_gets_all_figures_in_its_own_words():
    form = made_up_form()
    experiments, studies, _ = frames_of(STUDIES, form)
    figures = figures_of(experiments, studies, form, wording_of(form))
    assert [figure.key for figure in figures] == [
        "relative-gain",
        "mean-gain-full",
        "mean-gain-subset",
        "error-reduction",
        "gain-by-fraction",
        "forest",
        "funnel",
        "sensitivity",
        "gain-by-test-size",
        "gain-by-year",
        "shared-data",
        "groups-on-the-same-task",
        "regions-by-group",
        "studies-per-year",
        "map-regions-by-group",
        "provenance",
    ]
    said = json.dumps([figure.plot for figure in figures]) + figures[0].sentence
    assert "treated" in said
    assert "supervised" not in said


def test_the_seed_form_also_sets_its_choices_against_each_other_and_crosses_categories():
    form = ssl_form()
    experiments, studies, _ = frames_of([], form)
    keys = [one.key for one in figures_of(experiments, studies, form, wording_of(form))]
    assert "fine-tuning-on-the-same-task" in keys
    assert {"map-clinical-domain-by-group", "evidence-map"} <= set(keys)


@pytest.mark.parametrize("make", [made_up_form, ssl_form])
def test_a_figure_is_known_by_its_key_before_it_is_drawn(make):
    form = make()
    experiments, studies, _ = frames_of(STUDIES if make is made_up_form else [], form)
    asked = []

    def bands():
        asked.append(1)
        return bands_of(experiments, form)

    plans = plans_of(experiments, studies, form, wording_of(form), (), bands)
    assert not asked  # nothing is computed before a figure is wanted
    drawn = [plan.figure() for plan in plans]
    assert [figure.key for figure in drawn] == [plan.key for plan in plans]
    assert [figure.section for figure in drawn] == [plan.section for plan in plans]
    assert len({plan.key for plan in plans}) == len(plans)


def test_a_form_that_compares_nothing_is_refused():
    with pytest.raises(ValueError, match="compares nothing"):
        wording_of(template("blank"))


def test_without_pages_links_lead_nowhere():
    assert no_link({"group": "wheat"}) == ""
