import gzip
from pathlib import Path

import pytest

from screening.importers import files, packing
from screening.importers.encodings import guess_encoding
from screening.importers.files import open_source
from screening.importers.parsed import ImportRefusedError
from tests.screening.importers.conftest import MakeFile, Report, messages, only

RIS = "TY  - JOUR\nTI  - Müller – Größe\nER  - \n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_each_encoding_is_recognised(report_of: Report, encoding: str, name: str) -> None:
    report = report_of(RIS, encoding=encoding)
    assert only(report).title == "Müller – Größe"
    assert report.encoding == name


def test_chinese_in_gbk_is_recognised(report_of: Report) -> None:
    report = report_of("TY  - JOUR\nTI  - 自监督学习\nER  - \n", encoding="gb2312")
    assert only(report).title == "自监督学习"


def test_a_few_damaged_bytes_do_not_turn_a_file_into_cp1252(report_of: Report) -> None:
    text = RIS.encode() + b"TY  - JOUR\nTI  - " + b"caf\xe9\nER  - \n"
    report = report_of(text)
    assert [record.title for record in report.records] == ["Müller – Größe", "café"]
    assert "1 bytes are not utf-8" in messages(report)


def test_bytes_that_cp1252_leaves_undefined_are_kept() -> None:
    assert b"\x81\xe9".decode("cp1252", "as-windows-1252") == "\x81é"


def test_encoding_the_wrong_way_is_no_business_of_the_fallback() -> None:
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", "as-windows-1252")


def test_a_letter_cut_by_a_chunk_is_no_misfit() -> None:
    assert guess_encoding([b"caf\xc3", b"\xa9"], b"caf").misfits == 0


def test_nothing_is_guessed_from_no_bytes() -> None:
    assert guess_encoding([], b"").name == "utf-8"


def test_a_chosen_encoding_wins(make_file: MakeFile) -> None:
    assert open_source(make_file(RIS), encoding="cp1252").encoding.name == "cp1252"


@pytest.mark.parametrize("content", [b"", b"  \n\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(make_file: MakeFile, content: bytes) -> None:
    with pytest.raises(ImportRefusedError, match="empty"):
        open_source(make_file(content))


def test_a_packed_file_is_unpacked(report_of: Report) -> None:
    assert only(report_of(gzip.compress(RIS.encode()))).title == "Müller – Größe"


def test_a_damaged_packed_file_is_refused(make_file: MakeFile) -> None:
    with pytest.raises(ImportRefusedError, match="damaged"):
        open_source(make_file(b"\x1f\x8b nothing"))


def test_a_packed_file_cut_short_is_refused(make_file: MakeFile) -> None:
    whole = gzip.compress(bytes(range(256)) * 5000, compresslevel=0)
    with pytest.raises(ImportRefusedError, match="damaged"):
        open_source(make_file(whole[: len(whole) // 2]))


def test_a_packed_bomb_is_refused(make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_UNPACKED", 1000)
    with pytest.raises(ImportRefusedError, match="Split the export"):
        open_source(make_file(gzip.compress(b"x" * 5000)))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_packed_too_densely_is_refused_whatever_its_encoding(
    make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, mark: bytes
) -> None:
    monkeypatch.setattr(packing, "_RATIO_FROM", 500_000)
    path = make_file(gzip.compress(mark + RIS.encode() + b"x" * 1_000_000))
    with pytest.raises(ImportRefusedError, match="200 times its size"):
        list(open_source(path).lines())


def test_nul_bytes_are_left_out_and_reported(report_of: Report) -> None:
    filler = "AB  - " + "long text " * 100
    report = report_of(f"TY  - JOUR\nTI  - One\0 title\n{filler}\nER  - \n")
    assert only(report).title == "One title"
    assert report.problems[0].position == 2
    assert "NUL" in report.problems[0].message


def test_an_endless_line_is_cut_and_reported(
    report_of: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 100)
    report = report_of("TY  - JOUR\nTI  - One\nAB  - " + "x" * 1000 + "\nER  - \n")
    record = only(report)
    assert len(record.abstract) == 94
    assert "longer than 100 letters; 907" in messages(report)


def test_unicode_line_separators_end_no_line(make_file: MakeFile) -> None:
    source = open_source(make_file("one\u2028two\x0bthree\x85\nfour"))
    assert [number for number, _ in source.lines()] == [1, 2]


def test_the_head_of_a_long_file_ends_with_a_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_text("0123456789\n" * 30_000, encoding="utf-8")
    assert set(open_source(path).head.lines) == {"0123456789"}
