"""Every pair behind the figures of the demo, checked one by one against its table of results."""

import pytest

from analytics.selectors.experiments import selection_of
from analytics.selectors.exports import gain_rows
from tests.analytics.seed import SCORES, rows_of

RESULTS = rows_of("results.csv")


def printed(row):
    share = 100 if row["scale"] == "percent" else 1
    try:
        numbers = [float(row[key]) / share for key in SCORES]
    except ValueError:
        return None
    return [round(number, 9) for number in numbers] if row["value_type"] == "pair" else None


def test_all_pairs_of_the_table_and_no_others_have_a_gain(review):
    rows = gain_rows(review)
    assert len(rows) == len(RESULTS) == 274
    ours = [
        [row["task"], row["metric"], round(row["ssl"], 9), round(row["supervised"], 9)]
        for row in rows
        if not row["refused_reason"]
    ]
    theirs = [[row["task"], row["metric"], *pair] for row in RESULTS if (pair := printed(row))]
    assert sorted(ours) == sorted(theirs)
    for row in rows:
        if not row["refused_reason"]:
            expected = 100 * (row["ssl"] - row["supervised"]) / row["supervised"]
            assert row["relative_gain"] == pytest.approx(expected, abs=1e-9)
            assert row["absolute_gain"] == pytest.approx(100 * (row["ssl"] - row["supervised"]))
            assert len(row["value_ids"]) == 2
    selection = selection_of(review)
    full = selection.experiments[selection.experiments["role"] == "full"]
    subset = selection.experiments[selection.experiments["role"] == "subset"]
    expected_full, expected_subset = (
        sorted(float(row[key]) for row in rows_of("selected_pairs.csv") if row[key])
        for key in ("relative_difference_full_pct", "relative_difference_subset_pct")
    )
    assert sorted(full["relative_gain"]) == pytest.approx(expected_full, abs=6e-4)
    assert sorted(subset["relative_gain"]) == pytest.approx(expected_subset, abs=6e-4)
