"""Reads the small tables that come with the demo."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
PAPER = "Huang et al. 2023"
Row = dict[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """The rows of one of the tables in `data/`, every cell as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def references() -> list[Row]:
    """The records of the paper's own reference list."""
    return [row for row in read_table("records.csv") if row["source_list"].startswith(PAPER)]


def studies() -> tuple[Row, ...]:
    """The 79 included studies."""
    return read_table("studies.csv")


def results_of(reference: str) -> list[Row]:
    """The performance values of the study with that reference number, in their order."""
    return [row for row in read_table("results.csv") if row["ref_no"] == reference]
