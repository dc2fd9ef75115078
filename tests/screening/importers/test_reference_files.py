"""Every reference file of other programs: right format, right count, nothing lost silently."""

import json
from functools import cache
from pathlib import Path

import pytest

from screening.importers.report import FileReport, report_on

#: folder of the reference files -> the format they must be recognised as
FORMATS = {
    "arxiv_atom": "arxiv_atom",
    "bibtex": "bibtex",
    "crossref_json": "crossref_json",
    "crossref_xml": "crossref_xml",
    "csv": "csv",
    "endnote_enlx": "enlx",
    "endnote_enw": "enw",
    "endnote_xml": "endnote_xml",
    "mods": "mods",
    "nbib": "nbib",
    "openalex_json": "openalex_json",
    "ovid_tagged": "ovid",
    "pubmed_xml": "pubmed_xml",
    "rdf": "rdf",
    "ris": "ris",
    "scopus_csv": "csv",
    "wos": "wos",
    "xlsx": "xlsx",
    "zotero_json": "zotero_json",
}


@cache
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


def test_no_kind_of_reference_file_is_left_out(shared_data: Path) -> None:
    wanted = json.loads((shared_data / "imports" / "expected_counts.json").read_text("utf-8"))
    assert {path.partition("/")[0] for path in wanted} == set(FORMATS)
