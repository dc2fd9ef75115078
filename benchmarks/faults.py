"""Breaks workers, brokers and disks in the middle of imports, and counts what came of it.

    .venv/bin/python benchmarks/faults.py kills  --database postgres://USER@HOST/NEW --broker URL
    .venv/bin/python benchmarks/faults.py pause  --database ... --broker URL
    .venv/bin/python benchmarks/faults.py broker --database ... --own redis     (or rabbitmq)
    .venv/bin/python benchmarks/faults.py disk

`kills`, `pause` and `broker` run two workers with the options of docs/deploy on a Postgres
database that is made and dropped; `broker` starts a broker of its own on a free port, never the
machine's. `disk` serves the app from a file system of a few megabytes (needs root for the mount).
Ends with 1 unless every row is there exactly once.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from faults_broker import OwnBroker
from faults_disk import fill_the_disk
from intake_app import ROOT, App, children_of

from screening import own_database

WORKER = ("-A", "reviewapp", "worker", "-Q", "long", "--concurrency", "2", "-l", "ERROR")
ROWS = (
    "SELECT COUNT(*), COUNT(DISTINCT title), COUNT(DISTINCT position) FROM screening_record "
    "WHERE batch_id = %s"
)
IMPORTS = "FROM screening_job WHERE kind = 'import_records'"
OPEN = f"SELECT COUNT(*) {IMPORTS} AND state IN ('queued', 'running')"
START_SECONDS = 300
LEASE_AND_SWEEP = 60 + 15 + 10  # seconds until another worker must have taken a job over


class Team:
    """An installation with workers, each in a process group of its own."""

    def __init__(self, folder: Path, options: argparse.Namespace, broker: str) -> None:
        """Prepare; the workers are started one by one."""
        self.app = App(folder, options.database, broker)
        settings = {"DJANGO_SETTINGS_MODULE": "reviewapp.settings", "SECRET_KEY": "for-a-benchmark"}
        self.app.variables |= settings
        self.workers: list[subprocess.Popen[bytes]] = []
        self.records = options.records
        self.batches: list[int] = []
        self._log = folder.with_suffix(".log").open("wb")
        self._started = 0

    def begin(self, files: int, workers: int = 2) -> None:
        """Hand in the imports, start the workers, wait until one has got somewhere."""
        said = self.app.run("benchmarks/faults_seed.py", str(files), str(self.records))
        self.batches = json.loads(said)
        for _ in range(workers):
            self.start_worker()
        if not self.wait(lambda: 0 < self.done() < files * self.records, START_SECONDS):
            sys.exit("no import was found at work: give it more --records, or a quieter machine")

    def start_worker(self) -> None:
        """One more worker, as docs/deploy starts it."""
        self._started += 1
        celery = str(Path(sys.executable).with_name("celery"))
        self.workers.append(
            subprocess.Popen(
                [celery, *WORKER, "-n", f"long{self._started}@%h"],
                cwd=ROOT,
                env=self.app.variables,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        )

    def replace_ended(self) -> None:
        """What systemd does."""
        for worker in [one for one in self.workers if one.poll() is not None]:
            self.workers.remove(worker)
            self.start_worker()

    def open(self) -> int:
        """Imports that have not ended."""
        return int(self.app.ask(OPEN)[0][0])

    def done(self) -> int:
        """Records that the jobs say they have imported."""
        return int(self.app.ask(f"SELECT COALESCE(SUM(done), 0) {IMPORTS}")[0][0])

    def wait(self, condition, seconds: float) -> bool:  # noqa: ANN001 - any callable
        """Wait for something, starting again what ended; whether it came in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return True
            self.replace_ended()
            time.sleep(0.1)
        return False

    def verdict(self) -> bool:
        """Print what is stored, and whether it is what was handed in."""
        states = self.app.ask(f"SELECT state, COUNT(*), SUM(attempts) {IMPORTS} GROUP BY state")
        stored = [self.app.ask(ROWS, [batch])[0] for batch in self.batches]
        wrong = [row for row in stored if set(row) != {self.records}]
        print(f"imports {states} (state, number, attempts); {len(stored)} files of", end=" ")
        print(f"{self.records} records, each row once in {len(stored) - len(wrong)}", flush=True)
        for row in wrong:
            print(f"  wrong: records, titles, positions {row}")
        events = "SELECT COUNT(*) FROM screening_auditevent WHERE action = 'import.finished'"
        told = self.app.ask(events)[0][0]
        print(f"ends told by the audit trail: {told}")
        is_done = [state for state, *_ in states] == ["done"]
        return is_done and not wrong and told == len(self.batches)

    def stop(self) -> None:
        """End the workers and what they started."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self._log.close()


@contextmanager
def team(options: argparse.Namespace, broker: str) -> Iterator[Team]:
    """A team on a database of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        (folder / "data").mkdir()
        stack.enter_context(own_database(options.database))
        found = Team(folder / "data", options, broker)
        stack.callback(found.stop)
        yield found


