"""Measures the intake against the running app: load, kills and hostile files.

    .venv/bin/python benchmarks/intake.py load [--records 50000] [--reviewers 15] [--think 3]
    .venv/bin/python benchmarks/intake.py kills [--records 20000] [--kills 20]
    .venv/bin/python benchmarks/intake.py hostile [NAME...]

Each starts `manage.py up` on a folder of its own and speaks HTTP to it. `--database URL` uses
that (empty) Postgres database instead of the embedded one, `--broker URL` a team's broker.
"""

import argparse
import html
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from intake_app import App, Gauge
from intake_files import HOSTILE, long_export
from intake_people import Answer, Person, Reviewer, Tally, percentile

OPEN = ("queued", "running")
STATE = "SELECT state, done, attempts, error FROM screening_job WHERE id = %s"
ROWS = "SELECT COUNT(*), COUNT(DISTINCT title), COUNT(DISTINCT position) FROM screening_record"
SEEDED = 3000


@contextmanager
def running_app(options: argparse.Namespace, reviewers: int, records: int):  # noqa: ANN201
    """Seed an installation and serve it; yields the app, the review's slug and the accounts."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        app = App(data, options.database, options.broker)
        printed = app.run("benchmarks/intake_seed.py", str(reviewers), str(records))
        seeded = json.loads(printed)
        with app.up():
            yield app, seeded["slug"], seeded["people"]


def upload(person: Person, slug: str, file: Path) -> tuple[int, Answer]:
    """Upload a file as the lead; 0 when it was refused, else the number of the import."""
    fields = {"name": f"Source of {file.name}", "kind": "database"}
    answer = person.upload(f"/r/{slug}/sources/import/", file, fields)
    found = re.search(r"/imports/(\d+)/preview/", answer.location)
    return (int(found[1]) if found else 0), answer


def confirm(person: Person, slug: str, batch: int) -> Answer:
    """Look at the preview and start the import as it was guessed."""
    page = f"/r/{slug}/imports/{batch}/preview/"
    text = person.get(page).text
    fields = dict(re.findall(r'<input type="hidden" name="(was_\w+)" value="([^"]*)"', text))
    for name in re.findall(r'<select name="([\w-]+)"', text):
        block = text.split(f'<select name="{name}"', 1)[1].split("</select>", 1)[0]
        chosen = re.search(r'<option value="([^"]*)" selected', block)
        fields[name] = chosen[1] if chosen else ""
    return person.post(page, fields | {"start": "1"})


def job_of(app: App, batch: int) -> int:
    """The job that imports the batch."""
    query = "SELECT id FROM screening_job WHERE idempotency_key = %s"
    return int(app.ask(query, [f"import:{batch}"])[0][0])


def wait_for(app: App, job: int, seconds: float = 1200) -> str:
    """Wait until the job has ended and return its state."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = str(app.ask(STATE, [job])[0][0])
        if state not in OPEN:
            return state
        time.sleep(0.2)
    return "too slow"


def load(options: argparse.Namespace) -> None:
    """50,000 records into the database while reviewers decide."""
    reviewers = options.reviewers
    with running_app(options, reviewers, SEEDED) as (app, slug, accounts):
        file = long_export(app.folder.parent / "export.ris", options.records)
        lead, *others = [Person(app.address, *account) for account in accounts]
        tally = Tally()
        busy = [Reviewer(person, slug, options.think, tally) for person in others]
        for reviewer in busy:
            reviewer.start()
        time.sleep(options.think + 1)
        tally.seconds.clear()
        with Gauge(app) as gauge:
            started = time.perf_counter()
            batch, answer = upload(lead, slug, file)
            uploaded = time.perf_counter() - started
            confirm(lead, slug, batch)
            job = job_of(app, batch)
            state = wait_for(app, job)
            imported = time.perf_counter() - started
        during = {what: list(values) for what, values in tally.seconds.items()}
        for reviewer in busy:
            reviewer.stop()
        rows = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
        print(f"{state}; {rows[0]} records, {rows[1]} titles; upload answered {answer.status}")
        print(f"upload {uploaded:.1f} s, all imported after {imported:.1f} s")
        print("CPU s:", {name: round(value, 1) for name, value in gauge.cpu.items()})
        print("most MiB:", {name: round(value) for name, value in gauge.most.items()})
        print(f"load average {os.getloadavg()[0]:.1f}; failures: {tally.failures[:5]}")
        for what, values in during.items():
            print(f"{what}: {said(values)}")


