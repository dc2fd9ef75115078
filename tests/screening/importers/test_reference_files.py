"""Every reference file of other programs: right format, right count, nothing lost silently."""

import json
from pathlib import Path

import pytest

from screening.importers.report import FileReport, report_on

#: folder of the reference files -> the format they must be recognised as
FORMATS = {"ris": "ris", "csv": "csv", "scopus_csv": "csv"}


def _reports(shared_data: Path, folder: str) -> list[tuple[str, int, FileReport]]:
    root = shared_data / "imports"
    wanted = json.loads((root / "expected_counts.json").read_text(encoding="utf-8"))
    return [
        (path, one["n"], report_on(root / path))
        for path, one in wanted.items()
        if path.startswith(f"{folder}/")
    ]


@pytest.mark.parametrize("folder", FORMATS)
def test_every_file_gives_the_counted_number_of_records(shared_data: Path, folder: str) -> None:
    reports = _reports(shared_data, folder)
    assert reports
    wrong = [(path, n, got.found) for path, n, got in reports if got.found != n]
    assert wrong == []


@pytest.mark.parametrize("folder", FORMATS)
def test_every_file_is_recognised_by_its_content(shared_data: Path, folder: str) -> None:
    wrong = [
        (path, got.format)
        for path, n, got in _reports(shared_data, folder)
        if n and got.format != FORMATS[folder]
    ]
    assert wrong == []
