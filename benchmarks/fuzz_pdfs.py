"""Damaged PDFs through the processes that read them: no crash of ours, no hang, no growth.

    nice .venv/bin/python benchmarks/fuzz_pdfs.py --count 10000 [--seed 1]

Each copy is counted, read as text, taken apart into words and drawn, as an upload and the reader
ask for it. A copy fails when the pool raises anything but its own words for a file that cannot be
read, or when an answer takes longer than its limit; whatever breaks a process is a refusal, after
which a sound file must be read at once. Exits with 1 when one failed.
"""

import argparse
import collections
import random
import resource
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screening.pdfs import Asked, PdfTrouble, Pool  # noqa: E402 - after the path
from screening.pdfs.pool import CROWDED, START_SECONDS  # noqa: E402 - the same
from tests import hostile_pdf  # noqa: E402 - the same
from tests.pdf import make_pdf  # noqa: E402 - the same
from tests.screening.importers.damage import damaged  # noqa: E402 - the same

LIMIT_SECONDS = 10.0
GRACE_SECONDS = 5.0  # a machine under load
LONGEST = START_SECONDS + LIMIT_SECONDS + GRACE_SECONDS
SOUND = make_pdf(["Sound"])
SOURCES = (
    make_pdf(["Self-supervised learning", "Two words", "Third"]),
    hostile_pdf.with_content([hostile_pdf.plain(f"Page {number}") for number in range(12)]),
    hostile_pdf.with_content([b"0 0 m 595 842 3 9 595 0 c b* " * 50, hostile_pdf.plain("x")]),
    hostile_pdf.looping_pages(),
    hostile_pdf.huge_page(),
)
TASKS = (
    ("count", {}),
    ("texts", {"numbers": [1, 2]}),
    ("stated", {}),
    ("words", {"number": 1}),
    ("picture", {"number": 1, "scale": 1.0, "max_pixels": 1_000_000}),
)


def main() -> int:
    """Damage, ask, count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    pool, told, failed, slowest = Pool(workers=1), collections.Counter[str](), 0, 0.0
    for number in range(chosen.count):
        dice = random.Random(f"{chosen.seed}/{number}")  # noqa: S311 - chance, not secrecy
        content = damaged(dice.choice(SOURCES), dice)
        for task, facts in TASKS:
            asked = Asked(task, f"{number}", dict(facts), LIMIT_SECONDS)
            said, fault, took = ask(pool, asked, content)
            told[said] += 1
            slowest = max(slowest, took)
            if took > LONGEST:
                fault = fault or f"took {took:.1f} s and said: {said}"
            if fault:
                failed += 1
                print(f"seed {chosen.seed} copy {number} {task}: {fault}", flush=True)
        if number % 1000 == 999:  # noqa: PLR2004 - now and then
            print(f"{number + 1} copies, {failed} failed", flush=True)
    pool.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{chosen.count} copies, {failed} failed, slowest answer {slowest:.1f} s", end=", ")
    print(f"most memory of a process {peak:.0f} MiB")
    for words, times in told.most_common():
        print(f"  {times} {words}")
    return int(failed > 0)


def ask(pool: Pool, asked: Asked, content: bytes) -> tuple[str, str, float]:
    """What was said to a request, what is wrong with that, if anything is, and its seconds."""
    said, fault, begun = "read", "", time.monotonic()
    try:
        pool.ask(asked, lambda: content)
    except PdfTrouble as trouble:
        said = str(trouble)
    except Exception:  # any other exception is the finding
        said, fault = "another exception", traceback.format_exc(limit=-3)
    took = time.monotonic() - begun
    return said, fault or (after(pool, said) if said != "read" else ""), took


def after(pool: Pool, said: str) -> str:
    """What is wrong with how a sound file is read after a trouble; a crowded machine is nothing."""
    try:
        head, _ = pool.ask(Asked("words", "sound", {"number": 1}, LIMIT_SECONDS), lambda: SOUND)
    except PdfTrouble as trouble:
        if str(trouble) == CROWDED:
            return ""
        return f"after {said!r} a sound file is refused: {trouble}"
    read = [word["text"] for word in head["words"]]
    return "" if read == ["Sound"] else f"after {said!r} a sound file reads {read}"


if __name__ == "__main__":
    sys.exit(main())
