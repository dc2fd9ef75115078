"""Filters: what may be chosen, and what is left then."""

import pytest

from analytics.frames import (
    Level,
    dimensions_of,
    experiments_frame,
    keep,
    only,
    options_of,
    studies_frame,
)
from extraction.schema.templates import template
from tests.analytics.seed import made_up_form, ssl_form, study, trial

STUDIES = [
    study(1, trial("t1", dose="1%"), trial("t2", measure="F1"), crop="wheat", regions=("north",)),
    study(2, trial("t3", dose="some"), crop="maize", regions=("north", "south")),
    study(3, trial("t4", dose="20"), crop="wheat"),
]
FORM = made_up_form()
DIMENSIONS = {one.key: one for one in dimensions_of(FORM)}


@pytest.fixture(scope="module")
def experiments():
    return experiments_frame(STUDIES, FORM)


def kept(experiments, **chosen):
    asked = [DIMENSIONS[key] for key in chosen]
    rows = keep(experiments, asked, {key: tuple(value.split("|")) for key, value in chosen.items()})
    return rows["row_key"].tolist()


def test_what_may_be_chosen_follows_from_the_form():
    assert list(DIMENSIONS) == [
        "group", "regions", "metric", "year", "amount", "fraction", "evaluation", "read", "status",
        "proof", "gain_error", "role", "reported_metric", "sign",
    ]  # fmt: skip
    keys = [one.key for one in dimensions_of(ssl_form())]
    assert keys[:3] == ["group", "imaging_modality", "clinical_domain"]
    assert keys[3:6] == ["fine_tuning", "study_fine_tuning", "dataset"]
    levels = [one.level for one in dimensions_of(ssl_form())[3:5]]
    assert levels == [Level.EXPERIMENT, Level.STUDY]


def test_a_form_that_compares_nothing_has_no_filters():
    assert dimensions_of(template("blank")) == ()


def test_several_values_of_one_dimension_are_alternatives(experiments):
    assert kept(experiments, group="wheat") == ["t1", "t2", "t4"]
    assert kept(experiments, group="wheat|maize") == ["t1", "t2", "t3", "t4"]


def test_dimensions_are_joined(experiments):
    assert kept(experiments, group="wheat", metric="F1") == ["t2"]
    assert kept(experiments, group="nothing of the kind") == []


def test_a_row_with_several_values_fits_each_of_them(experiments):
    assert kept(experiments, regions="south") == ["t3"]
    assert kept(experiments, regions="several") == ["t3"]
    assert kept(experiments, regions="not stated") == ["t4"]
    assert kept(experiments, regions=only("north")) == ["t1", "t2"]
    assert kept(experiments, regions=only("not stated")) == ["t4"]


def test_amounts_and_years(experiments):
    assert kept(experiments, amount="part") == ["t1", "t4"]
    assert kept(experiments, amount="not stated") == ["t3"]
    assert kept(experiments, year="2002") == ["t3"]


def test_options_carry_their_counts(experiments):
    assert options_of(experiments, DIMENSIONS["group"]) == [("wheat", 3), ("maize", 1)]
    studies = studies_frame(STUDIES, FORM)
    assert options_of(studies, DIMENSIONS["regions"]) == [
        ("north", 2),
        ("south", 1),
        ("not stated", 1),
    ]
    assert options_of(studies, DIMENSIONS["year"]) == [("2001", 1), ("2002", 1), ("2003", 1)]
