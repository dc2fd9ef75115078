"""Experiments as a frame: one scale, one row each, nothing guessed."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from pandas.testing import assert_frame_equal

from analytics.frames import EXPERIMENT_COLUMNS, experiments_frame, studies_frame
from analytics.frames.experiments import GAINS_COLUMNS, gains_frame
from analytics.frames.quantities import read_amount, read_score
from analytics.stats.gains import with_gains
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, StudyAnswers
from extraction.schema.fields import Field, FieldType, Unit
from extraction.schema.metrics import Direction, Metric, metric_of
from extraction.schema.templates import template
from tests.analytics.seed import made_up_form, ssl_form, study, trial

PERCENT = Unit("percent", low=Decimal(0), high=Decimal(100), scale=Decimal("0.01"))
FRACTION = Unit("fraction", low=Decimal(0), high=Decimal(1), scale=Decimal(1))
SCORE = Field("score", "Score", FieldType.NUMBER, units=(PERCENT, FRACTION, Unit("mm")))


def frame_of(*rows: AnswerRow, **cells):
    return experiments_frame([study(1, *rows, **cells)], made_up_form())


@pytest.mark.parametrize(("text", "unit"), [("0.987", "fraction"), ("98.7", "percent")])
def test_a_fraction_and_a_percentage_are_the_same_number(text, unit):
    assert read_score(text, unit, SCORE, None).number == Decimal("0.987")


@pytest.mark.parametrize(
    ("text", "unit", "metric", "problem"),
    [
        ("", "percent", "accuracy", "is not reported"),
        ("81-92", "percent", "accuracy", "is a range (81-92)"),
        ("0.7 to 0.8", "fraction", "accuracy", "is a range (0.7 to 0.8)"),
        ("about 90", "percent", "accuracy", "is no number (about 90)"),
        ("NaN", "percent", "accuracy", "is no number (NaN)"),
        ("0.9", "", "accuracy", "has no known scale (0.9)"),
        ("0.9", "stars", "accuracy", "has no known scale (0.9 stars)"),
        ("98", "fraction", "accuracy", "lies outside its range (98 fraction)"),
        ("101", "percent", "unknown metric", "lies outside its range (101 percent)"),
    ],
)
def test_a_score_that_cannot_be_used_says_why(text, unit, metric, problem):
    assert read_score(text, unit, SCORE, metric_of(metric)).problem == problem


def test_a_unit_without_a_scale_is_kept_as_it_is():
    found = read_score("12.5", "mm", SCORE, None)
    assert (found.number, found.scale) == (Decimal("12.5"), "mm")


def test_a_metric_below_zero_is_in_its_range_where_the_catalogue_says_so():
    assert read_score("-0.1", "fraction", SCORE, metric_of("kappa")).number == Decimal("-0.1")


@pytest.mark.parametrize(
    ("text", "share", "count"),
    [
        ("1%", 0.01, None),
        ("0.1 %", 0.001, None),
        ("100% (slide labels)", 1.0, None),
        ("full (not stated)", 1.0, None),
        ("160 per class", None, 160),
        ("5,120 per class", None, 5120),
        ("N=300 training scans", None, 300),
        ("critically small subset", None, None),
        ("5% known normal + 5% known abnormal", None, None),
        ("250%", None, None),
        ("", None, None),
    ],
)
def test_amounts_of_labels(text, share, count):
    found = read_amount(text)
    assert (found.share, found.count) == (share, count)


def test_one_row_per_experiment_with_the_documented_columns_and_types():
    frame = frame_of(trial("t1"), trial("t2", "95", "96"), crop="wheat", regions=("north", "east"))
    assert set(EXPERIMENT_COLUMNS) <= set(frame.columns)
    assert frame["row_key"].tolist() == ["t1", "t2"]
    assert frame["arm_value"].tolist() == [0.9, 0.95]
    assert frame["status"].tolist() == ["reconciled", "reconciled"]
    assert frame["study.regions"].tolist() == ["north; east"] * 2
    assert frame["group"].tolist() == ["wheat"] * 2
    assert frame["study"].tolist() == ["Author 2001"] * 2
    assert frame["arm_typed"].tolist() == ["90 %", "95 %"]
    assert str(frame["arm_value"].dtype) == "float64"


def test_the_frame_for_gains_says_the_same_in_fewer_columns():
    studies = [study(1, trial("t1"), trial("t2", "95", "96")), study(2)]
    for form, own in (
        (made_up_form(), studies),
        (made_up_form(), []),
        (template("blank"), studies),
    ):
        whole, found = experiments_frame(own, form), gains_frame(own, form)
        expected = whole[[*GAINS_COLUMNS, "title"]]
        assert_frame_equal(found, expected, check_dtype=not whole.empty)


def test_rows_of_other_groups_are_no_experiments():
    assert frame_of(AnswerRow("x", "something else", 0, {})).empty


def test_a_form_without_a_comparison_has_no_experiments():
    assert experiments_frame([study(1)], template("blank")).empty


def test_no_studies_make_an_empty_frame_with_all_columns():
    frame = experiments_frame([], made_up_form())
    assert frame.empty
    assert set(EXPERIMENT_COLUMNS) <= set(frame.columns)


def test_what_is_missing_is_named_with_the_words_of_the_form():
    frame = frame_of(trial("t1", "", ""), trial("t2", "90", ""), trial("t3", unit=""))
    assert frame["value_problem"].tolist() == [
        "the treated value is not reported and the control value is not reported",
        "the control value is not reported",
        "the treated value has no known scale (90) and the control value has no known scale (80)",
    ]
    assert frame["status"].tolist() == ["", "reconciled", "reconciled"]
    assert math.isnan(frame["arm_value"].iloc[0])


def test_two_units_are_not_compared():
    row = AnswerRow(
        "t", "trial", 0, {"treated": Cell("0.9", "fraction"), "control": Cell("80", "percent")}
    )
    form = made_up_form()
    assert "known scale" in experiments_frame([study(1, row)], form)["value_problem"].iloc[0]


def test_units_that_cannot_be_converted_must_be_the_same():
    form = made_up_form()
    group = form.groups[1]
    units = (Unit("mm"), Unit("kg"))
    fields = tuple(
        replace(field, units=units) if field.key in {"treated", "control"} else field
        for field in group.fields
    )
    form = replace(form, groups=(form.groups[0], replace(group, fields=fields)))
    cells = {"treated": Cell("9", "mm"), "control": Cell("8", "kg")}
    frame = experiments_frame([study(1, AnswerRow("t", "trial", 0, cells))], form)
    assert frame["value_problem"].tolist() == ["the values have different units (mm, kg)"]


def test_another_architecture_is_refused_where_the_policy_says_so():
    form = made_up_form()
    strict = replace(form.comparison.policy, allow_other_architecture=False)
    form = replace(form, comparison=replace(form.comparison, policy=strict))
    rows = [trial("t1", against="plain soil"), trial("t2", against="manure"), trial("t3")]
    assert experiments_frame([study(1, *rows)], form)["comparator_problem"].tolist() == [
        "",
        "the comparator is not known to have the same architecture (manure)",
        "the comparator is not known to have the same architecture (-)",
    ]


def test_yes_and_no_are_shown_as_words():
    cells = {"site": Cell(value=True), "brand": Cell(value=False)}
    frame = frame_of(AnswerRow("t", "trial", 0, cells))
    assert (frame["task"].iloc[0], frame["model"].iloc[0]) == ("yes", "no")


def test_the_weaker_status_of_both_arms_counts():
    row = AnswerRow(
        "t",
        "trial",
        0,
        {
            "treated": Cell("90", "percent", AnswerStatus.RECONCILED, (1, 2)),
            "control": Cell("80", "percent", AnswerStatus.RAW, (2, 3)),
        },
    )
    frame = frame_of(row)
    assert frame["status"].tolist() == ["raw"]
    assert frame["value_ids"].tolist() == [(1, 2, 3)]


def test_a_comparator_that_the_policy_does_not_allow_is_named():
    frame = frame_of(trial("t1", against="other brand"), trial("t2", against="plain soil"))
    assert frame["comparator_class"].tolist() == ["rival", "plain"]
    assert frame["comparator_problem"].tolist() == [
        "the comparator is another brand (other brand)",
        "",
    ]


def test_the_terms_of_the_vocabulary_are_shown_without_remarks():
    cells = {"metric": Cell("AUC"), "fine_tuning": Cell("feature extraction (linear)")}
    one = StudyAnswers(1, "", None, "", rows=[AnswerRow("r", "experiment", 0, cells)])
    frame = experiments_frame([one], ssl_form())
    assert frame["metric"].tolist() == ["AUROC"]
    assert frame["row.fine_tuning"].tolist() == ["feature extraction"]
    assert frame["model"].tolist() == ["feature extraction (linear)"]
    assert frame["study"].tolist() == ["Study 1"]


def test_lower_is_better_comes_from_the_catalogue():
    frame = frame_of(trial("t1", measure="error rate"), trial("t2", measure="MAE"), trial("t3"))
    assert frame["lower_is_better"].tolist() == [True, True, False]
    assert frame["ceiling"].tolist()[::2] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        ("glow", "the metric “glow” is unknown; the form's comparison can give its direction"),
        ("", "no metric is stated"),
    ],
)
def test_an_unknown_metric_is_refused_and_never_taken_as_higher_is_better(measure, problem):
    frame = with_gains(frame_of(trial("t1", "90", "80", measure=measure)))
    assert frame["refused_reason"].iloc[0].startswith(problem)
    assert frame[["arm_value", "other_value", "relative_gain"]].isna().all(axis=None)
    assert frame["arm_typed"].tolist() == ["90 %"]


def test_the_forms_own_metric_says_which_direction_is_better():
    form = made_up_form()
    glow = Metric("glow", direction=Direction.LOWER)
    form = replace(form, comparison=replace(form.comparison, metrics=(glow,)))
    frame = experiments_frame([study(1, trial("t1", "60", "80", measure="Glow"))], form)
    assert with_gains(frame)["relative_gain"].tolist() == [pytest.approx(25)]


def test_studies_without_an_answer_say_so():
    frame = studies_frame([study(1), study(2, crop="maize")], made_up_form())
    assert frame["study.crop"].tolist() == ["not stated", "maize"]
    assert frame["year"].tolist() == [2001, 2002]
