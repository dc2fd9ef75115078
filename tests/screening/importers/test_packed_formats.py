"""Excel workbooks and EndNote libraries: files that are ZIP archives."""

import io
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from screening.importers import enlx, packing, xlsx
from screening.importers.reader import ReadOptions
from screening.importers.report import ReportOptions, report_on
from tests.screening.importers.conftest import MakeFile, Report, messages, only


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_is_read(report_of: Report) -> None:
    report = report_of(
        workbook(
            ["Title", "Authors", "Year", "Seen", "Score"],
            ["One", "Moreau, A.; Berg, B.", 2020.0, date(2020, 1, 2), 1.5],
            [None, None, None, None, None],
            ["Two", None, 2021, True, None],
        )
    )
    first, second = report.records
    assert (report.format, report.encoding) == ("xlsx", "binary")
    assert (first.title, first.year, first.authors) == ("One", 2020, ("Moreau, A.", "Berg, B."))
    assert first.extra == {"Seen": ("2020-01-02",), "Score": ("1.5",)}
    assert (first.position, second.position) == (2, 4)
    assert second.extra == {"Seen": ("True",)}


def test_a_workbook_without_titles_is_refused_and_can_be_mapped(make_file: MakeFile) -> None:
    path = make_file(workbook(["foo", "bar"], ["One", 1]))
    assert "No column holds titles" in messages(report_on(path))
    options = ReportOptions(read=ReadOptions(mapping={"foo": "title"}), keep=1)
    assert only(report_on(path, options)).title == "One"


@pytest.mark.parametrize("names", [["xl/workbook.xml"], ["[Content_Types].xml", "xl/x"]])
def test_a_damaged_workbook_is_refused(report_of: Report, names: list[str]) -> None:
    assert "damaged" in messages(report_of(archive(dict.fromkeys(names, b"nothing"))))


def test_a_workbook_cut_short_is_refused(report_of: Report) -> None:
    assert "damaged" in messages(report_of(workbook(["Title"], ["One"])[:-40]))


def test_a_bomb_is_refused(report_of: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 100)
    assert "Unpacked" in messages(report_of(workbook(["Title"], ["One"])))


@pytest.mark.parametrize(
    ("limit", "part"), [("_MAX_STRINGS", "xl/sharedStrings.xml"), ("_MAX_PART", "xl/styles.xml")]
)
def test_a_part_that_has_to_be_held_in_memory_is_bounded(
    report_of: Report, monkeypatch: pytest.MonkeyPatch, limit: str, part: str
) -> None:
    monkeypatch.setattr(xlsx, limit, 10)
    said = messages(report_of(archive({"xl/workbook.xml": b"", part: b"x" * 11})))
    assert f"The part {part!r} of the file unpacks to 11 bytes" in said
    assert "Save it as CSV" in said


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def library(tmp_path: Path) -> bytes:
    path = tmp_path / "base"
    base = sqlite3.connect(path)
    base.execute(
        "CREATE TABLE refs (id, trash_state, author, title, year, keywords, url, "
        "electronic_resource_number, label)"
    )
    rows = [
        (2, 0, "Moreau, A\rBerg, B", "One", "2022", "a\rb", "http://x.example", "10.1000/l", "L"),
        (3, 1, "", "In the bin", "", "", "", "", ""),
    ]
    base.executemany("INSERT INTO refs VALUES (?,?,?,?,?,?,?,?,?)", rows)
    base.commit()
    base.close()
    return path.read_bytes()


def test_an_endnote_library_is_read(report_of: Report, library: bytes) -> None:
    report = report_of(archive({"sdb/sdb.eni": library}))
    record = only(report)
    assert report.format == "enlx"
    assert (record.title, record.authors) == ("One", ("Moreau, A", "Berg, B"))
    assert (record.year, record.doi, record.keywords) == (2022, "10.1000/l", ("a", "b"))
    assert record.extra == {"label": ("L",)}
    assert "title: One" in record.raw_text


@pytest.mark.parametrize(
    "parts", [{"sdb/other": b"x"}, {"sdb/sdb.eni": b"no data base, but long enough" * 40}]
)
def test_a_damaged_library_is_refused(report_of: Report, parts: dict[str, bytes]) -> None:
    assert "damaged" in messages(report_of(archive(parts)))


def test_a_library_beyond_all_measure_is_refused(
    report_of: Report, library: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enlx, "_MAX_BASE", 10)
    assert "at most 10 are read" in messages(report_of(archive({"sdb/sdb.eni": library})))


def test_a_whole_number_is_shown_without_a_point() -> None:
    assert xlsx._shown(2020.0) == "2020"


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW refs AS WITH RECURSIVE t(id, trash_state) AS "
        "(SELECT 1, 0 UNION ALL SELECT id + 1, 0 FROM t) SELECT * FROM t",
        "CREATE TABLE refs (id, trash_state, title AS (hex(zeroblob(90000000)))); "
        "INSERT INTO refs VALUES (1, 0)",
        "CREATE TABLE other (id, trash_state); CREATE VIEW refs AS SELECT * FROM other",
    ],
    ids=["view without end", "column that grows", "view"],
)
def test_a_library_that_computes_is_refused(report_of: Report, tmp_path: Path, schema: str) -> None:
    with closing(sqlite3.connect(tmp_path / "base")) as base:
        base.executescript(schema)
    report = report_of(archive({"sdb/sdb.eni": (tmp_path / "base").read_bytes()}))
    assert report.is_refused
    assert "The EndNote library is damaged." in messages(report)


def test_text_that_is_not_utf8_in_a_library_is_refused(report_of: Report, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "base")) as base:
        base.execute("CREATE TABLE refs (id, trash_state, title)")
        base.execute("INSERT INTO refs VALUES (1, 0, CAST(x'd4ff' AS TEXT))")
        base.commit()
    report = report_of(archive({"sdb/sdb.eni": (tmp_path / "base").read_bytes()}))
    assert report.is_refused


def test_a_library_whose_parts_lie_before_its_beginning_is_refused(report_of: Report) -> None:
    packed = archive({"sdb/sdb.eni": b"SQLite"})
    at = packed.rindex(b"PK\x01\x02") + 42  # where the part begins, told by the archive's list
    report = report_of(packed[:at] + b"\xff\xff\xff\x7f" + packed[at + 4 :])
    assert report.is_refused
