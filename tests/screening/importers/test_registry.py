import json
from pathlib import Path

import pytest

from screening.importers import __main__ as command
from screening.importers.parsed import ParsedRecord
from screening.importers.registry import READERS, read_path, reader_named
from tests.screening.importers.conftest import MakeFile, Report, messages

RIS = "TY  - JOUR\nTI  - One\nER  - \n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n...", "PNG image"),
        (b"PK\x03\x04....", "ZIP archive"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b"\x00\x00\x07\x01" * 200, "binary"),
        (bytes(range(1, 256)) * 20 + b"\n@a{b, title={c}}", "full of control codes"),
        (b"Just some words without any structure.", "no file of search results"),
    ],
)
def test_a_foreign_file_is_refused_by_name(report_of: Report, content: bytes, words: str) -> None:
    report = report_of(content, name="export.ris")
    assert report.is_refused
    assert report.found == 0 or report.imported == 0
    assert words in messages(report)


def test_the_extension_does_not_matter(make_file: MakeFile) -> None:
    assert read_path(make_file(RIS, name="table.csv"))[1].name == "ris"


def test_names_of_formats_are_unique_and_found() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert reader_named("ris").label == "RIS"
    with pytest.raises(ValueError, match="'gopher'"):
        reader_named("gopher")


def test_a_path_gives_its_stream(make_file: MakeFile) -> None:
    source, _, items = read_path(make_file(RIS))
    assert [item.title for item in items if isinstance(item, ParsedRecord)] == ["One"]
    assert source.encoding.name == "utf-8"


def test_the_command_prints_one_object_per_file(
    make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    good = make_file(RIS, name="good")
    bad = make_file(b"%PDF-1.7", name="bad")
    assert command.main([str(good), str(bad), "--json"]) == 1
    out, err = capsys.readouterr()
    first, second = [json.loads(line) for line in out.strip().split("\n")]
    assert first == {
        "file": str(good),
        "format": "ris",
        "encoding": "utf-8",
        "found": 1,
        "records": 1,
        "problems": [],
    }
    assert second["problems"][0]["severity"] == "rejected"
    assert "a PDF" in err


def test_the_command_adds_the_records(
    make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "UR  - https://x.example\n"
    path = make_file(RIS.replace("ER", f"{url}C9  - kept\nER"))
    assert command.main([str(path), "--json", "--records"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["title"] == "One"
    assert record["urls"][0]["url"] == "https://x.example"
    assert record["extra"] == {"C9": ["kept"]}


def test_the_command_speaks_to_people_too(
    make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(make_file(RIS))]) == 0
    assert "ris, utf-8, 1 found, 1 read, 0 problems" in capsys.readouterr().out


def test_the_command_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such file"):
        command.main([str(tmp_path / "none")])