def kills(options: argparse.Namespace) -> bool:
    """Kill -9 of a worker, of one process of its pool, or of both, at random moments."""
    chance = random.Random(options.seed)  # noqa: S311 - moments of a test
    with team(options, options.broker) as house:
        house.begin(files=options.files)
        struck = []
        while len(struck) < options.kills and house.open():
            time.sleep(chance.uniform(0.2, options.window))
            worker = chance.choice(house.workers)
            pool = children_of(worker.pid)
            what = chance.choice(["worker", "pool", "all"])
            with suppress(ProcessLookupError):
                if what == "all":
                    os.killpg(worker.pid, signal.SIGKILL)
                else:
                    victim = chance.choice(pool) if what == "pool" and pool else worker.pid
                    os.kill(victim, signal.SIGKILL)
            struck.append(what)
            house.wait(lambda: True, 1)
            house.replace_ended()
        print(f"{len(struck)} kills: {struck}")
        is_over = house.wait(lambda: not house.open(), options.patience)
        return house.verdict() and is_over and len(struck) == options.kills


def pause(options: argparse.Namespace) -> bool:
    """Stop a worker for longer than its lease; another takes over; then let it go on."""
    with team(options, options.broker) as house:
        house.begin(files=2, workers=1)
        first = house.workers[0]
        os.killpg(first.pid, signal.SIGSTOP)
        owners = dict(house.app.ask(f"SELECT id, owner {IMPORTS} AND state = 'running'"))
        house.start_worker()
        query = f"SELECT id, owner {IMPORTS}"
        taken = house.wait(
            lambda: all(owners[pk] != owner for pk, owner in house.app.ask(query) if pk in owners),
            LEASE_AND_SWEEP + 30,
        )
        print(f"paused while it held {len(owners)} jobs; taken over: {taken}")
        os.killpg(first.pid, signal.SIGCONT)
        is_over = house.wait(lambda: not house.open(), options.patience)
        time.sleep(5)  # the one that was paused finds out
        return house.verdict() and is_over and taken and bool(owners)


def broker(options: argparse.Namespace) -> bool:
    """Kill -9 of the broker in mid job, three times; it comes back on the same data."""
    with (
        tempfile.TemporaryDirectory(prefix="faults-broker-") as folder,
        OwnBroker(options.own, Path(folder)) as own,
        team(options, own.url) as house,
    ):
        house.begin(files=options.files)
        for _ in range(3):
            own.kill()
            time.sleep(3)
            own.start()
            before = house.done()
            house.wait(lambda before=before: house.done() > before or not house.open(), 120)
        is_over = house.wait(lambda: not house.open(), options.patience)
        return house.verdict() and is_over


def main(arguments: Sequence[str] | None = None) -> None:
    """Break what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=["kills", "pause", "broker", "disk"])
    parser.add_argument("--database", default="", help="postgres://... of a database to be made")
    parser.add_argument("--broker", default="redis://127.0.0.1:6379/9")
    parser.add_argument("--own", choices=["redis", "rabbitmq"], default="redis")
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--window", type=float, default=3.0, help="most seconds between kills")
    parser.add_argument("--patience", type=float, default=900.0, help="seconds to the end")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.what != "disk" and not options.database:
        parser.error("name a Postgres database to be made: --database postgres://USER@HOST/NEW")
    done = {"kills": kills, "pause": pause, "broker": broker, "disk": fill_the_disk}
    is_right = done[options.what](options)
    print("every row exactly once" if is_right else "NOT as it should be")
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
