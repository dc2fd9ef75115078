"""How much of real files survives writing and reading back, per format, and how fast it is written.

    .venv/bin/python benchmarks/exporters.py DATA_DIR [--scaled 100000]

DATA_DIR holds `expected_counts.json`, whose keys are the files below it. Every record of every
file is written in every format and read back with the importer. "By the format alone" takes the
note away that holds what the format could not, so it shows what other programs can read.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from screening.exporters.exported import Exported
from screening.exporters.registry import WRITERS
from screening.exporters.writer import Writer
from screening.importers import own, registry
from screening.importers.parsed import ParsedRecord
from screening.importers.report import ReportOptions, report_on

FIELDS = (*own.FIELDS, "extra")
ALL = ReportOptions(keep=10**9)


def records_of(root: Path) -> list[ParsedRecord]:
    """Every record of every file named by expected_counts.json."""
    files = json.loads((root / "expected_counts.json").read_text(encoding="utf-8"))
    return [record for name in files for record in report_on(root / name, ALL).records]


def values(record: ParsedRecord) -> dict[str, object]:
    """The fields that an export keeps, unknown tags among them."""
    return {name: getattr(record, name) for name in FIELDS} | {"extra": dict(record.extra)}


def measured(writer: Writer, records: list[ParsedRecord], path: Path) -> str:
    """One row of the table."""
    begin = time.process_time()
    with path.open("wb") as out:
        out.writelines(writer.stream(Exported(one, number=str(n)) for n, one in enumerate(records)))
    seconds = time.process_time() - begin
    wanted = [values(record) for record in records]
    again = [values(record) for record in report_on(path, ALL).records]
    with patch.object(registry, "restored", lambda record: record):
        alone = [values(record) for record in report_on(path, ALL).records]
    kept = sum(one == two for one, two in zip(wanted, again, strict=True))
    pairs = list(zip(wanted, alone, strict=True))
    named = [[one[name] == two[name] for name in own.FIELDS] for one, two in pairs]
    whole = sum(map(all, named))
    fields = sum(map(sum, named)) / (len(named) * len(own.FIELDS))
    n = len(records)
    return (
        f"| {writer.label} | {n} | {kept} ({kept / n:.2%}) | {whole / n:.1%} | {fields:.2%} "
        f"| {n / seconds:,.0f} | {path.stat().st_size / 2**20:.1f} |"
    )


def streamed(writer: Writer, records: list[ParsedRecord], n: int, path: Path) -> str:
    """Time and memory of n records; each is made anew, so that only the writer could hold them."""
    made: Iterator[Exported] = (
        Exported(replace(one, title=f"{one.title} {number}"), number=str(number))
        for number, one in enumerate(islice(cycle(records), n))
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    with path.open("wb") as out:
        out.writelines(writer.stream(made))
    seconds = time.process_time() - begin
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return f"| {writer.label} | {n} | {seconds:.1f} | {grown / 1024:.0f} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scaled", type=int, default=0, metavar="N")
    names = [writer.name for writer in WRITERS]
    parser.add_argument("--formats", nargs="+", default=names, choices=names)
    chosen = parser.parse_args()
    writers = [writer for writer in WRITERS if writer.name in chosen.formats]
    records = records_of(chosen.data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        if chosen.scaled:
            print("| format | records | CPU s | MiB more |\n|---|---|---|---|")
            for writer in writers:
                print(streamed(writer, records, chosen.scaled, path), flush=True)
            print()
        print("| format | records | equal | by the format alone | fields | a second | MiB |")
        print("|---|---|---|---|---|---|---|")
        for writer in writers:
            print(measured(writer, records, path), flush=True)


if __name__ == "__main__":
    main()
