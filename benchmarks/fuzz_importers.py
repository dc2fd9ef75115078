"""Damaged copies of real import files through every reader: no crash, no hang, no growth.

    nice .venv/bin/python benchmarks/fuzz_importers.py DATA_DIR --count 2000 [--only ris] [--seed 1]

Each kind of file gets COUNT damaged copies. A copy fails when reading it raises anything but a
refusal, takes longer than ten seconds of CPU, or gives letters that UTF-8 cannot hold; it is then
kept in the folder named by --keep, with the seed that made it. Exits with 1 when one failed.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.importers.report import ReportOptions, report_on  # noqa: E402 - after the path
from tests.screening.importers.damage import damaged  # noqa: E402 - the same

_LONGEST = 10.0  # CPU seconds for one copy
_LARGEST = 120_000  # bytes; larger files are damaged in their first part


def main() -> int:
    """Damage and read; print one line per kind of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--only", default="", help="one folder of DATA_DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None)
    chosen = parser.parse_args()
    folders = [one for one in sorted(chosen.data.iterdir()) if one.is_dir() and one.name[0] != "_"]
    failed = 0
    for folder in folders:
        if chosen.only in {"", folder.name}:
            failed += _fuzz(folder, chosen.count, chosen.seed, chosen.keep)
    return int(failed > 0)


def _fuzz(folder: Path, count: int, seed: int, keep: Path | None) -> int:
    files = [path.read_bytes()[:_LARGEST] for path in sorted(folder.iterdir())]
    failed, slowest, begun = 0, 0.0, time.process_time()
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            dice = random.Random(f"{folder.name}/{seed}/{number}")  # noqa: S311 - chance, not secrecy
            path = Path(place) / "damaged"
            path.write_bytes(damaged(dice.choice(files), dice))
            spent, error = _read(path)
            slowest = max(slowest, spent)
            if error:
                failed += 1
                print(f"{folder.name} seed {seed} copy {number}: {error}", flush=True)
                if keep:
                    keep.mkdir(exist_ok=True, parents=True)
                    (keep / f"{folder.name}-{seed}-{number}").write_bytes(path.read_bytes())
    total = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{folder.name}: {count} copies, {failed} failed, slowest {slowest:.2f} s, "
        f"{total:.0f} CPU s, peak {peak:.0f} MiB",
        flush=True,
    )
    return failed


def _read(path: Path) -> tuple[float, str]:
    begun = time.process_time()
    error = ""
    try:
        report = report_on(path, ReportOptions(keep=10**6))
        json.dumps(report.as_dict(with_records=True), ensure_ascii=False).encode("utf-8")
    except Exception:  # any exception is the finding
        error = traceback.format_exc(limit=-3)
    spent = time.process_time() - begun
    return spent, error or (f"took {spent:.1f} s" if spent > _LONGEST else "")


if __name__ == "__main__":
    sys.exit(main())