def said(values: list[float]) -> str:
    """Percentiles in milliseconds."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    shown = ", ".join(f"{n} {percentile(values, s) * 1000:.0f} ms" for n, s in shares.items())
    return f"{len(values)} answers, {shown}"


def kills(options: argparse.Namespace) -> None:
    """Kill -9 of the working process at random moments of one import."""
    chance = random.Random(options.seed)  # noqa: S311 - moments of a test
    with running_app(options, 0, 0) as (app, slug, accounts):
        file = long_export(app.folder.parent / "export.ris", options.records)
        lead = Person(app.address, *accounts[0])
        batch, _ = upload(lead, slug, file)
        confirm(lead, slug, batch)
        job, done, moments, seen = job_of(app, batch), 0, [], 0
        while done < options.kills:
            state, at, attempts, _ = app.ask(STATE, [job])[0]
            if state not in OPEN:
                break
            processes = app.processes("worker long")
            if attempts == seen or len(processes) < 2:  # noqa: PLR2004 - main and pool
                time.sleep(0.05)
                continue
            time.sleep(chance.uniform(0, options.window))
            seen, at = attempts, app.ask(STATE, [job])[0][1]
            # The supervised process, or the one of its pool that does the work.
            with suppress(ProcessLookupError):
                os.kill(chance.choice([processes[0], processes[-1]]), signal.SIGKILL)
            done += 1
            moments.append(at)
        state = wait_for(app, job)
        rows, titles, places = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
        print(f"{done} kills at records {moments}")
        _, at, attempts, error = app.ask(STATE, [job])[0]
        print(f"{state} after {attempts} attempts, progress {at} {error}")
        print(f"{rows} records, {titles} titles, {places} positions of {options.records}")
        is_right = rows == titles == places == options.records and state == "done"
        sys.exit(0 if is_right and done == options.kills else 1)


def hostile(options: argparse.Namespace) -> None:
    """Upload and import every hostile file; print the most memory and what was said.

    Each file meets an installation of its own: what a worker does with the records of the file
    before, such as making the ranking's vectors, is not counted.
    """
    for name in options.names or list(HOSTILE):
        with running_app(options, 0, 0) as (app, slug, accounts):
            file = app.folder.parent / name
            HOSTILE[name](file)
            lead = Person(app.address, *accounts[0])
            started = time.perf_counter()
            with Gauge(app) as gauge:
                words = _took(app, lead, slug, file)
            seconds = time.perf_counter() - started
            size = file.stat().st_size / 1024**2
            memory = ", ".join(f"{who} {most:.0f} MiB" for who, most in gauge.most.items())
            cpu = ", ".join(f"{who} {used:.1f}" for who, used in gauge.cpu.items())
            print(f"{name} ({size:.1f} MiB): {memory}; CPU s {cpu}; {seconds:.1f} s; {words}")
            lead.close()


def _took(app: App, lead: Person, slug: str, file: Path) -> str:
    try:
        batch, answer = upload(lead, slug, file)
    except (BrokenPipeError, ConnectionResetError) as error:
        return f"the server hung up ({type(error).__name__})"
    if not batch:
        return f"{answer.status}: {_message(answer.text)}"
    answer = confirm(lead, slug, batch)
    if answer.status != HTTPStatus.FOUND:
        return f"preview {answer.status}: {_message(answer.text)}"
    job = job_of(app, batch)
    state = wait_for(app, job)
    error = app.ask(STATE, [job])[0][3]
    records = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0][0]
    query = "SELECT COUNT(*), MIN(message) FROM screening_importproblem WHERE batch_id = %s"
    number, first = app.ask(query, [batch])[0]
    return f"{state}: {records} records, {number} problems ({first}) {error}"


def _message(text: str) -> str:
    found = re.findall(
        r'class="(?:error|notice notice-error)[^>]*>(.*?)</(?:span|div)>', text, re.S
    )
    words = " ".join(
        re.sub(r"<[^>]+>", " ", " ".join(dict.fromkeys(found)) or text[-1500:]).split()
    )
    return html.unescape(words)[:300]


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=["load", "kills", "hostile"])
    parser.add_argument("names", nargs="*", help="hostile files to try; all when none is named")
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--reviewers", type=int, default=15)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--window", type=float, default=3.0, help="seconds of work per kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    parser.add_argument("--broker", default="")
    options = parser.parse_args()
    {"load": load, "kills": kills, "hostile": hostile}[options.what](options)


if __name__ == "__main__":
    main()
