from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.checks import MAX_TEXT, CheckedValue, Refused, as_decimal, check_value
from extraction.schema.fields import Field, FieldType, Term
from extraction.schema.metrics import metric_of
from tests.extraction.schema.builders import choice, number, text

SSL = number("ssl")
AUROC = metric_of("AUROC")


def refusal(*args, **more):
    answer = check_value(*args, **more)
    assert isinstance(answer, Refused)
    return answer.message


def test_93_stated_as_a_fraction_is_refused_and_the_likely_question_asked():
    assert refusal(SSL, "93", "fraction") == (
        "Ssl: 93 stated as fraction (0-1) lies outside -1 to 1. Did you mean 93 percent?"
    )


def test_93_percent_is_accepted_as_typed():
    assert check_value(SSL, " 93.0 ", "percent", AUROC) == CheckedValue("93.0", "percent")


def test_a_number_without_its_unit_is_refused():
    assert refusal(SSL, "0.93") == "Ssl: state the unit of 0.93: fraction (0-1) or percent."


def test_an_unknown_unit_is_refused():
    assert "state the unit of 0.93" in refusal(SSL, "0.93", "permille")


def test_an_auroc_under_one_half_is_asked_about_but_stored():
    checked = check_value(SSL, "0.41", "fraction", AUROC)
    assert checked.value == "0.41"
    assert checked.questions == (
        "AUROC of 0.41 lies under 0.5, worse than chance. Is it printed so?",
    )


def test_an_auroc_under_fifty_percent_is_asked_about_too():
    assert "lies under 50" in check_value(SSL, "41", "percent", AUROC).questions[0]


def test_0_93_stated_as_percent_is_asked_about():
    checked = check_value(SSL, "0.93", "percent", metric_of("accuracy"))
    assert checked.questions == ("0.93 percent is less than 1 %. Is it a fraction?",)


@pytest.mark.parametrize(
    ("metric", "value", "accepted"),
    [("kappa", "-0.2", True), ("accuracy", "-0.2", False), ("log loss", "3", True)],
)
def test_the_metrics_natural_range_is_the_range(metric, value, accepted):
    answer = check_value(SSL, value, "fraction", metric_of(metric))
    assert isinstance(answer, CheckedValue) is accepted


def test_the_message_names_a_one_sided_range():
    assert "lies outside at least 0 of log loss. Is a digit wrong?" in refusal(
        SSL, "-300", "fraction", metric_of("log loss")
    )


def test_the_message_names_an_upper_bound():
    field = Field("n", "N", FieldType.NUMBER, high=Decimal(10))
    assert refusal(field, "11") == "N: 11 lies outside at most 10. Is a digit wrong?"


def test_a_number_without_units_takes_none():
    field = Field("n", "N", FieldType.NUMBER)
    assert check_value(field, "12") == CheckedValue("12")
    assert refusal(field, "12", "percent") == "N takes no unit, but “percent” is stated."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("92 %", "leave the % out of “92 %” and choose the unit percent"),
        ("0,92", "“0,92” has a comma. Did you mean 0.92?"),
        ("1,000", "“1,000” has a comma. Did you mean 1000, or 1.000?"),
        ("1,250,000", "“1,250,000” has a comma. Did you mean 1250000?"),
        ("high", "“high” is no number"),
        ("81-92", "“81-92” is no number"),
        ("NaN", "“NaN” is no number"),
        ("1" * 80, "is no number"),
    ],
)
def test_what_is_no_number_is_refused(typed, message):
    assert message in refusal(SSL, typed, "fraction")


@given(st.decimals(0, 1, places=4))
def test_a_fraction_in_range_keeps_its_digits(value):
    assert check_value(SSL, f"{value:f}", "fraction").value == f"{value:f}"


def test_a_minus_sign_of_print_is_read():
    assert as_decimal("−0.5") == Decimal("-0.5")


def test_text_is_trimmed_and_freed_of_zero_bytes():
    assert check_value(text("task"), " lung\x00 cancer ") == CheckedValue("lung cancer")


def test_an_empty_answer_is_refused():
    assert refusal(text("task"), "  ") == "Task is empty."


def test_a_text_without_end_is_refused():
    assert "at most 10000 fit" in refusal(text("task"), "x" * (MAX_TEXT + 1))


def test_a_unit_on_a_text_is_refused():
    assert refusal(text("task"), "x", "percent") == "Task takes no unit, but “percent” is stated."


@pytest.mark.parametrize(
    ("raw", "value"), [(True, True), (False, False), ("Yes", True), ("n", False)]
)
def test_yes_and_no_are_booleans(raw, value):
    assert check_value(Field("a", "A", FieldType.YES_NO), raw) == CheckedValue(value)


def test_what_is_neither_yes_nor_no_is_refused():
    assert "neither yes nor no" in refusal(Field("a", "A", FieldType.YES_NO), "perhaps")


def test_a_boolean_in_a_text_becomes_its_word():
    assert check_value(text("task"), True) == CheckedValue("yes")


def test_a_date_is_iso():
    field = Field("d", "D", FieldType.DATE)
    assert check_value(field, "2021-05-31") == CheckedValue("2021-05-31")
    assert refusal(field, "31.5.2021") == "D: “31.5.2021” is no date; write it as 2021-05-31."


def test_a_choice_is_stored_by_its_key_whatever_the_case():
    field = choice("metric", "AUROC", "accuracy")
    assert check_value(field, "auroc") == CheckedValue("AUROC")
    assert "Choose one of: AUROC, accuracy." in refusal(field, "glow")


def test_an_alias_becomes_the_term_where_only_terms_are_allowed():
    field = Field("m", "M", FieldType.CHOICE, terms=(Term("AUROC", aliases=("AUC",)),))
    assert check_value(field, "auc") == CheckedValue("AUROC")


def test_own_words_stay_as_typed_where_they_are_allowed():
    field = choice("mode", "end-to-end", allow_other=True)
    assert check_value(field, "End-to-End").value == "end-to-end"
    assert check_value(field, "end-to-end (joint)").value == "end-to-end (joint)"


STRATEGIES = Field(
    "s", "S", FieldType.CHOICES, terms=(Term("contrastive"), Term("generative")), allow_other=False
)


@pytest.mark.parametrize(
    "raw",
    [
        "contrastive; generative",
        "contrastive+generative",
        ["contrastive", " ", "generative", "contrastive"],
    ],
)
def test_several_choices_become_a_tuple(raw):
    assert check_value(STRATEGIES, raw) == CheckedValue(("contrastive", "generative"))


def test_a_plus_inside_own_words_divides_nothing():
    field = Field("m", "M", FieldType.CHOICES, terms=(Term("CT"),), allow_other=True)
    assert check_value(field, "T1+T2 MRI") == CheckedValue(("T1+T2 MRI",))


@pytest.mark.parametrize(
    ("raw", "message"),
    [(" ; ", "S is empty"), (True, "not yes or no"), ("glow", "“glow” is not in the vocabulary")],
)
def test_bad_choices_are_refused(raw, message):
    assert message in refusal(STRATEGIES, raw)
