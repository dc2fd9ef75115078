"""Two ways on the same task, side by side (figures 3C and 3D)."""

import pytest

from analytics.figures.duels import Duel, duel
from tests.analytics.seed import made_up_form, study, trial
from tests.analytics.seed_figures import frames_of

GROUPS = Duel("groups", "group", "Crop", ("task", "metric", "fraction"))
BRANDS = Duel("brands", "row.brand", "Brand", ("study_id", "task", "metric"), "study_id")


def drawn(what, *studies):
    experiments, _, wording = frames_of(studies, made_up_form())
    return duel(experiments, what, wording)


def test_groups_meet_where_all_matching_columns_are_equal():
    figure = drawn(
        GROUPS,
        study(1, trial("t1", "90"), trial("t2", "91", site="B"), crop="wheat"),
        study(2, trial("t3", "85"), trial("t4", "95", dose="1%"), crop="maize"),
    )
    assert figure.sentence == (
        "wheat beats maize in 1 of 1 task (0 tied, 0 lost) (1 task from 2 studies, descriptive)."
    )
    assert figure.left_out == (
        "2 experiments have no counterpart that is equal in task, metric, fraction, "
        "or no stated crop.",
    )
    assert [trace["customdata"] for trace in figure.plot["data"][1:]] == [["/1/t1/"], ["/2/t3/"]]


def test_each_side_sends_its_best_row():
    figure = drawn(
        GROUPS,
        study(1, trial("t1", "80"), trial("t2", "90"), crop="wheat"),
        study(2, trial("t3", "85"), crop="maize"),
    )
    assert figure.plot["data"][1]["x"] == [90.0]


def test_the_lower_error_rate_wins():
    figure = drawn(
        GROUPS,
        study(1, trial("t1", "10", measure="error rate"), crop="wheat"),
        study(2, trial("t2", "20", measure="error rate"), crop="maize"),
    )
    assert figure.sentence.startswith("wheat beats maize in 1 of 1 task")


def test_inside_a_study_the_majority_of_tasks_counts_once():
    rows = [
        trial("t1", "90", brand="X"), trial("t2", "80", brand="Y"),
        trial("t3", "90", brand="X", site="B"), trial("t4", "80", brand="Y", site="B"),
        trial("t5", "70", brand="X", site="C"), trial("t6", "80", brand="Y", site="C"),
    ]  # fmt: skip
    tied = [trial("t7", brand="X"), trial("t8", brand="Y")]
    figure = drawn(BRANDS, study(1, *rows), study(2, *tied))
    assert figure.sentence.startswith("X beats Y in 1 of 2 studies (1 tied, 0 lost)")
    assert "4 tasks from 2 studies" in figure.sentence


def test_nobody_to_meet_is_said():
    figure = drawn(BRANDS, study(1, trial("t1")))
    assert figure.sentence == "No task was measured with two of them."
    assert figure.plot["data"] == []


def test_sides_that_are_not_stated_take_no_part():
    figure = drawn(BRANDS, study(1, trial("t1"), trial("t2", brand="")))
    assert figure.plot["data"] == []


def test_rows_without_a_known_baseline_do_not_meet():
    same_baseline = Duel("groups", "group", "Crop", ("task", "metric", "other_value"))
    figure = drawn(
        same_baseline,
        study(1, trial("t1", "90", ""), trial("t2", "80", "70"), crop="wheat"),
        study(2, trial("t3", "85", ""), trial("t4", "85", "70"), crop="maize"),
    )
    assert figure.sentence.startswith("wheat beats maize in 0 of 1 task (0 tied, 1 lost)")
    assert "value of the comparator" in figure.left_out[0]


def test_lanes_are_named_by_study_data_and_amount():
    rows = [trial("t1", brand="X", dose="full (said)"), trial("t2", brand="Y", dose="full (said)")]
    figure = drawn(BRANDS, study(1, *rows))
    assert figure.plot["layout"]["yaxis"]["ticktext"] == ["Author 2001 · A · full"]


@pytest.mark.parametrize("what", [GROUPS, BRANDS])
def test_an_empty_review_is_drawn_empty(what):
    assert drawn(what).left_out == ()
