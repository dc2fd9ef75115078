"""No damaged file crashes a reader, hangs it or makes it grow beyond its bound."""

import gzip
import io
import itertools
import json
import random
import re
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from screening.importers import packing
from screening.importers.report import FileReport, ReportOptions, report_on
from tests.screening.importers.conftest import MakeFile, Report, messages
from tests.screening.importers.damage import damaged
from tests.screening.importers.test_dialects import RIS
from tests.screening.importers.test_tagged_formats import ENW, NBIB, OVID_TAGS, WOS

RECORD = {"title": "A title", "type": "article", "paperId": "1", "abstract": "Text. " * 20}


def _workbook() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in (["Title", "Authors", "Year"], ["One", "A; B", 2021], ["Two", "C", 2020]):
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


SAMPLES = {
    "ris": "".join(text.format(title="A title") + "ER  - \n" for text in RIS.values()).encode(),
    "nbib": NBIB.encode(),
    "wos": WOS.encode(),
    "ovid": OVID_TAGS.encode(),
    "enw": ENW.encode(),
    "bibtex": b"@string{j = {J}}\n@article{a,\n title = {A {T}itle},\n journal = j # { B},\n}\n"
    * 5,
    "xml": b"<xml><records><record><ref-type name='A'>1</ref-type><titles><title>T</title></titles>"
    b"</record></records></xml>",
    "pubmed": b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation>"
    b"</PubmedArticle></PubmedArticleSet>",
    "json": json.dumps({"results": [RECORD] * 5}).encode(),
    "csv": b'Title,Authors,Year,Abstract\nOne,"A, B; C, D",2021,"two\nlines"\nTwo,E,2020,x\n' * 5,
    "markdown": b"## 2021\n\n| Title | Paper |\n|---|---|\n| One | [a](http://x.example) |\n" * 3,
    "xlsx": _workbook(),
    "gzip": gzip.compress(WOS.encode()),
}


