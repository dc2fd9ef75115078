"""Every record of every reference file, written in every format and read back."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from screening.exporters.exported import Exported
from screening.exporters.registry import WRITERS
from screening.exporters.writer import Writer
from screening.importers.parsed import ParsedRecord
from screening.importers.report import ReportOptions, report_on

ALL = ReportOptions(keep=10**9)
WANTED = 0.995


@cache
def _records(shared_data: Path) -> list[ParsedRecord]:
    root = shared_data / "imports"
    files = json.loads((root / "expected_counts.json").read_text(encoding="utf-8"))
    return [record for name in files for record in report_on(root / name, ALL).records]


def _bare(record: ParsedRecord) -> ParsedRecord:
    return replace(record, raw_text="", position=1, prior=None, extra=dict(record.extra))


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_every_field_of_real_records_survives(
    writer: Writer, shared_data: Path, tmp_path: Path
) -> None:
    records = _records(shared_data)
    path = tmp_path / "export"
    with path.open("wb") as out:
        out.writelines(writer.stream(map(Exported, records)))
    report = report_on(path, ALL)
    assert report.format == writer.name
    assert len(report.records) == len(records)
    pairs = zip(records, report.records, strict=True)
    equal = sum(_bare(one) == _bare(other) for one, other in pairs)
    assert equal / len(records) >= WANTED
    if writer.name != "xlsx":  # a cell of Excel ends at 32,767 letters
        assert equal == len(records)
