"""The same for ASReview LAB, by its own endpoints: label a record, get the next one.

Run by the Python of an environment that holds `asreview`, in a folder that may be thrown away:

    /path/to/python benchmarks/screening_asreview.py RECORDS

The endpoints are called in the process, without a web server between, in the random order that LAB
has until it has learned: no model is trained, which LAB does beside the work. One person screens;
LAB knows no second reviewer, lease or blinding.
"""

import io
import os
import random
import sys
import time
from pathlib import Path

TIMES, WARM = 300, 20
WORDS = "self supervised contrastive radiograph retinal pathology trial placebo cohort".split()  # noqa: SIM905


def table(records: int) -> bytes:
    """A CSV file with abstracts of some 1,200 letters."""
    dice = random.Random(4)  # noqa: S311  (filler)
    lines = ["title,abstract"]
    lines += [f"Record {n},{' '.join(dice.choices(WORDS, k=130))}" for n in range(records)]
    return "\n".join(lines).encode()


def main() -> None:
    """Make a project of so many records and screen it."""
    records = int(sys.argv[1])
    os.environ["ASREVIEW_PATH"] = str(Path("asreview").absolute())
    from asreview import __version__  # noqa: PLC0415  (reads the folder when it is loaded)
    from asreview.webapp.app import create_app  # noqa: PLC0415

    client = create_app(authentication=False, secret_key=os.urandom(16).hex()).test_client()
    form = {"mode": "oracle", "file": (io.BytesIO(table(records)), "records.csv")}
    made = client.post("/api/projects/create", data=form)
    if made.status_code != 201:  # noqa: PLR2004
        sys.exit(f"LAB made no project: {made.status_code} {made.get_data(as_text=True)[:300]}")
    place = f"/api/projects/{made.get_json()['id']}"
    client.put(f"{place}/review", data={"status": "review"})
    clock, cpu = screen(client, place)
    clock.sort()
    print(
        f"ASReview LAB {__version__}, {records} records, one person, no training: label + next "
        f"p50 {clock[len(clock) // 2]:.1f} p95 {clock[int(len(clock) * 0.95)]:.1f} ms, "
        f"{cpu:.1f} ms CPU, {1000 / (sum(clock) / len(clock)):.1f} a second; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def screen(client: object, place: str) -> tuple[list[float], float]:
    """Label and fetch in turn; milliseconds of each pair, and their CPU on average."""
    clock, used = [], 0.0
    for number in range(WARM + TIMES):
        given = client.get(f"{place}/get_record").get_json()["result"]  # type: ignore[attr-defined]
        started, cpu = time.perf_counter(), time.process_time()
        label = {"record_id": given["record_id"], "label": "0", "tags": "[]"}
        answer = client.post(f"{place}/record/{given['record_id']}", data=label)  # type: ignore[attr-defined]
        client.get(f"{place}/get_record")  # type: ignore[attr-defined]
        if answer.status_code != 200:  # noqa: PLR2004
            sys.exit(f"LAB did not take the label: {answer.status_code}")
        if number >= WARM:
            clock.append((time.perf_counter() - started) * 1000)
            used += (time.process_time() - cpu) * 1000
    return clock, used / TIMES


if __name__ == "__main__":
    main()
