"""Judgements made for each result: a study is found by any of them."""

import pytest

from analytics.frames import Level, dimensions_of, keep, options_of, studies_frame
from analytics.selectors.experiments import selection_of
from extraction.schema.answers import AnswerRow, Cell
from extraction.schema.codec import from_json, sketch_from_json, to_json
from extraction.schema.editing import with_tool
from extraction.schema.templates import template
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.stored import store

SKETCH = with_tool(sketch_from_json(to_json(made_up_form())), template("rob_2").groups)
FORM = from_json(to_json(SKETCH))
OVERALL = "rob_2.r2_overall"


def rated(key, **judged):
    return AnswerRow(key, "rob_2", 0, {name: Cell(word) for name, word in judged.items()})


STUDIES = [
    study(1, trial("t1"), rated("r1", r2_overall="low"), crop="wheat"),
    study(2, trial("t2", "70"), rated("r2", r2_overall="low"), rated("r3", r2_overall="high")),
    study(3, trial("t3", "60"), rated("r4", r2_random_bias="some")),
    study(4, trial("t4", "50")),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("Low", [1, 2]), ("High", [2]), ("only Low", [1]), ("several", [2]), ("not stated", [3, 4])],
)
def test_a_study_fits_when_any_of_its_results_was_judged_so(asked, found):
    frame = studies_frame(STUDIES, FORM)
    ways = [one for one in dimensions_of(FORM) if one.key == OVERALL]
    assert keep(frame, ways, {OVERALL: (asked,)})["study_id"].tolist() == found


def test_each_judgement_is_offered_with_the_name_of_its_tool():
    found = {one.key: one for one in dimensions_of(FORM)}
    overall = found[OVERALL]
    assert (overall.label, overall.level) == (
        "Overall risk of bias (RoB 2, any result)",
        Level.STUDY,
    )
    assert options_of(studies_frame(STUDIES, FORM), overall) == [
        ("Low", 2), ("High", 1), ("not stated", 2),
    ]  # fmt: skip
    assert not any("." in one.key for one in dimensions_of(made_up_form()))


@pytest.mark.django_db
def test_the_figures_are_narrowed_and_each_number_leads_to_its_studies(review, lead):
    store(lead, STUDIES, FORM)
    assert len(selection_of(review, {OVERALL: ["High"]}).experiments) == 1
    way = next(one for one in selection_of(review).ways if one.filter == OVERALL)
    assert way.is_of_rows
    table = next(one for one in selection_of(review).plain_figures() if one.key == "sensitivity")
    variants = {row["variant"]: row for row in table.table.rows if way.label in str(row["kind"])}
    assert set(variants) == {"Low", "High; Low", "not stated"}
    for value, row in variants.items():
        asked = value if value == "not stated" else f"only {value}"
        assert len(selection_of(review, {OVERALL: [asked]}).experiments) == row["effects"]
