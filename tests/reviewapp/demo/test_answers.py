import csv
import io

from reviewapp.demo.answers import (
    RESULT_MEANING,
    STUDY_MEANING,
    UNITS,
    result_line,
    results_sheet,
    studies_sheet,
    study_line,
    value_note,
)
from reviewapp.demo.tables import read_table, studies


def result(number: str) -> dict[str, str]:
    return next(row for row in read_table("results.csv") if row["result_id"] == number)


def test_every_printed_number_goes_out_with_its_digits_and_unit():
    for row in read_table("results.csv"):
        line = result_line(row)
        for key in ("ssl_performance", "supervised_performance"):
            if row[key] and "-" not in row[key]:
                assert (line[key], line["unit"]) == (row[key], UNITS[row["scale"]])
            else:
                assert key not in line


def test_the_sheets_have_a_meaning_for_each_column_and_a_line_for_each_row():
    for sheet, meaning, rows in (
        (studies_sheet(), STUDY_MEANING, studies()),
        (results_sheet(), RESULT_MEANING, read_table("results.csv")),
    ):
        lines = list(csv.DictReader(io.StringIO(sheet.decode(), newline="")))
        assert list(lines[0]) == list(meaning)
        assert [line["study"] for line in lines] == [row["ref_no"] for row in rows]


def test_a_printed_range_is_kept_in_words():
    assert value_note(result("R181")) == "Supervised performance printed as 81-92 (percent)."


def test_a_stated_difference_is_kept_in_words():
    assert "Stated difference: +0.096 (95% CI 0.061-0.130)." in value_note(result("R041"))


def test_a_comparator_that_is_not_supervised_is_said_so():
    assert "not purely supervised" in value_note(result("R248"))


def test_the_certainty_of_a_strategy_is_told():
    doubtful = next(row for row in studies() if row["strategy_certainty"] == "C")
    assert "doubtful" in study_line(doubtful)["strategy_note"]


def test_an_empty_cell_proves_nothing():
    unknown = next(row for row in studies() if not row["ssl_framework"])
    assert not [key for key in study_line(unknown) if key.startswith("ssl_framework")]
