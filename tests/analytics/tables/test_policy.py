"""The reporting policy, rule by rule, and against the worked example of the seed review."""

import dataclasses

import pytest

from analytics.frames import experiments_frame
from analytics.stats.gains import with_gains
from analytics.tables.policy import Role, amount_rank, mark_reported, select
from extraction.schema.comparison import FractionChoice, ModelChoice, TaskChoice
from tests.analytics.seed import made_up_form, study, trial

POLICY = made_up_form().comparison.policy


def chosen(*rows, title="", **policy):
    one = dataclasses.replace(study(1, *rows), title=title)
    frame = with_gains(experiments_frame([one], made_up_form()))
    return select(frame, dataclasses.replace(POLICY, **policy))


def test_one_experiment_is_the_report_without_a_word():
    assert chosen(trial("t1")) == (selection := chosen(trial("t1")))
    assert (selection.full, selection.subset, selection.trace) == ("t1", None, ())


def test_authors_come_before_others():
    found = chosen(trial("t1", "99", who="others"), trial("t2"))
    assert found.full == "t2"
    assert found.trace == ("Evaluation: authors before others.",)


def test_the_first_metric_of_the_priority_is_taken():
    found = chosen(trial("t1", measure="F1"), trial("t2"))
    assert found.full == "t2"
    assert found.trace == ("Metric: accuracy before F1.",)


def test_a_metric_outside_the_priority_is_taken_when_there_is_no_other():
    assert chosen(trial("t1", measure="kappa"), trial("t2", measure="Dice")).full == "t1"


def test_the_model_with_the_best_average_is_taken():
    rows = [
        trial("t1", "99", brand="X", site="A"),
        trial("t2", "60", brand="X", site="B"),
        trial("t3", "90", brand="Y", site="A"),
        trial("t4", "89", brand="Y", site="B"),
    ]
    assert chosen(*rows).full == "t3"
    assert chosen(*rows, model_choice=ModelChoice.HIGHEST).full == "t1"


def test_a_second_comparator_does_not_count_twice_in_the_average():
    rows = [
        trial("t1", "99", brand="X", site="A", against="plain"),
        trial("t2", "99", brand="X", site="A", against="manure"),
        trial("t3", "60", brand="X", site="B"),
        trial("t4", "80", brand="Y", site="A"),
    ]
    assert chosen(*rows).full == "t4"


def test_for_an_error_rate_the_lowest_average_is_the_best():
    rows = [trial(key, value, "50", brand=key, measure="error rate") for key, value in
            (("t1", "30"), ("t2", "10"))]  # fmt: skip
    assert chosen(*rows).full == "t2"


def test_the_task_named_in_the_title_is_taken_before_the_highest():
    rows = [trial("t1", "99", site="northern barley"), trial("t2", "90", site="coastal rice")]
    title = "Feeding rice on coastal fields"
    assert chosen(*rows, title=title).full == "t2"
    assert chosen(*rows, title=title, task_choice=TaskChoice.HIGHEST).full == "t1"
    assert chosen(*rows, title="Something else").full == "t1"


def test_the_preferred_comparator_is_taken():
    rows = [trial("t1", against="manure"), trial("t2", against="plain"), trial("t3", against="?")]
    found = chosen(*rows)
    assert found.full == "t2"
    assert found.trace == ("Comparator: plain soil before manure, unclassified.",)


def test_of_equal_comparators_the_strongest_is_taken():
    rows = [trial("t1", "90", "80", against="plain 1"), trial("t2", "90", "85", against="plain 2")]
    assert chosen(*rows).full == "t2"


def test_the_largest_and_the_smallest_amount_of_labels_are_reported():
    rows = [trial("t1", dose="1%"), trial("t2", dose="10%"), trial("t3", dose="full")]
    found = chosen(*rows)
    assert (found.full, found.subset) == ("t3", "t1")
    assert chosen(*rows, fraction_choice=FractionChoice.HIGHEST).subset is None


def test_counts_are_ordered_among_themselves():
    found = chosen(trial("t1", dose="5,120 per class"), trial("t2", dose="160 per class"))
    assert (found.full, found.subset) == ("t1", "t2")


def test_counts_beside_shares_are_left_out_and_said():
    found = chosen(trial("t1", dose="10%"), trial("t2", dose="160"), trial("t3", dose="some"))
    assert (found.full, found.subset) == ("t1", None)
    assert found.trace == (
        "Labels: left out without a stated amount: 1.",
        "Labels: counts cannot be ordered beside shares and are left out.",
    )


def test_without_any_amount_the_highest_value_is_reported():
    assert chosen(trial("t1", "90", dose=""), trial("t2", "95", dose="")).full == "t2"


def test_a_study_without_a_gain_says_why():
    assert chosen(trial("t1", "90", "")).trace == (
        "None of 1 experiments has a gain: the control value is not reported.",
    )
    assert chosen().trace == ("No experiment was extracted.",)


def test_two_studies_at_once_are_refused():
    frame = with_gains(
        experiments_frame([study(1, trial("t1")), study(2, trial("t2"))], made_up_form())
    )
    with pytest.raises(ValueError, match="2 studies"):
        select(frame, POLICY)


def test_a_frame_without_its_columns_is_refused():
    with pytest.raises(ValueError, match="no column"):
        mark_reported(experiments_frame([study(1, trial("t1"))], made_up_form()), POLICY)


def test_every_study_gets_its_own_marks():
    studies = [
        study(1, trial("t1"), trial("t2", dose="1%")),
        study(2, trial("t3"), trial("t4", "70", measure="F1")),
        study(3, trial("t5", "")),
    ]
    frame = with_gains(experiments_frame(studies, made_up_form()))
    marked = mark_reported(frame, POLICY)
    assert marked["role"].tolist() == ["full", "subset", "full", "other", "other"]
    assert marked["policy_trace"].iloc[2] == "Metric: accuracy before F1."
    assert set(Role) == {"full", "subset", "other"}


def test_the_whole_data_set_stands_above_any_share():
    nothing = float("nan")
    assert amount_rank(1.0, nothing)[1] > amount_rank(0.5, nothing)[1]
    assert amount_rank(nothing, 20.0) == ("count", 20.0)
    assert amount_rank(nothing, nothing)[0] == "unknown"
