"""Reading a spreadsheet, guessing its columns and checking its cells, without a database."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema.templates import template
from extraction.sheets.checking import check_sheet, mapping_faults
from extraction.sheets.evidence import place_of
from extraction.sheets.grid import address, read_grid
from extraction.sheets.mapping import (
    Match,
    SheetMapping,
    mapping_from_json,
    mapping_to_json,
    suggested,
    target_of,
    targets_of,
)
from extraction.sheets.reading import Known
from screening.importers.parsed import ImportRefusedError

FORM = template("ssl_classification")
EXPERIMENT = {
    "study": "study",
    "task": "value:experiment:task",
    "metric": "value:experiment:metric",
    "ssl": "value:experiment:ssl_performance",
    "scale": "unit:experiment:ssl_performance",
    "page": "page::*",
    "quote": "quote:experiment:ssl_performance",
    "key": "row",
    "who": "person",
}
KNOWN = Known({"a": 1, "b": 2, "twice": None}, {"ed": 7}, {1: "Title A"})


def checked(text, known=KNOWN, **more):
    grid = read_grid(text.encode())
    mapping = SheetMapping(tuple(EXPERIMENT[name] for name in grid.header), **more)
    assert mapping_faults(mapping, FORM, grid) == []
    return check_sheet(grid, FORM, mapping, known)


def said(reading):
    return [(one.address, one.message) for one in reading.problems if not one.is_question]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_any_dialect(separator, encoding):
    lines = [["Study", "Überschrift"], ["Å 1", 'a "quoted" word'], ["", ""], ["B", "two\nlines"]]
    text = "\r\n".join(
        separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines
    )
    grid = read_grid(text.encode(encoding))
    assert grid.header == ("Study", "Überschrift")
    assert grid.rows == (("Å 1", 'a "quoted" word'), ("B", "two\nlines"))
    assert grid.numbers == (2, 4)


def workbook(rows, title="Data"):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_of_a_workbook_keep_their_digits_and_a_sheet_is_chosen_by_name():
    content = workbook([["study", "ssl"], ["A", 0.8348], ["B", 98], [None, True]])
    grid = read_grid(content, "Data")
    assert (grid.sheets, grid.sheet) == (("Read me", "Data"), "Data")
    assert grid.rows == (("A", "0.8348"), ("B", "98"), ("", "yes"))
    with pytest.raises(ImportRefusedError, match="no table"):
        read_grid(content)
    with pytest.raises(ImportRefusedError, match="damaged"):
        read_grid(content[:400])


@pytest.mark.parametrize(
    ("column", "expected"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")]
)
def test_addresses_are_those_of_a_spreadsheet(column, expected):
    assert address(column, 1) == expected


def test_every_wrong_cell_is_named_and_the_others_of_its_row_come_in():
    reading = checked(
        "study,task,metric,ssl,scale,page\n"
        "A,pneumonia,AUROC,0.942,0-1,p. 6\n"
        "A,edema,AUROC,92.1,0-1,6\n"
        "B,edema,AUROC,0.9,points,six\n"
        "C,edema,AUROC,0.9,%,6\n"
        ",edema,AUROC,0.9,0-1,6\n"
        "twice,edema,AUROC,0.9,0-1,6\n"
    )
    (first, message), *rest = said(reading)
    assert (first, "lies outside" in message) == ("D3", True)
    assert [place for place, _ in rest] == ["F4", "E4", "A5", "A6", "A7"]
    assert "No study here is “C”" in dict(rest)["A5"]
    assert "Two studies here are “twice”" in dict(rest)["A7"]
    a, b = reading.studies
    assert {place[2] for place in a.values} == {"task", "metric", "ssl_performance"}
    assert len(a.rows) == 2
    value = a.values["experiment", "row 2", "ssl_performance"]
    assert (value.value, value.unit, value.evidence) == ("0.942", "fraction", {"page": 6})
    assert ("experiment", "row 4", "ssl_performance") not in b.values
    assert b.values["experiment", "row 4", "task"].value == "edema"


def test_a_unit_is_never_guessed_and_may_hold_for_the_column():
    text = "study,task,metric,ssl\nA,x,AUROC,0.9\n"
    columns = tuple(EXPERIMENT[name] for name in ("study", "task", "metric", "ssl"))
    (fault,) = mapping_faults(SheetMapping(columns), FORM, read_grid(text.encode()))
    assert "In which unit is SSL performance: fraction (0-1) or percent?" in fault
    units = {"value:experiment:ssl_performance": "percent"}
    reading = checked(text, units=units)
    (value,) = (one for one in reading.studies[0].values.values() if one.unit)
    assert value.unit == "percent"
    assert [one.is_question for one in reading.problems] == [True, True], "both are asked about"


def test_rows_with_one_key_are_one_row_and_a_contradiction_names_the_first_cell():
    reading = checked(
        "study,key,task,metric,ssl,scale\n"
        "A,r1,x,AUROC,,\n"
        "A,r1,x,,0.9,0-1\n"
        "A,r1,y,,,\n"
        "A,r2,x,AUROC,0.8,0-1\n"
    )
    assert reading.rows == 2
    assert said(reading) == [("C4", "C2 says “x” of the same; that one is taken.")]


def test_people_are_found_by_name_and_unknown_ones_are_told():
    reading = checked("study,task,who\nA,x,Ed\nA,x,Eve\nB,x,\n")
    assert [(one.key, one.person) for one in reading.studies] == [("A", 7), ("B", None)]
    assert "Nobody in this review is “Eve”" in said(reading)[0][1]


def test_mappings_that_cannot_work_are_told():
    grid = read_grid(b"a,b,c\n1,2,3\n")

    def faults(*columns, **more):
        return " ".join(mapping_faults(SheetMapping(columns, **more), FORM, grid))

    assert "which study" in faults("value::strategy", "", "")
    assert "holds an answer" in faults("study", "page::*", "")
    assert "mean the same" in faults("study", "value::strategy", "value::strategy")
    assert "question is gone" in faults("study", "value::gone", "")
    assert "column with their titles" in faults(
        "study", "value::strategy", "", is_making_studies=True
    )
    assert "other columns" in faults("study")
    assert faults("study", "value::strategy", "") == ""


def test_every_target_survives_its_text_and_every_mapping_its_json():
    for _, lines in targets_of(FORM):
        for target, _ in lines:
            assert target_of(str(target)) == target
    mapping = SheetMapping(("study", "value::strategy"), Match.DOI, {"x": "percent"}, True)
    assert mapping_from_json(mapping_to_json(mapping)) == mapping
    assert mapping_from_json({}) == SheetMapping()


def test_names_of_columns_are_guessed():
    guess = suggested(["Study", "Strategy", "strategy_quote", "Fine-tuning", "whatever"], FORM)
    assert guess.columns == (
        "study",
        "value::strategy",
        "quote::strategy",
        "value::fine_tuning",
        "",
    )
    rows = suggested(["study_id", "task", "metric", "ssl_performance", "ssl_performance_unit",
                      "fine_tuning"], FORM)  # fmt: skip
    assert rows.match is Match.ID
    assert rows.columns[1:] == (
        "value:experiment:task",
        "value:experiment:metric",
        "value:experiment:ssl_performance",
        "unit:experiment:ssl_performance",
        "value:experiment:fine_tuning",
    )


def test_words_say_where_a_value_was_read():
    assert place_of("Table 2, column NCC") == "table"
    assert place_of("abstract https://x.example") == "abstract"
    assert place_of("nowhere") == ""


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
def test_no_text_breaks_the_reading_and_every_problem_has_an_address(rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["study", "task", "page"])
    for row in rows:
        writer.writerow(["".join(filter(str.isprintable, cell)) for cell in row])
    reading = checked(out.getvalue())
    assert all(one.address and one.message for one in reading.problems)
