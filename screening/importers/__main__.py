"""`python -m screening.importers FILE... --json [--records]`: one JSON object per line and file."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from screening.importers.report import FileReport, ReportOptions, report_on

_ALL = 10**9


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the files and print a report on each.

    Args:
        arguments: The command line without the program's name; None takes it from the system.

    Returns:
        0, or 1 when a file was refused.
    """
    parser = argparse.ArgumentParser(prog="python -m screening.importers", description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object per line and file")
    parser.add_argument("--records", action="store_true", help="add the parsed records")
    parser.add_argument("--encoding", default="", help="a codec name instead of the guess")
    chosen = parser.parse_args(arguments)
    options = ReportOptions(encoding=chosen.encoding, keep=_ALL if chosen.records else 0)
    is_refused = False
    for path in chosen.files:
        report = _report(path, options)
        _print(report, is_json=chosen.json or chosen.records, with_records=chosen.records)
        if report.is_refused:
            is_refused = True
            sys.stderr.write(f"{path}: {report.problems[-1].message}\n")
    return int(is_refused)


def _report(path: Path, options: ReportOptions) -> FileReport:
    if not path.is_file():
        raise SystemExit(f"{path}: no such file")
    return report_on(path, options)


def _print(report: FileReport, *, is_json: bool, with_records: bool) -> None:
    if is_json:
        line = json.dumps(report.as_dict(with_records=with_records), ensure_ascii=False)
    else:
        line = (
            f"{report.file}: {report.format or 'unknown'}, {report.encoding or 'unknown'}, "
            f"{report.found} found, {report.imported} read, {len(report.problems)} problems"
        )
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
