import pytest

from extraction.schema.definition import FormDefinition
from extraction.schema.templates import template
from reviewapp.demo.answers import (
    UNITS,
    Cell,
    _answer,
    experiment_answers_of,
    study_answers_of,
    value_note,
)
from reviewapp.demo.tables import read_table, studies


@pytest.fixture(scope="module")
def form() -> FormDefinition:
    return template("ssl_classification")


def result(number: str) -> dict[str, str]:
    return next(row for row in read_table("results.csv") if row["result_id"] == number)


def test_every_printed_number_becomes_a_value_with_its_digits_and_unit(form):
    for row in read_table("results.csv"):
        answers = {answer.field: answer for answer in experiment_answers_of(form, row)}
        for key in ("ssl_performance", "supervised_performance"):
            if row[key] and "-" not in row[key]:
                assert (answers[key].value, answers[key].unit) == (row[key], UNITS[row["scale"]])
            else:
                assert key not in answers


def test_an_empty_cell_gives_no_answer(form):
    fields = {answer.field for answer in experiment_answers_of(form, result("R106"))}
    assert "metric" not in fields
    assert "task" not in fields
    assert "ssl_performance" not in fields


def test_a_printed_range_is_kept_in_words():
    assert value_note(result("R181")) == "Supervised performance printed as 81-92 (percent)."


def test_a_stated_difference_is_kept_in_words():
    assert "Stated difference: +0.096 (95% CI 0.061-0.130)." in value_note(result("R041"))


def test_a_comparator_that_is_not_supervised_is_said_so():
    assert "not purely supervised" in value_note(result("R248"))


def test_combined_strategies_are_parted(form):
    combined = [row for row in studies() if row["strategy"] == "combined"]
    parts = [
        answer.value
        for row in combined
        for answer in study_answers_of(form, row)
        if answer.field == "combined_method"
    ]
    assert len(parts) == 11
    assert ["contrastive", "generative"] in parts
    assert ["generative", "innate relationship", "self-prediction"] in parts


def test_the_certainty_of_a_strategy_is_told(form):
    doubtful = next(row for row in studies() if row["strategy_certainty"] == "C")
    strategy = next(a for a in study_answers_of(form, doubtful) if a.field == "strategy")
    assert "doubtful" in strategy.proof["note"]


def test_a_value_that_does_not_fit_the_form_is_refused_with_its_row(form):
    with pytest.raises(ValueError, match=r"Row R1.*vocabulary"):
        _answer(form, "", "strategy", Cell("magic"), {"note": "Row R1"})


def test_a_field_that_the_form_lacks_is_refused(form):
    with pytest.raises(ValueError, match="no field colour"):
        _answer(form, "", "colour", Cell("red"), {"note": ""})
