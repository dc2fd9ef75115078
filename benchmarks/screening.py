"""Many people screen one large review over HTTP: how long a decision and the next record take.

    .venv/bin/python benchmarks/screening.py [--database postgres://user@host/name] [options]

starts the app as `manage.py up` does, on a data folder of its own (with `--database` on Postgres,
in a database that must not exist and is dropped at the end), fills it with one review, lets the
screeners work, and compares what is stored with what they were told. `--growth` times decision and
next record at 10,000 to 1,000,000 records, `--browser` measures from the key to the next record on
screen, `--asreview PYTHON` asks ASReview LAB in that environment for the same.
"""

import argparse
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from screening_clients import Tally, percentile, screen_together

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
START_SECONDS = 300
WARM_SECONDS = 12  # until the app has loaded what pages other than these need
SECRET = secrets.token_hex(32)  # the loader signs people in, the app must know them


def surroundings(data: Path, database: str) -> dict[str, str]:
    """The environment of the app under test: its own folder, its own database."""
    dropped = {"DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    ours = {"REVIEWAPP_DATA_DIR": str(data), "LOG_LEVEL": "WARNING", "SECRET_KEY": SECRET}
    return kept | ours | ({"DATABASE_URL": database} if database else {})


def told(script: str, around: dict[str, str], *options: str) -> object:
    """Run a script of this folder and read the JSON that it prints."""
    command = [sys.executable, str(HERE / script), *options]
    done = subprocess.run(
        command, env=around, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


@contextlib.contextmanager
def own_database(url: str) -> Iterator[None]:
    """Make the database that a Postgres URL names, and drop it at the end."""
    if not url:
        yield
        return
    parts = urlsplit(url)
    name, server = parts.path.lstrip("/"), parts._replace(path="/postgres").geturl()
    _on_server(server, f'CREATE DATABASE "{name}"')
    try:
        yield
    finally:
        _on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(server: str, sql: str) -> None:
    import psycopg  # noqa: PLC0415  (only where Postgres is asked for)

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql)


@contextlib.contextmanager
def running_app(around: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Start the app as everybody does, stop it at the end; gives its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_SECONDS
        while not _is_served(port):
            if process.poll() is not None or time.monotonic() > end:
                sys.exit("The app did not start.")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def cpu_seconds(parent: int) -> float:
    """CPU that the children of a process have used so far, where /proc tells it."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def say(name: str, tally: Tally, took: float) -> None:
    """One line of figures."""
    p50, p95, p99 = (percentile(tally.seconds, share) for share in (0.5, 0.95, 0.99))
    ahead, counts = percentile(tally.ahead, 0.95), percentile(tally.counts, 0.95)
    load = os.getloadavg()[0]
    print(
        f"{name}: {len(tally.seconds)} decisions in {took:.0f} s ({len(tally.seconds) / took:.1f} "
        f"a second), {len(tally.errors)} errors; decision + next p50 {p50:.0f} p95 {p95:.0f} p99 "
        f"{p99:.0f} ms; ahead p95 {ahead:.0f}, counts p95 {counts:.0f} ms; load {load:.1f}",
        flush=True,
    )
    for error in tally.errors[:5]:
        print(f"  {error}")


def compare(tallies: list[Tally], around: dict[str, str]) -> None:
    """Say whether every acknowledged decision is stored, and no record has more than needed."""
    stored = told("screening_load.py", around, "--check")
    if not isinstance(stored, dict):
        raise TypeError(f"the check said {stored!r}")
    acknowledged = sum(sum(tally.acknowledged.values()) for tally in tallies)
    print(
        f"acknowledged {acknowledged}, stored {stored['decisions']}; most on one record "
        f"{stored['most_on_one_record']} of {stored['needed']} needed"
    )
    if acknowledged != stored["decisions"] or stored["most_on_one_record"] > stored["needed"]:
        sys.exit("The stored decisions are not those that were acknowledged.")


def measure(asked: argparse.Namespace, data: Path) -> None:
    """Fill, start, screen with and without think time, compare."""
    around = surroundings(data, asked.database)
    options = ("--records", str(asked.records), "--screeners", str(asked.screeners))
    people = told("screening_load.py", around, *options, "--done", str(asked.done))
    if not isinstance(people, list):
        raise TypeError(f"the loader said {people!r}")
    sessions = [one["session"] for one in people]
    kind = "Postgres" if asked.database else "SQLite"
    print(f"{kind}, {asked.records} records, {asked.screeners} screeners, {asked.done:.0%} done")
    with running_app(around) as (port, parent):
        if asked.browser:
            from screening_browser import measure_browser  # noqa: PLC0415  (needs Playwright)

            print(measure_browser(port, sessions[0]))
            return
        warm, _ = screen_together(port, sessions[:4], think=0.5, seconds=WARM_SECONDS)
        before = cpu_seconds(parent)
        thinking, took = screen_together(port, sessions, think=asked.think, seconds=asked.seconds)
        say(f"{asked.think:g} s think time", thinking, took)
        used = (cpu_seconds(parent) - before) * 1000 / max(1, len(thinking.seconds))
        print(f"  CPU of the app per decision, with all that the page fetches: {used:.0f} ms")
        hasty, took = screen_together(port, sessions[:8], think=0, seconds=asked.seconds / 4)
        say("no think time, 8 screeners", hasty, took)
    compare([thinking, hasty, warm], around)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres://... of a database to be made")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--screeners", type=int, default=50)
    parser.add_argument("--think", type=float, default=3, help="seconds between two decisions")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--done", type=float, default=0, help="share decided before, 0 to 1")
    parser.add_argument("--growth", type=int, nargs="*", metavar="RECORDS")
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--asreview", metavar="PYTHON", help="of an environment with asreview")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, own_database(asked.database):
        if asked.growth is not None:
            sizes = [str(one) for one in asked.growth or (10_000, 100_000, 1_000_000)]
            around = surroundings(Path(folder), asked.database)
            command = [sys.executable, str(HERE / "screening_growth.py"), *sizes]
            subprocess.run(command, env=around, cwd=ROOT, check=True)
        elif asked.asreview:
            command = [asked.asreview, str(HERE / "screening_asreview.py"), str(asked.records)]
            subprocess.run(command, cwd=folder, check=True)
        else:
            measure(asked, Path(folder))


if __name__ == "__main__":
    main()
