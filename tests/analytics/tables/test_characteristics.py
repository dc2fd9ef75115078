"""Table 1 of a form that compares nothing: what the studies are."""

from analytics.tables.layout import ChosenColumn, Layout
from analytics.tables.long import long_table1
from analytics.tables.table1 import Results, table1
from tests.analytics.seed import plain_form, plain_studies
from tests.analytics.tables.studies import lines_of


def test_a_form_that_compares_nothing_tells_what_the_studies_are():
    made = table1(plain_form(), plain_studies(), Results())

    assert made.title == "Table 1. Characteristics of the included studies"
    assert [one.key for one in made.columns] == [
        "year", "first_author", "design", "n", "arm_drug", "site_country", "title", "study_id",
    ]  # fmt: skip
    assert lines_of(made) == [
        ["2020", "Zorn", "randomised", "120", "aspirin; placebo", "Chad", "Two", "2"],
        ["2021", "Abel", "", "", "", "", "One", "1"],
    ]
    assert not any(one.is_result for one in made.columns)
    assert not made.notes
    assert all(row.reason == "" for row in made.rows)


def test_columns_of_a_form_that_compares_nothing_are_chosen_named_and_grouped():
    chosen = (ChosenColumn("remarks"), ChosenColumn("arm_dose", "How much"), ChosenColumn("asked"))
    made = table1(plain_form(), plain_studies(), Results(), Layout(chosen, group_by="design"))

    assert [one.label for one in made.columns] == ["Remarks", "How much", "Asked"]
    assert [(words, [row.study_id for row in rows]) for words, rows in made.groups()] == [
        ("randomised", [2]),
        ("", [1]),
    ]
    assert lines_of(made)[0] == ["", "100", "yes"]


def test_the_long_form_without_a_comparison_has_a_row_for_each_row_of_a_part():
    made = long_table1(plain_form(), plain_studies(), Results())
    keys = [one.key for one in made.columns]
    told = [dict(zip(keys, line, strict=True)) for line in lines_of(made)]

    assert [(one["part"], one["arm_drug"], one["site_country"]) for one in told] == [
        ("Arms", "aspirin", ""),
        ("Arms", "placebo", ""),
        ("Arms", "aspirin", ""),
        ("Sites", "", "Chad"),
        ("", "", ""),
    ]
    assert (told[0]["arm_dose"], told[0]["arm_dose_unit"], told[0]["row_id"]) == ("100", "mg", "a1")
    assert told[-1]["first_author"] == "Abel"
    assert not {"difference", "reported_as", "experiment_id"} & set(keys)
