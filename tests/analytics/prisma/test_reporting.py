"""The checklist and the search report, from plain facts."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from docx import Document

from analytics.prisma.reporting.checklist import FILLERS, checklist_of
from analytics.prisma.reporting.facts import (
    ExcludedReport,
    FormFacts,
    ReviewFacts,
    SearchRun,
    SourceFacts,
    StageFacts,
)
from analytics.prisma.reporting.items import CHECKLIST, SEARCH_ITEMS
from analytics.prisma.reporting.searches import search_report_of, search_rows
from analytics.prisma.reporting.writers import written

NOTHING = ReviewFacts(moment=datetime(2026, 11, 22, 9, 30, tzinfo=UTC), title="Gains of SSL")
FULL = ReviewFacts(
    moment=NOTHING.moment,
    title="Gains of SSL: a systematic review",
    question="Does SSL help?",
    criteria=("Images", "=Compares with a baseline"),
    registration="CRD42022000000",
    protocol="osf.io/abcde",
    stages=(
        StageFacts("Title and abstract", 2, True, True, "Alpha was 0.8."),
        StageFacts("Full text", 1, True, True),
    ),
    sources=(
        SourceFacts("PubMed", "database", 1320, 1200),
        SourceFacts("ClinicalTrials.gov", "register", 1),
        SourceFacts("Reference lists", "citation searching", 4),
        SourceFacts("Version of 2019", "previous version", 7),
    ),
    searches=(
        SearchRun("PubMed", "Database", "Ovid", date(2022, 5, 1), "a OR b", 1320, 120),
        SearchRun("PubMed", "Database", "Ovid", date(2023, 5, 1), "a OR b", 40, 40),
        SearchRun("ClinicalTrials.gov", "Register"),
    ),
    duplicates={"Same identifier": 12},
    flow={
        "database_results": 1320,
        "duplicates": 1212,
        "declared_duplicates": 1200,
        "records_screened": 108,
        "records_excluded": 100,
        "other_sought_reports": 4,
        "new_studies": 3,
    },
    is_running=True,
    excluded=(ExcludedReport("Moreau 2021. A title", "Wrong task"),),
    studies=("Moreau 2021", "Ray 2022"),
    form=FormFacts(
        "SSL", 3, ("Task", "SSL performance"), ("SSL performance",), ("AUROC first.",), True
    ),
)


def told(table):
    return {row.item.number: row.told for row in table.rows}


def test_the_checklist_has_the_official_numbers():
    numbers = [item.number for item in CHECKLIST]
    assert len(numbers) == len(set(numbers)) == 42
    assert {int(number.rstrip("abcdef")) for number in numbers} == set(range(1, 28))
    assert [item.number for item in SEARCH_ITEMS] == [str(i) for i in range(1, 17)]
    assert set(FILLERS) <= set(numbers)


def test_what_only_the_authors_know_is_left_to_be_written():
    table = checklist_of(FULL)
    open_ones = {row.item.number for row in table.rows if row.is_open}
    assert {"2", "3", "11", "14", "15", "18", "21", "22", "23a", "25", "26"} <= open_ones
    assert table.filled == 42 - len(open_ones)


def test_a_review_without_facts_fills_hardly_anything():
    assert {number for number, text in told(checklist_of(NOTHING)).items() if text} == {
        "1",
        "16a",
    }
    assert not any(told(search_report_of(NOTHING)).values())
    assert "does not say yet" in told(checklist_of(NOTHING))["1"]


def test_the_cells_say_what_the_review_knows():
    cells = told(checklist_of(FULL))
    assert cells["1"] == "Working title: Gains of SSL: a systematic review"
    assert "- Images" in cells["5"]
    assert (
        "PubMed (database): 1,320 records, of which 1,200 declared, last searched 2023-05-01"
        in (cells["6"])
    )
    assert "PubMed via Ovid, 2022-05-01: a OR b" in cells["7"]
    assert "two people per record, blinded to each other's verdicts" in cells["8"]
    assert "Alpha was 0.8." in cells["8"]
    assert "Full text: one person per record." in cells["8"]
    assert 'the form "SSL" (version 3)' in cells["9"]
    assert "Results sought: SSL performance." in cells["10a"]
    assert cells["10b"] == "Variables of the form: Task."
    assert "Duplicate records removed: 1,212" in cells["16a"]
    assert "Reports sought for retrieval (other methods): 4" in cells["16a"]
    assert "will change" in cells["16a"]
    assert cells["16b"] == "- Moreau 2021. A title: Wrong task"
    assert "2 studies" in cells["17"]
    assert cells["24a"] == "CRD42022000000"


def test_the_search_report_says_what_the_review_knows():
    cells = told(search_report_of(FULL))
    assert cells["1"] == "- PubMed via Ovid"
    assert "ClinicalTrials.gov" in cells["3"]
    assert "Reference lists" in cells["5"]
    assert "PubMed was searched again: 2022-05-01, 2023-05-01" in cells["12"]
    assert "PubMed: 2023-05-01" in cells["13"]
    assert "Together: 1,325 records" in cells["15"]
    assert "Version of 2019" not in cells["15"]
    assert "Same identifier: 12" in cells["16"]
    assert "declared: 1,200" in cells["16"]
    assert cells["14"] == ""


def test_a_search_without_facts_is_to_be_written():
    rows = search_rows(FULL)
    assert rows[0] == (
        "PubMed",
        "Database",
        "Ovid",
        "2022-05-01",
        "a OR b",
        "To be written",
        "1320",
        "120",
    )
    assert rows[2].count("To be written") == 5


@pytest.mark.parametrize("report", ["checklist", "searches"])
def test_the_csv_opens_in_a_spreadsheet_without_formulas(report):
    rows = list(csv.reader(io.StringIO(written(FULL, report, "csv").decode(), newline="")))
    assert len(rows) == {"checklist": 43, "searches": 4}[report]
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_the_word_file_holds_every_item_and_the_table_of_searches():
    document = Document(io.BytesIO(written(FULL, "checklist", "docx")))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells][2] == "Item"
    assert [row.cells[2].text for row in table.rows[1:]] == [item.number for item in CHECKLIST]
    assert table.rows[2].cells[4].text == "To be written"
    assert "Computed 2026-11-22 09:30 UTC" in document.paragraphs[2].text

    document = Document(io.BytesIO(written(FULL, "searches", "docx")))
    assert [len(one.rows) for one in document.tables] == [4, 17]
    empty = Document(io.BytesIO(written(NOTHING, "searches", "docx")))
    assert "No search is documented yet." in [line.text for line in empty.paragraphs]


def test_letters_that_xml_cannot_hold_do_not_break_the_word_file():
    facts = ReviewFacts(moment=NOTHING.moment, title="A\x00B\x0bC", question="a\x01b")
    assert written(facts, "checklist", "docx").startswith(b"PK")


@pytest.mark.parametrize(("report", "file_format"), [("poem", "csv"), ("checklist", "pdf")])
def test_another_report_or_format_is_refused(report, file_format):
    with pytest.raises(ValueError, match="There is no report"):
        written(NOTHING, report, file_format)
