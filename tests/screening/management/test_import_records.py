"""`manage.py import_records` as scripts use it."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.models import ImportBatch, Membership, Record, Source

pytestmark = pytest.mark.django_db

RIS = "TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\n"


def call(*files: Path, capsys: pytest.CaptureFixture[str], kind: str = "database") -> list[dict]:
    arguments = ["--review", "ssl", "--source", "PubMed", "--kind", kind]
    call_command("import_records", *arguments, *map(str, files), "--json")
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    path = tmp_path / "one.ris"
    path.write_text(RIS, encoding="utf-8")
    return path


def test_a_file_is_reported_as_scripts_expect(
    lead: Membership, ris: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(ris, capsys=capsys) == [
        {
            "file": str(ris),
            "format": "ris",
            "encoding": "utf-8",
            "found": 2,
            "imported": 2,
            "known": 0,
            "warnings": 1,
            "rejected": 0,
            "problems": [{"position": 4, "message": "The last record has no end line."}],
        }
    ]
    assert call(ris, capsys=capsys)[0]["known"] == 2


def test_a_refused_file_fails_the_command_and_not_the_others(
    lead: Membership, ris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("foo,year,doi\n1,2020,x\n2,2021,y\n", encoding="utf-8")
    with pytest.raises(CommandError, match="No column holds titles"):
        call(bad, tmp_path / "none", ris, capsys=capsys)
    refused, missing, good = json.loads(capsys.readouterr().out)
    assert (refused["found"], good["imported"]) == (0, 2)
    assert missing["problems"][0]["message"] == "No such file or directory"
    assert ImportBatch.objects.count() == 1
    assert Record.objects.count() == 2


def test_without_json_it_speaks_to_people(
    lead: Membership, ris: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--review", "ssl", "--source", "PubMed", "--kind", "register"]
    call_command("import_records", *arguments, str(ris))
    assert "ris, 2 found, 2 imported, 0 known, 1 warnings" in capsys.readouterr().out
    assert Source.objects.get().kind == "register"


def test_an_unknown_review_is_named(
    ris: Path, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="no review 'ssl'"):
        call(ris, capsys=capsys)


@pytest.mark.parametrize(
    ("name", "count"),
    [("list_a.md", 38), ("list_b.md", 43), ("list_c.md", 11), ("records.csv", 175)],
)
def test_the_real_files_import_completely_and_only_once(
    lead: Membership,
    shared_data: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    count: int,
) -> None:
    path = shared_data / "ssl_review" / name
    for imported, known in ((count, 0), (0, count)):
        (report,) = call(path, capsys=capsys)
        assert (report["found"], report["imported"], report["known"]) == (count, imported, known)
        assert report["rejected"] == 0
    assert Record.objects.count() == count
