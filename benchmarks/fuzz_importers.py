"""Damaged copies of real import files through every reader: no crash, no hang, no growth.

    nice -n 19 .venv/bin/python benchmarks/fuzz_importers.py DATA_DIR --count 100000 [--only xml]
        [--seed 1] [--keep DIR] [--pause-while FILE] [--jobs 1]

Each group of formats gets COUNT damaged copies, spread evenly over its kinds (fuzz_files.GROUPS).
Three in a hundred are whole files of up to 120 KB, the others pieces of a few records. Each kind
is read in one process with 768 MiB of address space. A copy fails when reading it raises anything
but a refusal, takes longer than ten seconds of CPU, needs more memory, gives letters that UTF-8
cannot hold, or ends the process. Exits with 1 when one failed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.fuzz_files import GROUPS  # noqa: E402 - after the path

_READER = ROOT / "benchmarks" / "fuzz_reading.py"


def main() -> int:
    """Damage and read; print one line per kind and one per group."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--count", type=int, default=2000, help="copies of each group")
    parser.add_argument("--only", default="", help="one group or one kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--pause-while", type=Path, default=None, help="wait while it exists")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    failed = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        waiting = {
            (group, kind): pool.submit(_fuzz, kind, -(-chosen.count // len(kinds)), chosen)
            for group, kinds in GROUPS.items()
            for kind in kinds
            if chosen.only in {"", group, kind}
        }
        for group in GROUPS:
            done = [one.result() for (of, _), one in waiting.items() if of == group]
            if done:
                failed += _say(f"== {group}", _together(done))
    return int(failed > 0)


def _fuzz(kind: str, count: int, chosen: argparse.Namespace) -> Counter[str]:
    """Read one kind to the end; where a copy ends the process, go on behind it."""
    found: list[Counter[str]] = []
    first = 0
    with tempfile.TemporaryDirectory() as place:
        at = Path(place) / "at"
        while first < count:
            part = _process(kind, first, count - first, at, chosen)
            found.append(part)
            if not part["ended"]:
                break
            reached = int(at.read_text()) if at.exists() else -1
            if reached < first:
                raise RuntimeError(f"the process of {kind} ends before it reads a copy")
            part["copies"] = reached + 1 - first
            first = reached + 1
            print(f"{kind} seed {chosen.seed} copy {reached} ended the process", flush=True)
    figures = _together(found)
    _say(kind, figures)
    return figures


def _process(
    kind: str, first: int, count: int, at: Path, chosen: argparse.Namespace
) -> Counter[str]:
    options = ["--first", first, "--count", count, "--seed", chosen.seed, "--at", at]
    for name in ("keep", "pause_while"):
        if value := getattr(chosen, name):
            options += [f"--{name.replace('_', '-')}", value]
    command = [sys.executable, "-W", "ignore::UserWarning", _READER, chosen.data, kind, *options]
    figures: Counter[str] = Counter()
    with subprocess.Popen([str(one) for one in command], stdout=subprocess.PIPE) as process:
        for line in process.stdout or ():
            said = json.loads(line)
            if "failed" in said:
                figures["failed"] += 1
                print(f"{kind} seed {chosen.seed} copy {said['failed']}: {said['error']}")
            else:
                figures.update(said)
    if process.returncode:
        figures["failed"] += 1
        figures["ended"] = 1
    return figures


def _together(parts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for part in parts:
        most = {name: max(total[name], part[name]) for name in ("slowest", "peak")}
        total.update(part)
        total.update({name: most[name] - total[name] for name in most})
    return total


def _say(name: str, figures: Counter[str]) -> int:
    print(
        f"{name}: {figures['copies']} copies, {figures['failed']} failed, "
        f"{figures['with_records']} gave records, {figures['refused']} refused; "
        f"slowest {figures['slowest']:.2f} s, {figures['seconds']:.0f} CPU s, "
        f"peak {figures['peak']:.0f} MiB",
        flush=True,
    )
    return figures["failed"]


if __name__ == "__main__":
    sys.exit(main())
