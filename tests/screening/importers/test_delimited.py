import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importers.delimited import (
    Row,
    read_rows,
    sniff_layout,
    split_keywords,
)
from screening.importers.files import Head
from screening.importers.parsed import Severity
from screening.importers.reader import ReadOptions
from screening.importers.report import ReportOptions, report_on
from tests.screening.importers.conftest import MakeFile, Report, messages, only


def test_a_table_with_known_headers_is_mapped(report_of: Report) -> None:
    record = only(
        report_of(
            "Title,Authors,Publication Year,Source title,DOI,Start page,End page,Cited by,Link\n"
            '"A, title",Moreau A.; Berg B.,2020,Radiology,10.1000/a,1,9,17,https://x.example\n'
        )
    )
    assert (record.title, record.authors) == ("A, title", ("Moreau A.", "Berg B."))
    assert (record.year, record.venue, record.doi) == (2020, "Radiology", "10.1000/a")
    assert record.pages == "1-9"
    assert record.extra == {"Cited by": ("17",)}
    assert record.urls[0].url == "https://x.example"
    assert record.position == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(report_of: Report, delimiter: str) -> None:
    rows = [["title", "year", "abstract"], ["One; two, three | four", "2020", "x"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    assert only(report_of(stream.getvalue())).title == "One; two, three | four"


def test_a_declared_delimiter_is_obeyed(report_of: Report) -> None:
    assert only(report_of("sep=;\ntitle;year\nOne, two;2020\n")).title == "One, two"


def test_a_table_without_a_title_column_is_refused_with_its_columns(report_of: Report) -> None:
    report = report_of("foo,year,doi\n1,2020,10.1000/a\n")
    assert report.is_refused
    assert "No column holds titles. Columns found: 'foo', 'year', 'doi'" in messages(report)


def test_a_mapping_given_by_a_person_wins(make_file: MakeFile) -> None:
    options = ReportOptions(read=ReadOptions(mapping={"foo": "title"}), keep=9, format="csv")
    record = only(report_on(make_file("foo,year\nOne,2020\n"), options))
    assert record.title == "One"
    assert record.year is None
    assert record.extra == {"year": ("2020",)}


def test_lines_above_the_header_are_reported(report_of: Report) -> None:
    report = report_of("Export of 3 May\n\nTitle,Year\nOne,2020\n")
    assert only(report).title == "One"
    assert "above the header" in messages(report)


def test_an_empty_row_is_reported_and_not_rejected(report_of: Report) -> None:
    report = report_of("title,year\nOne,2020\n,\nTwo,2021\n")
    assert report.found == 2
    assert [(p.position, p.severity) for p in report.problems] == [(3, Severity.WARNING)]


def test_a_row_of_another_width_keeps_all_its_cells(report_of: Report) -> None:
    report = report_of("title,year\nOne,2020,more\nTwo\n")
    assert report.records[0].extra == {"column 3": ("more",)}
    assert report.records[1].title == "Two"
    assert "3 cells, the header 2" in messages(report)


def test_empty_cells_beyond_the_header_are_nothing(report_of: Report) -> None:
    assert not report_of("title,year\nOne,2020,,\n").problems


def test_a_cell_over_several_lines_is_one_cell(report_of: Report) -> None:
    report = report_of('title,abstract\nOne,"first\r\nsecond, with comma"\nTwo,x\n')
    assert report.records[0].abstract == "first\r\nsecond, with comma"
    assert [record.position for record in report.records] == [2, 4]


def test_an_open_quote_swallows_no_other_row(report_of: Report) -> None:
    report = report_of('title,year,doi\nOne,2020,a\nT"wo,2020,b\n"Three,2020,c\nFour,2020,d\n')
    assert [record.title for record in report.records] == ["One", 'T"wo', "Four"]
    (problem,) = [p for p in report.problems if p.severity is Severity.REJECTED]
    assert problem.position == 4
    assert "never closed" in problem.message
    assert problem.raw == '"Three,2020,c'


def test_an_open_quote_closed_by_a_later_one_swallows_no_other_row(report_of: Report) -> None:
    text = 'title,year,doi\n"One,2020,a\nTwo,2020,b\n"Three",2020,c\n'
    report = report_of(text)
    assert [record.title for record in report.records] == ["Two", "Three"]
    assert report.rejected == 1


def test_two_open_quotes_do_not_join_two_rows_into_one_of_the_right_width(
    report_of: Report,
) -> None:
    report = report_of('Title,Authors,Year\n"One,Ada,2020\n2,"Two,2021\nThree,Cy,2022\n')
    assert [problem.position for problem in report.problems if problem.severity == "rejected"] == [
        2,
        3,
    ]
    assert [record.title for record in report.records] == ["Three"]


def test_quotes_inside_a_cell_of_several_lines_do_not_reject_it(report_of: Report) -> None:
    text = 'Title,Abstract,Year\nOne,"He said ""no"", and\nthen, ""yes"", all\nday",2020\n'
    report = report_of(text)
    assert [record.title for record in report.records] == ["One"]
    assert not report.rejected


def test_a_row_that_never_ends_is_rejected(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.importers.delimited._MAX_ROW", 60)
    report = report_of('title,abstract\n"One,x\n' + "word, " * 5 + "\n" + "Two,y\n" * 12)
    assert report.rejected >= 1
    assert [record.title for record in report.records].count("Two") == 12


def test_headers_named_twice_or_not_at_all_stay_apart() -> None:
    layout = sniff_layout(_head("title,note,note,\nOne,a,b,c\n"), ReadOptions())
    assert layout.headers == ("title", "note", "note (2)", "column 4")


def test_a_single_column_of_titles_is_a_table(report_of: Report) -> None:
    report = report_of("Title\nOne long title\nAnother\n")
    assert [record.title for record in report.records] == ["One long title", "Another"]


def test_prose_is_no_table(report_of: Report) -> None:
    report = report_of("Dear colleague,\n\nplease find below what you asked for.\nYours, A.\n")
    assert report.is_refused


def test_a_link_column_that_holds_no_address_is_kept(report_of: Report) -> None:
    report = report_of("title,url,code\nOne,see the site,https://github.com/a/b\n")
    record = only(report)
    assert record.extra == {"url": ("see the site",)}
    assert str(record.urls[0].role) == "code"


def test_a_year_that_cannot_be_read_is_kept_and_reported(report_of: Report) -> None:
    report = report_of("title,year\nOne,in press\n")
    assert only(report).extra == {"year": ("in press",)}
    assert "No year could be read from 'in press'" in messages(report)


@pytest.mark.parametrize(
    ("cell", "keywords"),
    [
        ("a; b", ["a", "b"]),
        ("a|b", ["a", "b"]),
        ("a, b", ["a", "b"]),
        ("one two", ["one two"]),
        ("['x', 'y']", ["x", "y"]),
        ("", []),
    ],
)
def test_keywords_are_split(cell: str, keywords: list[str]) -> None:
    assert split_keywords(cell) == keywords


cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30)


@given(table=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=20))
def test_rows_written_are_rows_read(table: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(table)
    lines = [(at, f"{line}\n") for at, line in enumerate(stream.getvalue().split("\r\n"), 1)]
    rows = [row.cells for row in read_rows(lines, ",", width=3) if isinstance(row, Row)]
    assert [row for row in rows if row] == table


def _head(text: str) -> Head:
    return Head(text.encode(), text, is_whole=True)


def test_a_row_whose_cells_run_together_is_rejected_and_no_other():
    head = "title,year,notes\n"
    broken = '"Two has an open quote,2020,"a ""note"" of it"\n'
    rows = f'One,2019,x\n{broken}Three,2021,"y"\nFour "with" marks,2022\n'
    items = list(read_rows(enumerate((head + rows).splitlines(keepends=True), 1), ",", width=3))
    found = [one.cells[0] if isinstance(one, Row) else (one.position, one.raw) for one in items]
    assert found == ["title", "One", (3, broken.rstrip()), "Three", 'Four "with" marks']
