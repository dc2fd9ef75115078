import csv
import dataclasses
import io
import json
import re
from html.parser import HTMLParser

import docx
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables.docx import to_docx
from analytics.tables.long import long_table1
from analytics.tables.model import Column, Row, Table, Value
from analytics.tables.print_writers import to_html, to_latex, to_markdown
from analytics.tables.provenance import with_provenance
from analytics.tables.table1 import table1
from analytics.tables.writers import as_number, lines_as_csv, to_csv, to_excel_csv, to_json
from analytics.tables.xlsx import to_xlsx
from extraction.schema.answers import AnswerStatus, Cell
from tests.analytics.tables.studies import AWKWARD, FORM, HEADER, RESULTS, STUDIES


@pytest.fixture
def table():
    return table1(FORM, STUDIES, RESULTS)


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet_of(table):
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(table))).active


def test_csv_reads_back_with_the_agreed_header(table):
    text = to_csv(table)
    rows = read_csv(text)

    assert text.split("\r\n")[0] == HEADER
    assert [row["study_id"] for row in rows] == ["3", "60", "58", "9"]
    assert rows[2]["ssl_performance"] == "0.8348"
    assert rows[2]["supervised_performance"] == "0.8330"
    assert rows[0]["ssl_performance"] == "98.460"
    assert rows[3]["strategy"] == ""


def test_csv_text_that_looks_like_a_formula_is_harmless(table):
    rows = read_csv(to_csv(table))

    assert rows[0]["title"] == "'" + AWKWARD
    assert rows[0]["outcome_task"] == "'-1+1"


def test_pandas_reads_numbers_as_numbers_and_the_unknown_as_missing(table):
    frame = pd.read_csv(io.StringIO(to_csv(table)))

    assert frame["relative_difference_full"].dtype == "float64"
    assert frame.loc[2, "relative_difference_full"] == pytest.approx(0.216086)
    assert pd.isna(frame.loc[3, "strategy"])


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def made_of(texts):
    columns = tuple(Column(f"c{i}", f"C {i}") for i in range(3))
    rows = tuple(
        Row(i, "", {f"c{j}": Value(text) for j, text in enumerate(line)})
        for i, line in enumerate(texts)
    )
    return Table("T", columns, rows)


lines = st.lists(st.tuples(cells, cells, cells), max_size=5)


@given(lines)
def test_whatever_is_written_as_csv_reads_back(texts):
    rows = read_csv(to_csv(made_of(texts)))

    for row, line in zip(rows, texts, strict=True):
        for read, text in zip(row.values(), line, strict=True):
            assert read in {text, f"'{text}"}
            assert not read.lstrip().startswith(("=", "@"))


awkward = st.text("=a-0 ,\"\r\n'", max_size=6)
proven = st.builds(
    Cell,
    value=st.just("a"),
    unit=awkward,
    status=st.sampled_from(AnswerStatus),
    value_ids=st.lists(st.integers(1, 99), max_size=2).map(tuple),
    page=st.none() | st.integers(1, 99),
    quote=awkward,
    location=awkward,
    source_url=awkward,
    decided_by=awkward,
)
values = st.builds(Value, awkward, st.none() | proven)


@given(st.lists(st.tuples(values, values), max_size=4), st.sampled_from(["", "c0_page", "c1_unit"]))
def test_csv_says_the_same_as_the_csv_module(told, taken):
    columns = [Column("c0", "C 0"), Column("c1", "C 1")]
    if taken:  # a column of its own stands where the page or unit of another would
        columns.append(Column(taken, taken))
    rows = tuple(
        Row(i, "", {"c0": one, "c1": other}, ("why,", str(i))[: i % 3])
        for i, (one, other) in enumerate(told)
    )
    plain = Table("T", tuple(columns), rows)
    for table in (plain, with_provenance(plain), turned_round(with_provenance(plain))):
        keys = [one.key for one in table.columns]
        said = ([row.said(one) for one in table.columns] for row in rows)
        assert to_csv(table) == lines_as_csv(keys, said)


def turned_round(table):
    return dataclasses.replace(table, columns=table.columns[::-1])


def test_an_empty_field_alone_is_no_empty_line():
    table = Table("T", (Column("a", "A"),), (Row(1, ""), Row(2, "", {"a": Value("x")})))
    assert to_csv(table) == 'a\r\n""\r\nx\r\n'


def test_the_columns_with_answers_are_known_as_the_long_form_is_made(table):
    long = long_table1(FORM, STUDIES, RESULTS)
    looked = with_provenance(dataclasses.replace(long, answered=None))
    assert long.answered
    assert with_provenance(long).columns == looked.columns


@settings(max_examples=20)
@given(
    st.lists(st.lists(st.text("=+-@a1 ,\"'\n<", max_size=9), min_size=3, max_size=3), max_size=4)
)
def test_whatever_is_written_as_xlsx_reads_back_as_text(texts):
    sheet = sheet_of(made_of(texts))

    for i, line in enumerate(texts, start=2):
        for j, text in enumerate(line, start=1):
            found = sheet.cell(i, j)
            assert (found.value or "") == text
            assert found.data_type != "f"


