"""Numbers of a row held against each other: ends turned round, a value outside, more cases."""

import pytest

from extraction.schema.comparing import Answer
from extraction.schema.row_checks import row_doubts
from extraction.schema.templates import template

FORM = template("ssl_classification")
SPEC = FORM.comparison
FIELDS = {one.key: one for one in FORM.level(SPEC.group)}
VALUE, LOW, HIGH = SPEC.arm.field, SPEC.arm.low, SPEC.arm.high


def doubts(*numbers, unit="fraction"):
    keys = (VALUE, LOW, HIGH)
    answers = {
        key: Answer(text, unit) for key, text in zip(keys, numbers, strict=True) if text is not None
    }
    return row_doubts(SPEC, FIELDS, answers)


@pytest.mark.parametrize(
    "numbers", [("0.9", "0.85", "0.95"), ("0.9", "0.95", None), (None, "0.85", "0.95")]
)
def test_a_likely_row_is_not_asked_about(numbers):
    assert doubts(*numbers) == {}


def test_an_interval_turned_round_is_asked_about_at_both_ends():
    question = "The interval goes from 0.95 to 0.85. Are its ends turned round?"
    assert doubts("0.9", "0.95", "0.85") == {LOW: (question,), HIGH: (question,)}


def test_a_value_outside_its_interval_is_asked_about():
    found = doubts("0.89", "0.91", "0.95")
    question = "0.89 lies outside its interval, 0.91 to 0.95. Is a digit or a unit wrong?"
    assert found == dict.fromkeys((VALUE, LOW, HIGH), (question,))


def test_units_are_brought_to_one_scale_first():
    answers = {VALUE: Answer("90", "percent"), LOW: Answer("0.85", "fraction")}
    assert row_doubts(SPEC, FIELDS, answers | {HIGH: Answer("0.95", "fraction")}) == {}
    unknown = answers | {HIGH: Answer("0.5", "yards")}
    assert row_doubts(SPEC, FIELDS, unknown) == {}


def test_more_with_the_condition_than_cases_is_asked_about():
    cases, positives = SPEC.cases_field, SPEC.positives_field
    found = row_doubts(SPEC, FIELDS, {cases: Answer("1000"), positives: Answer("2000")})
    question = "2000 of 1000 cases have the condition. Is a digit wrong?"
    assert found == {positives: (question,), cases: (question,)}
    assert row_doubts(SPEC, FIELDS, {cases: Answer("1000"), positives: Answer("200")}) == {}
