"""What each format looks like to other programs."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from screening.exporters.exported import Exported, StageSight
from screening.exporters.registry import WRITERS, writer_named
from screening.exporters.types import kind_of
from screening.exporters.writer import Writer
from screening.importers.parsed import Link, LinkRole, ParsedRecord
from screening.importers.prior import PriorDecision
from screening.importers.report import ReportOptions, report_on

PAPER = ParsedRecord(
    title="Contrastive pre-training of {chest} X-ray & CT models",
    abstract="BACKGROUND: One.\nMETHODS: Two.",
    authors=("Moreau, Alice", "Müller, Jürgen"),
    year=2021,
    venue="Radiology",
    volume="12",
    issue="3",
    pages="100-109",
    doi="10.1000/x_1",
    pmid="123",
    urls=(Link("https://example.org/a_b", LinkRole.OFFICIAL, "", "https://example.org/a_b"),),
    keywords=("self-supervision", "x-ray"),
    type="JOUR",
    extra={"N1": ("Cited By :4",), "ZZ": ("unknown",)},
)
SAID = (
    PriorDecision("Sam", "exclude", "title_abstract", "wrong population"),
    PriorDecision("Olga", "include", "title_abstract"),
)
CONFLICT = Exported(
    PAPER,
    number="7",
    found_in="PubMed",
    stages=(StageSight("title_abstract", "conflict", "", "", SAID),),
    tags=("later",),
    notes=(("Sam", "see page 3"),),
)
EXCLUDED = StageSight("title_abstract", "excluded", "wrong population", "ruled by the adjudicator")


def text_of(writer: str, *records: Exported) -> str:
    return b"".join(writer_named(writer).stream(records)).decode("utf-8-sig")


def test_ris_has_the_tags_of_the_format_and_keeps_unknown_ones():
    text = text_of("ris", Exported(PAPER))
    assert text.startswith("TY  - JOUR\r\nTI  - Contrastive pre-training of {chest} X-ray & CT")
    for line in (
        "AU  - Müller, Jürgen",
        "PY  - 2021",
        "JF  - Radiology",
        "SP  - 100",
        "EP  - 109",
        "UR  - https://example.org/a_b",
        "KW  - x-ray",
        "AB  - BACKGROUND: One.\r\nMETHODS: Two.",
        "N1  - Cited By :4",
        "ZZ  - unknown",
    ):
        assert f"\r\n{line}\r\n" in text
    assert text.endswith("\r\nER  - \r\n\r\n")


def test_an_unknown_tag_of_ris_needs_no_note_to_survive():
    record = ParsedRecord(title="A", type="JOUR", venue="J", extra={"ZZ": ("one", "two")})
    assert "C8" not in text_of("ris", Exported(record))


def test_the_verdicts_stand_where_people_rayyan_and_asreview_look_for_them():
    text = text_of("ris", CONFLICT)
    assert (
        "N1  - Title & abstract: conflict. Sam: exclude (wrong population); Olga: include.\r\n"
    ) in text
    assert (
        'N1  - RAYYAN-INCLUSION: {"Sam"=>"Excluded", "Olga"=>"Included"} | RAYYAN-LABELS: later '
        "| RAYYAN-EXCLUSION-REASONS: wrong population\r\n"
    ) in text
    assert "N1  - Sam: see page 3\r\n" in text
    assert "ASReview" not in text, "an open record is neither relevant nor irrelevant"
    assert "N1  - ASReview_irrelevant\r\n" in text_of("ris", Exported(PAPER, stages=(EXCLUDED,)))


def test_a_ruling_is_named_with_its_reason():
    text = text_of("ris", Exported(PAPER, stages=(EXCLUDED,)))
    assert (
        "N1  - Title & abstract: excluded (wrong population), ruled by the adjudicator.\r\n" in text
    )


def test_bibtex_escapes_what_latex_takes_for_commands():
    text = text_of("bibtex", Exported(PAPER))
    assert text.startswith("@article{Moreau2021-1,\n  author = {Moreau, Alice and Müller, Jürgen}")
    assert r"title = {Contrastive pre-training of \{chest\} X-ray \& CT models}" in text
    assert "doi = {10.1000/x_1}" in text
    assert "pages = {100--109}" in text


def test_bibtex_keeps_a_key_and_a_type_of_its_own():
    record = ParsedRecord(title="A", type="inproceedings", extra={"key": ("he2020",)})
    assert text_of("bibtex", Exported(record)).startswith("@inproceedings{he2020,\n")


def test_csl_json_is_one_list_of_items():
    items = json.loads(text_of("csl_json", CONFLICT, Exported(PAPER)))
    assert [item["id"] for item in items] == ["7", "record-2"]
    assert items[0]["type"] == "article-journal"
    assert items[0]["author"][1] == {"family": "Müller", "given": "Jürgen"}
    assert items[0]["issued"] == {"date-parts": [[2021]]}
    assert "Olga: include" in items[0]["note"]


def test_pubmeds_format_begins_with_its_id_and_names_people_in_full():
    text = text_of("nbib", Exported(PAPER))
    assert text.startswith("PMID- 123\nTI  - Contrastive")
    assert "\nFAU - Moreau, Alice\n" in text
    assert "\nLID - 10.1000/x_1 [doi]\n" in text


@pytest.mark.parametrize("nasty", ["=1+1", "@SUM(A1)", "-2+3", "+cmd|' /C calc'!A0", " =x", "＝1"])
def test_formulas_are_harmless_in_csv_and_read_back_as_they_were(nasty: str, tmp_path: Path):
    record = ParsedRecord(title=nasty.strip(), authors=(nasty.strip(),), keywords=(nasty.strip(),))
    text = text_of("csv", Exported(record, number="1"))
    header, row = csv.reader(io.StringIO(text, newline=""))
    cells = dict(zip(header, row, strict=True))
    for name in ("title", "authors", "keywords"):
        assert cells[name] == f"'{nasty.strip()}"
    path = tmp_path / "out.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (again,) = report_on(path, ReportOptions(keep=1)).records
    assert (again.title, again.authors, again.keywords) == (
        record.title,
        record.authors,
        record.keywords,
    )


def test_formulas_are_plain_text_in_excel(tmp_path: Path):
    path = tmp_path / "out.xlsx"
    record = ParsedRecord(title="=HYPERLINK(1)", year=2020)
    path.write_bytes(b"".join(writer_named("xlsx").stream([Exported(record, number="5")])))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
    row = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))[1]
    assert row[:2] == (5, "=HYPERLINK(1)"), "the mark is the cell's, not a letter of the text"


def test_a_cell_too_long_for_excel_says_that_it_was_cut(tmp_path: Path):
    path = tmp_path / "out.xlsx"
    record = ParsedRecord(title="A", abstract="x" * 40_000, extra={"long": ("y" * 40_000,)})
    path.write_bytes(b"".join(writer_named("xlsx").stream([Exported(record)])))
    (again,) = report_on(path, ReportOptions(keep=1)).records
    assert again.title == "A"
    assert again.abstract.endswith(
        "[cut: 40,000 letters, a cell holds 32,767; the CSV export has them all]"
    )


def test_the_columns_of_a_table_tell_status_reason_and_verdicts():
    header, row = csv.reader(io.StringIO(text_of("csv", CONFLICT), newline=""))
    cells = dict(zip(header, row, strict=True))
    assert cells["title_abstract_status"] == "conflict"
    assert cells["title_abstract_verdicts"] == "Sam: exclude (wrong population); Olga: include"
    assert (cells["found_in"], cells["team_tags"]) == ("PubMed", "later")
    assert (cells["full_text_status"], cells["included"]) == ("", "")


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_no_record_makes_an_empty_file_of_the_format(writer: Writer):
    data = b"".join(writer.stream([]))
    if writer.name == "csl_json":
        assert json.loads(data) == []
    elif writer.name == "csv":
        assert data.decode("utf-8-sig").startswith("record_id,title,")
    elif writer.name != "xlsx":
        assert data == b""


@pytest.mark.parametrize("writer", [one for one in WRITERS if one.name != "xlsx"])
def test_a_record_is_written_before_the_next_is_asked_for(writer: Writer):
    asked = 0

    def records() -> Iterator[Exported]:
        nonlocal asked
        for _ in range(1000):
            asked += 1
            yield Exported(PAPER)

    pieces = writer.stream(records())
    while asked == 0:
        next(pieces)
    assert asked == 1


def test_an_unknown_format_is_named():
    with pytest.raises(ValueError, match="unknown format 'doc'"):
        writer_named("doc")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("JOUR", "journal article"),
        ("proceedings-article", "conference paper"),
        ("book-chapter", "chapter"),
        ("PhD Thesis", "thesis"),
        ("posted-content", "preprint"),
        ("EDBOOK", "book"),
        ("", "journal article"),
    ],
)
def test_kinds_are_found_in_any_formats_words(words: str, kind: str):
    assert kind_of(words, has_venue=True) == kind
    assert kind_of("", has_venue=False) == "other"
