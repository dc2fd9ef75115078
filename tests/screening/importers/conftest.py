"""What the tests of the importers share: a file on disk made of text or bytes, and its records."""

from collections.abc import Callable
from pathlib import Path

import pytest

from screening.importers.parsed import ParsedRecord, Problem
from screening.importers.report import FileReport, ReportOptions, report_on

MakeFile = Callable[..., Path]
Report = Callable[..., FileReport]


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    def make(content: str | bytes, *, name: str = "upload", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


@pytest.fixture
def report_of(make_file: MakeFile) -> Report:
    """`report_of(text)` reads a text as an upload and keeps all its records."""

    def report(content: str | bytes, **kwargs: str) -> FileReport:
        return report_on(make_file(content, **kwargs), ReportOptions(keep=10**6))

    return report


def messages(items: list[Problem] | FileReport) -> str:
    problems = items.problems if isinstance(items, FileReport) else items
    return " ".join(problem.message for problem in problems)


def only(report: FileReport) -> ParsedRecord:
    (record,) = report.records
    return record
