"""One kind of files, damaged and read in a process of its own with limits of memory and time.

    python benchmarks/fuzz_reading.py DATA_DIR KIND --first 0 --count 1000 --seed 1 --at FILE

Started by fuzz_importers.py. Writes each copy's number to --at before reading it, so that what
killed the process is known; prints one JSON line per failed copy and one at the end.
"""

import argparse
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fuzz_damage import hurt
from benchmarks.fuzz_files import originals
from screening.importers.report import ReportOptions, report_on

LONGEST = 10  # CPU seconds for one copy
_KILLED = 30  # CPU seconds after which the system ends a copy that no alarm could stop
_LARGE = 0.03  # the share of whole files


class HungError(BaseException):
    """A copy took too long. No `Exception`, so that no reader can catch it by chance."""


def main() -> int:
    """Damage and read; say what failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("kind")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=int, default=768)
    parser.add_argument("--at", type=Path, required=True)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--pause-while", type=Path, default=None)
    chosen = parser.parse_args()
    small, whole = originals(chosen.data, chosen.kind)
    out, sys.stdout = sys.stdout, sys.stderr  # a library may print what it likes
    room = chosen.megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    signal.signal(signal.SIGVTALRM, _hung)
    counts: Counter[str] = Counter()
    slowest, begun = 0.0, time.process_time()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "damaged"
        for number in range(chosen.first, chosen.first + chosen.count):
            _wait(number, chosen.pause_while)
            chosen.at.write_text(str(number))
            path.write_bytes(copy_of(small, whole, chosen.kind, chosen.seed, number))
            spent, error = _read(path, counts)
            slowest = max(slowest, spent)
            if error:
                print(json.dumps({"failed": number, "error": error}), file=out, flush=True)
                _keep(path, chosen.keep, f"{chosen.kind}-{chosen.seed}-{number}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = time.process_time() - begun
    figures = {"copies": chosen.count, "slowest": slowest, "seconds": total, "peak": peak}
    print(json.dumps({**figures, **counts}), file=out, flush=True)
    return 0


def copy_of(small: list[bytes], whole: list[bytes], kind: str, seed: int, number: int) -> bytes:
    """Make one damaged copy; the same numbers give the same bytes."""
    dice = random.Random(f"{kind}/{seed}/{number}")  # noqa: S311 - chance, not secrecy
    files = whole if dice.random() < _LARGE else small
    return hurt(dice.choice(files), dice.choice(small), kind, dice)


def _read(path: Path, counts: Counter[str]) -> tuple[float, str]:
    begun = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + _KILLED, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    error = ""
    try:
        report = report_on(path, ReportOptions(keep=10**6))
        for part in (*report.records, *report.problems):  # one by one, as they are stored
            json.dumps(part.as_dict(), ensure_ascii=False).encode("utf-8")
        counts["refused"] += report.is_refused
        counts["with_records"] += report.imported > 0
        counts["records"] += report.imported
    except (Exception, HungError):  # any exception is the finding
        error = traceback.format_exc(limit=-4)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun, error


def _hung(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise HungError(f"more than {LONGEST} s of CPU")


def _keep(path: Path, folder: Path | None, name: str) -> None:
    if folder:
        folder.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(path.read_bytes())


def _wait(number: int, flag: Path | None) -> None:
    while flag and number % 50 == 0 and flag.exists():
        time.sleep(3)


if __name__ == "__main__":
    sys.exit(main())
