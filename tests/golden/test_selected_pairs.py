"""The reporting policy against the worked example `selected_pairs.csv` of the seed review.

The example applies the paper's rules M11-M15 to `results.csv`. The policy chooses the same rows in
all 12 studies, although it also looks for the task in the title: no title of these studies names
one of its tasks and not the others.
"""

import pytest

from analytics.frames import experiments_frame
from analytics.stats.gains import with_gains
from analytics.tables.policy import mark_reported
from tests.analytics.seed import SCORES, demo_studies, rows_of, ssl_form


@pytest.fixture(scope="module")
def marked():
    form = ssl_form()
    frame = with_gains(experiments_frame(demo_studies(), form))
    return mark_reported(frame, form.comparison.policy)


def test_all_274_experiments_are_read_and_210_pairs_have_a_gain(marked):
    assert len(marked) == 274
    assert (marked["refused_reason"] == "").sum() == 210
    gains = marked.loc[marked["refused_reason"] == "", "relative_gain"]
    assert ((gains > 0).sum(), (gains < 0).sum(), (gains == 0).sum()) == (129, 77, 4)


@pytest.mark.parametrize("pair", rows_of("selected_pairs.csv"), ids=lambda row: row["ref_no"])
def test_the_policy_reports_the_rows_of_the_worked_example(marked, pair):
    rows = marked[marked["study_id"] == int(pair["ref_no"])].set_index("role")
    assert rows.loc["full", "row_key"] == pair["result_id_full"]
    assert rows.loc["full", "relative_gain"] == pytest.approx(
        float(pair["relative_difference_full_pct"]), abs=6e-4
    )
    if not pair["result_id_subset"]:
        assert "subset" not in rows.index
        return
    assert rows.loc["subset", "row_key"] == pair["result_id_subset"]
    assert rows.loc["subset", "relative_gain"] == pytest.approx(
        float(pair["relative_difference_subset_pct"]), abs=6e-4
    )


def test_no_other_study_has_a_reported_experiment(marked):
    reported = set(marked.loc[marked["role"] == "full", "study_id"])
    assert reported == {int(pair["ref_no"]) for pair in rows_of("selected_pairs.csv")}


def test_every_pair_is_the_one_printed_in_the_table_of_results(marked):
    known = marked.set_index("row_key")
    for row in rows_of("results.csv"):
        one = known.loc[row["result_id"]]
        if row["value_type"] == "pair":
            share = 100 if row["scale"] == "percent" else 1
            ssl, other = (float(row[key]) / share for key in SCORES)
            assert (one["arm_value"], one["other_value"]) == pytest.approx((ssl, other))
            assert one["relative_gain"] == pytest.approx(100 * (ssl - other) / other)
        else:
            assert one["refused_reason"] != ""


@pytest.mark.parametrize("pair", rows_of("selected_pairs.csv"), ids=lambda row: row["ref_no"])
def test_everything_the_example_says_of_a_row_is_what_the_chosen_row_says(marked, pair):
    rows = marked[marked["study_id"] == int(pair["ref_no"])].set_index("role")
    percent = 100 if rows.loc["full", "arm_typed"].endswith("%") else 1
    same = ("task", "dataset", "metric", "ssl_framework", "backbone", "fine_tuning", "evaluation")
    known = {row["result_id"]: row for row in rows_of("results.csv")}
    for role, digits in (("full", "full"), ("subset", "subset")):
        if not pair[f"result_id_{role}"]:
            continue
        printed = known[pair[f"result_id_{role}"]]
        row = rows.loc[role]
        assert {name: printed[name] for name in same} == {name: pair[name] for name in same}
        assert (row["comparator"], row["fraction"]) == (pair["baseline"], pair[f"{role}_fraction"])
        scores = [row["arm_value"] * percent, row["other_value"] * percent]
        expected = [float(pair[f"{arm}_{digits}"]) for arm in ("ssl", "supervised")]
        assert scores == pytest.approx(expected)
