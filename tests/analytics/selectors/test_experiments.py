"""The experiments of a review, narrowed by an address."""

import json
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from analytics.figures.model import no_link
from analytics.selectors.experiments import address_of, selection_of
from analytics.selectors.exports import gain_rows
from extraction.models import Study
from extraction.schema.codec import to_json
from extraction.schema.templates import template
from tests import factories
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.stored import store


def keys(review, **asked):
    selection = selection_of(review, {key: [value] for key, value in asked.items()})
    return selection.experiments["relative_gain"].round(1).dropna().tolist()


def test_everything_without_a_filter(review, stored):
    selection = selection_of(review)
    assert (selection.all_experiments, selection.all_studies) == (4, 3)
    assert selection.experiments["role"].tolist() == ["full", "subset", "full", "other"]
    assert selection.experiments["sign"].tolist() == ["up", "up", "down", "refused"]
    assert selection.chosen == {}


def test_each_experiment_links_to_its_value(review, stored):
    links = selection_of(review).experiments["link"].tolist()
    row = stored["t1"]
    assert links[0] == f"/r/ssl/values/{row.extraction.study_id}/{row.key}/"


def test_filters_narrow_experiments_and_studies(review, stored):
    selection = selection_of(review, {"group": ["wheat"], "unknown": ["x"], "metric": [""]})
    assert selection.chosen == {"group": ("wheat",)}
    assert selection.studies["group"].tolist() == ["wheat"]
    assert len(selection.experiments) == 2


def test_the_policy_speaks_about_what_the_filters_leave(review, stored):
    selection = selection_of(review, {"amount": ["part"]})
    assert selection.experiments["role"].tolist() == ["full"]
    assert selection.studies["study"].tolist() == ["Author 2001"]


def test_role_and_sign_are_asked_after_the_policy(review, stored):
    assert keys(review, sign="down") == [-10.0]
    assert keys(review, role="subset") == [20.0]


def test_choices_count_the_whole_review(review, stored):
    choices = {one.dimension.key: one for one in selection_of(review, {"group": ["wheat"]}).choices}
    assert dict(choices["group"].options) == {"maize": 2, "wheat": 1}
    assert choices["group"].chosen == ("wheat",)
    assert dict(choices["sign"].options) == {"up": 2, "down": 1, "refused": 1}


def test_a_review_without_a_comparing_form_has_no_selection(review):
    assert selection_of(review) is None
    factories.make_form(review, to_json(template("blank")))
    assert selection_of(review) is None
    assert gain_rows(review) == []


def test_a_form_without_studies_draws_empty_figures(review):
    factories.make_form(review, to_json(made_up_form()))
    figures = selection_of(review).figures(no_link)
    assert all(not figure.table.rows for figure in figures)


def test_addresses_keep_the_filters_and_replace_a_value():
    chosen = {"group": ("wheat",), "year": ("2001", "2002")}
    assert address_of("/x/", chosen, {"group": "rye"}, "#rows") == (
        "/x/?group=rye&year=2001&year=2002#rows"
    )


def test_gain_rows_keep_the_promised_fields(review, stored):
    rows = gain_rows(review)
    assert rows[0]["ssl"] == 0.88
    assert rows[0]["relative_gain"] == pytest.approx(10)
    assert rows[3]["refused_reason"] == "the control value is not reported"
    assert rows[3]["supervised"] is None
    assert len(rows[0]["value_ids"]) == 2
    json.dumps(rows, allow_nan=False)


def test_the_number_of_queries_does_not_grow_with_the_review(
    review, lead, stored, django_assert_max_num_queries
):
    """Form, policy, mark, studies, rows, prints, settled and imported values, choices by hand."""
    with django_assert_max_num_queries(9):
        selection_of(review)
    other = factories.make_review()
    member = factories.make_member(other, "lead")
    many = [study(n, *(trial(f"t{n}{i}") for i in range(5)), crop="rye") for n in range(20)]
    store(member, many, made_up_form())
    assert Study.objects.filter(review=other).count() == 20
    with django_assert_max_num_queries(9):
        assert selection_of(other).all_experiments == 100


MIXED = [
    study(1, trial("t1"), trial("t2", measure="F1"), crop="wheat", regions=("north",)),
    study(2, trial("t3", "70"), crop="wheat", regions=("north", "south")),
    study(3, trial("t4", measure="F1"), crop="maize", regions=("south",)),
    study(4, crop="maize"),
    study(5, trial("t5", "80"), crop="wheat", regions=("north",)),
]
COUNTED = ("regions-by-group", "studies-per-year", "mean-gain-full")


def behind(review, link):
    return selection_of(review, parse_qs(urlsplit(link).query))


def test_every_number_has_as_many_rows_behind_it_as_it_says(review, lead):
    """A study with several values, or reported by another metric, must not slip in."""
    store(lead, MIXED, made_up_form())
    link = partial(address_of, "/x/", {})
    figures = {figure.key: figure for figure in selection_of(review).figures(link)}
    for key in COUNTED:
        for row in figures[key].table.rows:
            expected = row["studies"] if "studies" in row else row["total"]
            assert len(behind(review, row["link"]).studies) == expected, (key, row)
    for bar in figures["regions-by-group"].plot["data"]:
        for count, target in zip(bar["x"], bar["customdata"], strict=True):
            assert len(behind(review, target).studies) == count, target
    written = [part for one in selection_of(review).sentences(link) for part in one.parts]
    written += [part for figure in figures.values() for part in figure.reading]
    for part in written:
        word = part.text.split(" ")[0]
        if part.link.startswith("/x/") and word.isdigit():
            found = behind(review, part.link)
            rows = found.experiments if "experiment" in part.text else found.studies
            assert len(rows) == int(word), part


def test_a_value_that_is_no_option_stays_chosen(review, stored):
    choices = {
        c.dimension.key: c for c in selection_of(review, {"regions": ["only north"]}).choices
    }
    assert choices["regions"].others == ["only north"]
