"""Reading a whole file into one report, for the command line and for previews."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from screening.importers.files import open_source
from screening.importers.parsed import ImportRefusedError, ParsedRecord, Problem, Severity
from screening.importers.reader import ReadOptions
from screening.importers.registry import detect, read, reader_named


@dataclass(slots=True)
class FileReport:
    """What one file gave. `found` counts the records read and those rejected."""

    file: str
    format: str = ""
    encoding: str = ""
    imported: int = 0
    rejected: int = 0
    is_refused: bool = False
    is_whole: bool = True
    problems: list[Problem] = field(default_factory=list)
    records: list[ParsedRecord] = field(default_factory=list)

    @property
    def found(self) -> int:
        """Return how many records the file holds, readable or not."""
        return self.imported + self.rejected

    def as_dict(self, *, with_records: bool) -> dict[str, object]:
        """Return the report as plain JSON data; `records` is a count or the records."""
        return {
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "found": self.found,
            "records": [r.as_dict() for r in self.records] if with_records else self.imported,
            "problems": [problem.as_dict() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How to read: encoding and format ("" = guess), how many records to keep, when to stop."""

    encoding: str = ""
    format: str = ""
    read: ReadOptions = field(default_factory=ReadOptions)
    keep: int = 0
    limit: int | None = None
    seconds: float = 0.0  # go on beyond the limit for so long


def report_on(path: Path, options: ReportOptions | None = None) -> FileReport:
    """Read a file and report on it; a refused file gives a report, not an exception.

    Args:
        path: The file.
        options: What to choose and how much to keep.

    Returns:
        The report; `records` holds at most `options.keep` of them.
    """
    options = options or ReportOptions()
    report = FileReport(str(path))
    try:
        _fill(report, path, options)
    except ImportRefusedError as error:
        report.is_refused = True
        report.problems.append(Problem(error.position, str(error), error.raw, Severity.REJECTED))
    return report


def _fill(report: FileReport, path: Path, options: ReportOptions) -> None:
    source = open_source(path, encoding=options.encoding)
    report.encoding = source.encoding.name
    reader = reader_named(options.format) if options.format else detect(source)
    report.format = reader.name
    items = read(source, reader=reader, options=options.read)
    until = time.monotonic() + options.seconds
    for number, item in enumerate(items):
        if options.limit is not None and number >= options.limit and time.monotonic() >= until:
            report.is_whole = False
            break
        if isinstance(item, Problem):
            report.problems.append(item)
            report.rejected += item.severity is Severity.REJECTED
        else:
            report.imported += 1
            if len(report.records) < options.keep:
                report.records.append(item)