def test_xlsx_numbers_are_numbers_with_the_digits_extracted(table):
    sheet = sheet_of(table)
    header = [cell.value for cell in sheet[1]]
    place = header.index("ssl_performance") + 1

    assert ",".join(header) == HEADER
    assert sheet.cell(2, place).value == 98.46
    assert sheet.cell(2, place).number_format == "0.000"
    assert sheet.cell(4, place).number_format == "0.0000"
    assert sheet.cell(5, place).value is None
    assert sheet.cell(2, header.index("title") + 1).value == AWKWARD
    assert sheet.cell(2, header.index("title") + 1).data_type == "s"
    assert sheet.cell(2, header.index("year") + 1).value == 2021


def test_xlsx_takes_numbers_in_scientific_notation():
    table = Table("T", (Column("n", "N", is_number=True),), (Row(1, "", {"n": Value("1.5e-7")}),))

    assert sheet_of(table).cell(2, 1).value == 1.5e-7


def test_json_holds_numbers_nulls_and_evidence(table):
    document = json.loads(to_json(table))
    row = document["rows"][2]

    assert [column["key"] for column in document["columns"]] == HEADER.split(",")
    assert row["ssl_performance"] == 0.8348
    assert row["year"] == 2020
    assert row["clinical_domain"] is None
    assert row["evidence"]["supervised_performance"] == {
        "text": "0.8330",
        "unit": "fraction",
        "page": "6",
        "location": "",
        "quote": "as printed",
        "source_url": "",
        "status": "imported",
        "reconciled_by": "",
        "value_ids": "7",
    }
    assert document["rows"][0]["title"] == AWKWARD
    assert row["trace"] == ["AUROC comes first."]


def _split(lines):
    end = next(i for i, line in enumerate(lines) if not line)
    return lines[:end], lines[end:]


def test_markdown_has_one_line_per_row_and_no_markup_from_the_data(table):
    lines, notes = ([*part] for part in _split(to_markdown(table).splitlines()))
    width = len(table.columns)

    assert len(lines) == 2 + len(table.rows)
    assert all(len(re.findall(r"(?<!\\)\|", line)) == width + 1 for line in lines)
    assert r"\<f\>" in lines[2]
    assert "---:" in lines[1]
    assert [note[:5] for note in notes if note] == ["[^1]:", "[^2]:", "[^3]:"]
    assert lines[0].count("[^") == 3


def test_latex_escapes_what_latex_would_take_for_a_command(table):
    text = to_latex(table)

    assert r"\multicolumn{16}{l}{\textbf{contrastive}} \\*" in text
    assert r"\caption{Characteristics and results" in text
    assert r"c \& d \textbar{} e\_1 \textless{}f\textgreater{}" in text
    assert text.count(r"\begin{") == text.count(r"\end{") == 2
    assert r"\multicolumn{16}{l}{\textbf{Not stated}} \\*" in text


def test_word_holds_groups_values_with_units_and_numbered_footnotes(table):
    document = docx.Document(io.BytesIO(to_docx(table)))
    (made,) = document.tables
    texts = [[cell.text for cell in row.cells] for row in made.rows]
    head = texts[0]

    assert head[0] == "Year"
    assert head[-5].startswith("Difference1")
    assert texts[1][0] == "combined"
    place = head.index("SSL performance")
    assert [row[place] for row in texts if row[place].endswith("%")] == ["98.460 %"]
    assert any("+4.47" in row for row in texts)
    notes = [one.text for one in document.paragraphs if one.text[:2] in {"1 ", "2 ", "3 "}]
    assert notes[0].startswith("1 Difference: SSL minus supervised")
    assert document.element.xml.count("w:tblHeader") == 1


def test_excel_gets_a_byte_order_mark_and_pandas_reads_both_alike(table):
    plain, marked = to_csv(table).encode(), to_excel_csv(table).encode()

    assert marked == b"\xef\xbb\xbf" + plain
    one, other = (pd.read_csv(io.BytesIO(data)) for data in (plain, marked))
    pd.testing.assert_frame_equal(one, other)
    assert list(one.columns) == HEADER.split(",")
    assert one["ssl_performance"].dropna().tolist() == [98.46, 0.8348]
    assert one["relative_difference_full"].dtype == "float64"
    assert "\u81ea\u5df1" in one["title"].str.cat()


def test_print_shows_units_signs_and_rounded_gains(table):
    text = to_markdown(table)

    assert "| 98.460 % | 94.25 % | +4.2 | +4.47 |" in text
    assert "| 0.8348 | 0.8330 | +0.2 | +0.22 |" in text


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.cells = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def test_html_escapes_everything(table):
    read = Reader(to_html(table))

    assert "f" not in read.tags
    assert AWKWARD in [cell.strip() for cell in read.cells]
    assert read.tags.count("tbody") == 3
    assert "script" not in read.tags


@pytest.mark.parametrize("write", [to_csv, to_json, to_markdown, to_latex, to_html, to_xlsx])
def test_every_format_takes_an_empty_table_and_the_widest(write):
    empty = table1(FORM, [], RESULTS)
    widest = with_provenance(long_table1(FORM, STUDIES, RESULTS))

    assert write(empty)
    assert len(write(widest)) > len(write(empty))


def test_a_table_without_groups_has_no_group_headings():
    table = made_of([("a", "b", "c")])

    assert "multicolumn" not in to_latex(table)
    assert "rowgroup" not in to_html(table)


@pytest.mark.parametrize("text", ["", "nan", "inf", "1_000", "٣", "0.9 (0.8)", "98.46 %"])
def test_what_is_no_number_is_not_taken_for_one(text):
    assert as_number(text) is None