def _survives(report: FileReport) -> None:
    """A report is complete, and every letter of it can be written."""
    assert report.imported == len(report.records)
    assert report.is_refused <= bool(report.problems)
    json.dumps(report.as_dict(with_records=True), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("kind", SAMPLES)
def test_damaged_copies_are_read_or_refused(kind: str, make_file: MakeFile) -> None:
    for number in range(60):
        dice = random.Random(f"{kind}/{number}")  # noqa: S311 - chance, not secrecy
        _survives(report_on(make_file(damaged(SAMPLES[kind], dice)), ReportOptions(keep=10**6)))


LONG = b"x" * (10 * 1024 * 1024)
HEADS = {
    "ris": b"TY  - JOUR\nTI  - One\nAB  - %s\nER  - \n",
    "nbib": b"PMID- 1\nOWN - NLM\nTI  - One\nAB  - %s\n",
    "wos": b"FN ISI\nPT J\nTI One\nAB %s\nER\n",
    "enw": b"%%0 Book\n%%T One\n%%X %s\n",
    "bibtex": b"@article{a, title={One},\n abstract={%s}}\n",
    "csv": b'title,abstract\nOne,"%s"\n',
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_line_of_ten_million_letters_stays_within_its_bound(
    kind: str, make_file: MakeFile
) -> None:
    path = make_file(HEADS[kind] % LONG)
    tracemalloc.start()
    report = report_on(path, ReportOptions(keep=10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.problems
    assert peak < 100 * 1024 * 1024


def test_an_entity_bomb_is_refused(report_of: Report) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    text += "<PubmedArticleSet><PubmedArticle>&b;</PubmedArticle></PubmedArticleSet>"
    assert "declares entities" in messages(report_of(text))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "sdb/sdb.eni"])
def test_a_zip_bomb_is_refused(
    name: str, report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 1000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml" if name[0] == "x" else "sdb/x", b"")
        archive.writestr(name, bytes(100_000))
    report = report_of(stream.getvalue())
    assert report.is_refused
    assert "larger" in messages(report)


FILLERS = [
    b"x",
    b" ",
    b"\n",
    b"{",
    b'"',
    b"| ",
    b"; ",
    b"-",
    b"\\",
    b"&lt;",
    b"`",
    b"=",
    b"a = ",
    b"$",
]


@pytest.mark.parametrize("filler", FILLERS)
def test_a_long_run_of_one_sign_costs_no_more_than_its_length(
    filler: bytes, make_file: MakeFile
) -> None:
    """What grows with the square of a line's length would take hours here."""
    begun = time.process_time()
    for head, kind in itertools.product((b"", b"# ", b"@article{a, "), (*HEADS, "markdown")):
        text = HEADS.get(kind, b"| Title | x |\n|---|---|\n| One %s | b |\n") % (
            head + filler * 40_000
        )
        _survives(report_on(make_file(text), ReportOptions(keep=10)))
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("kind", ["ris", "csv", "json", "bibtex"])
def test_nul_bytes_do_no_harm(kind: str, report_of: Report) -> None:
    data = SAMPLES[kind]
    _survives(report_of(data[:40] + b"\0\0" + data[40:] + b"\0"))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"items": ' * 50_000, "{" * 100_000])
def test_json_of_great_depth_is_refused(text: str, report_of: Report) -> None:
    assert report_of(text + '"title" "type"').is_refused


#: One value of a record, 120,000 letters of the same, where a search that begins anew at each
#: letter would take minutes.
RUNS = {
    "ovid volume": ("<1. >\nTI  - One\nSO  - J Cl", "1"),
    "ovid roles": ("<1. >\nTI  - One\nAU  - Lee", "[Ed"),
    "ovid book": ("<1. >\nTI  - One\nBT  - A", "[Ed"),
    "ovid footnotes": ("<1. >\nTI  - One\nAU  - Lee ", "1 "),
    "bibtex authors": ("@article{a,\n title = {One},\n author = {Lee", "\t"),
    "bibtex index": ("@article{a,\n author = {Lee},\n title = {One _{", "a"),
    "csv authors": ('Title,Authors\nOne,"Lee', "\t"),
    "csv commas": ('Title,Authors\nOne,"Lee', ", "),
    "wos author": ("FN ISI\nPT J\nTI One\nAU Lee (", "@"),
    "asysd note": ("TY  - JOUR\nTI  - One\nN1  - ", "a"),
}
ENDS = {
    "bibtex": "x},\n}\n",
    "csv": 'x"\n',
    "wos": "\nER\n",
    "asysd": "\nER  - \n",
    "ovid": "x\n",
}


@pytest.mark.parametrize("name", RUNS)
def test_a_long_run_of_the_same_letters_takes_no_longer(name: str, make_file: MakeFile) -> None:
    head, run = RUNS[name]
    text = head + run * (120_000 // len(run)) + ENDS[name.split(maxsplit=1)[0]]
    begun = time.process_time()
    report = report_on(make_file(text.encode()), ReportOptions(keep=10))
    assert report.imported == 1
    assert time.process_time() - begun < 2


def _told_to_hold(archive: bytes, packed: int, method: int) -> bytes:
    """An archive whose first part is told to lie in so many bytes, packed by this method."""
    entry = archive.index(b"PK\x01\x02")
    told = bytearray(archive)
    told[entry + 10 : entry + 12] = method.to_bytes(2, "little")
    told[entry + 20 : entry + 24] = packed.to_bytes(4, "little")
    return bytes(told)


def test_a_part_told_to_be_larger_than_its_archive_is_not_asked_for(make_file: MakeFile) -> None:
    file = make_file(_told_to_hold(_workbook(), 2**31, zipfile.ZIP_STORED))
    tracemalloc.start()
    report = report_on(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.is_refused
    assert peak < 30 * 2**20


def test_a_workbook_without_a_style_that_it_names_prints_nothing(
    make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output is for the JSON that our commands promise."""
    told, removed = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(_workbook())) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            content = re.sub(rb"<(cellStyleXfs|cellXfs).*?</\1>", b"", old.read(name))
            removed += content != old.read(name)
            new.writestr(name, content)
    assert removed == 1
    report = report_on(make_file(told.getvalue()))
    assert report.is_refused or report.imported == 2
    assert capsys.readouterr().out == ""


def test_a_bomb_cannot_talk_its_packed_size_up() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(10):
            archive.writestr(f"{number}.xml", b" " * (10 * 2**20))
    whole = stream.getvalue()
    told = bytearray(whole)
    for found in re.finditer(rb"PK\x01\x02", whole):
        told[found.start() + 20 : found.start() + 24] = len(whole).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(told)) as archive:
        assert sum(part.compress_size for part in archive.infolist()) * 200 > 100 * 2**20
    with pytest.raises(packing.ImportRefusedError, match="more than 200 times its size"):
        packing.check_archive(io.BytesIO(told), lambda _: 2**30, "damaged")


def test_a_long_row_of_other_letters_takes_neither_time_nor_room(make_file: MakeFile) -> None:
    """Its address doubles ninefold when it is written for the web, and is not decoded again."""
    link = "[doi](h" + "\u3131" * 400_000 + "ttps://doi.org/10.1000/xyz)"
    text = f"| Title | Paper |\n|---|---|\n| One \\| two | {link} |\n"
    file = make_file(text.encode("utf-16"))
    begun = time.process_time()
    tracemalloc.start()
    report = report_on(file, ReportOptions(keep=0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.imported, report.is_refused) == (1, False)
    assert time.process_time() - begun < 10
    assert peak < 60 * 2**20


def test_a_footnote_of_many_digits_before_a_letter_takes_no_longer(make_file: MakeFile) -> None:
    text = f"<1. >\nTI  - One\nAU  - Lee {'1' * 60}x\n"
    begun = time.process_time()
    assert report_on(make_file(text.encode()), ReportOptions(keep=10)).imported == 1
    assert time.process_time() - begun < 2


def test_a_version_of_many_digits_is_read(report_of: Report) -> None:
    pmid = f"<PMID Version='{'9' * 5000}'>1</PMID>"
    report = report_of(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation>"
        f"{pmid}</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    assert report.records[0].pmid == "1"


@pytest.mark.parametrize("kind", ["csv", "ris", "bibtex", "pubmed_xml", "csl_json"])
def test_an_archive_told_to_be_text_is_refused(kind: str, make_file: MakeFile) -> None:
    path = make_file(_workbook())
    report = report_on(path, ReportOptions(format=kind))
    assert report.imported == 0
    assert report.problems


def test_an_archive_that_looks_like_a_table_is_refused(make_file: MakeFile) -> None:
    path = make_file(b"PK\x03\x04Title,Authors,Year\nOne,A,2020\nTwo,B,2021\n")
    assert "ZIP archive" in messages(report_on(path))
