"""The bars over real searches with known duplicates."""

import csv
from itertools import combinations

import pytest

from screening.dedup import find_duplicates
from screening.dedup.reading import read_csv

BARS = {
    "stroke": 0.9936,
    "respiratory": 0.97,
    "cytology_screening": 0.9922,
    "diabetes": 0.999,
}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize("name", sorted(BARS))
def test_no_false_merge_and_hardly_a_duplicate_missed(shared_data, name):
    folder = shared_data / "dedup" / name
    records = list(read_csv(folder / "records.csv"))
    groups = [row["merged_ids"].split(";") for row in rows_of(folder / "groups.csv")]
    work = {one: number for number, group in enumerate(groups) for one in group}
    result = find_duplicates(records)
    assert all(len({work.get(one, one) for one in group}) == 1 for group in result.merged)
    removed = sum(len(group) - 1 for group in result.merged)
    assert removed / sum(len(group) - 1 for group in groups) >= BARS[name]
    assert len(result.suggested) <= 0.02 * len(records)


def test_no_wrong_merge_among_the_records_of_the_first_review(shared_data):
    folder = shared_data / "ssl_review"
    work = {row["record_id"]: row["true_group"] for row in rows_of(folder / "records.csv")}
    hard = {
        frozenset((row["record_a"], row["record_b"]))
        for row in rows_of(folder / "records_hard_negatives.csv")
    }
    result = find_duplicates(read_csv(folder / "records.csv"))
    merged = {pair for group in result.merged for pair in combinations(group, 2)}
    assert merged
    assert all(work[one] == work[two] for one, two in merged)
    assert not {frozenset(pair) for pair in merged} & hard
    found = merged | {link.pair for link in result.suggested}
    assert sum(work[one] == work[two] for one, two in found) >= 33
