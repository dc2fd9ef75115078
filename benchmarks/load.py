"""A team at work while processes are killed: screeners, a large import, exports; nothing is lost.

    .venv/bin/python benchmarks/load.py [--minutes 10] [--database postgres://USER@HOST/NEW]

Starts the app as everybody does. Every screener keeps a log of the decisions that were
acknowledged; a request that was cut short is sent again with its key. At the end each of them must
be stored once, and each record of the import. `--kills 0` measures without kills. Ends with 1
when anything acknowledged is missing or anything is there twice.
"""

import argparse
import http.client
import os
import random
import re
import signal
import sys
import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from intake import ROWS, confirm, job_of, running_app, said, upload, wait_for
from intake_app import App
from intake_files import long_export
from intake_people import Answer, Person

from screening import own_database

KILLED = ("web", "worker long", "worker short", "pool of the worker", "supervisor")


@dataclass
class Log:
    """What one client saw."""

    acknowledged: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cut: int = 0  # connections that ended without an answer
    errors: list[str] = field(default_factory=list)


class Client(threading.Thread, ABC):
    """Somebody who goes on until told to stop, and asks again when the line was cut."""

    def __init__(self, person: Person, slug: str, think: float) -> None:
        """Prepare; `start` begins."""
        super().__init__(daemon=True)
        self.log = Log()
        self._person, self._slug, self._think = person, slug, think
        self._ended = threading.Event()

    def run(self) -> None:
        """Do one thing after the other."""
        while not self._ended.wait(self._think * (0.5 + random.random())):  # noqa: S311 - a pause
            self.act()

    @abstractmethod
    def act(self) -> None:
        """One thing."""

    def stop(self) -> None:
        """Stop after the answer that is under way."""
        self._ended.set()

    def insist(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Ask until there is an answer."""
        while True:
            try:
                if method == "GET":
                    return self._person.get(path, part=True)
                return self._person.post(path, fields or {}, part=True)
            except (http.client.HTTPException, OSError):
                self.log.cut += 1
                self._person.close()
                time.sleep(0.3)


class Screener(Client):
    """Decides on one record after the other."""

    text = ""

    def act(self) -> None:
        """Decide on the record that the page shows."""
        stage = f"/r/{self._slug}/screening/title-abstract/"
        action = re.search(r'action="([^"]+/decide/)"', self.text)
        key = re.search(r'name="client_key" value="([^"]*)"', self.text)
        if not action or not key:
            self.text = self.insist("GET", stage).text
            return
        fields = {"client_key": key[1], "seconds_spent": "3", "verdict": "exclude"}
        answer = self.insist("POST", action[1], fields)
        if answer.status == HTTPStatus.OK:
            self.log.acknowledged.append(key[1])
            self.log.seconds.append(answer.seconds)
            self.text = answer.text
        else:
            self.log.errors.append(f"decide: {answer.status}")
            self.text = ""


class Exporter(Client):
    """Downloads the records, again and again."""

    def act(self) -> None:
        """One download."""
        answer = self.insist("GET", f"/r/{self._slug}/export/file/?which=all&format=csv")
        self.log.seconds.append(answer.seconds)
        if answer.status != HTTPStatus.OK:
            self.log.errors.append(f"export: {answer.status}")


def strike(app: App, what: str) -> None:
    """Kill -9."""
    if what == "supervisor":
        app.kill_all()
        return
    name = what.replace("pool of the worker", "worker long")
    processes = app.processes(name)
    with suppress(ProcessLookupError, IndexError):
        os.kill(processes[-1 if what.startswith("pool") else 0], signal.SIGKILL)


def work(app: App, options: argparse.Namespace, clients: list[Client]) -> list[str]:
    """Let everybody work for the time that was asked for, and kill at random moments."""
    chance = random.Random(options.seed)  # noqa: S311 - moments of a test
    for client in clients:
        client.start()
    end = time.monotonic() + options.minutes * 60
    moments = sorted(chance.uniform(5, options.minutes * 60 - 5) for _ in range(options.kills))
    started, struck = time.monotonic(), []
    for moment in moments:
        time.sleep(max(0.0, started + moment - time.monotonic()))
        what = chance.choice(KILLED)
        strike(app, what)
        struck.append(what)
    time.sleep(max(0.0, end - time.monotonic()))
    for client in clients:
        client.stop()
    for client in clients:
        client.join(timeout=120)
    return struck


def missing(app: App, logs: list[Log]) -> tuple[int, int, int]:
    """Acknowledged decisions, how many of them are not stored, how many stored more than once."""
    query = "SELECT client_key, COUNT(*) FROM screening_decision GROUP BY client_key"
    stored = {str(key).rpartition(":")[2]: count for key, count in app.ask(query)}
    keys = [key for log in logs for key in log.acknowledged]
    lost = sum(key not in stored for key in keys)
    return len(keys), lost, sum(stored.get(key, 1) > 1 for key in keys)


def play(options: argparse.Namespace) -> bool:
    """The whole run."""
    with running_app(options, options.screeners, options.seeded) as (app, slug, accounts):
        file = long_export(app.folder.parent / "export.ris", options.records)
        lead, *others = [Person(app.address, *account) for account in accounts]
        screeners = [Screener(person, slug, options.think) for person in others]
        exporter = Exporter(Person(app.address, *accounts[0]), slug, 20.0)
        batch, _ = upload(lead, slug, file)
        confirm(lead, slug, batch)
        struck = work(app, options, [*screeners, exporter])
        state = wait_for(app, job_of(app, batch))
        rows = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
        logs = [one.log for one in screeners]
        number, lost, twice = missing(app, logs)
        errors = [error for log in [*logs, exporter.log] for error in log.errors]
        print(f"killed: {struck}; load average {os.getloadavg()[0]:.1f}")
        print(f"import {state}: records, titles, positions {rows} of {options.records}")
        print(f"decisions acknowledged {number}, not stored {lost}, stored twice {twice}")
        print(f"lines cut {sum(log.cut for log in logs)}, errors {len(errors)} {errors[:5]}")
        print("decide:", said([one for log in logs for one in log.seconds]))
        print("export:", said(exporter.log.seconds))
        is_whole = state == "done" and set(rows) == {options.records}
        return is_whole and number > 0 and not lost and not twice


def main() -> None:
    """Read the command line and work."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--screeners", type=int, default=50)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--seeded", type=int, default=10_000, help="records to screen")
    parser.add_argument("--records", type=int, default=50_000, help="records of the import")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="postgres://... of a database to be made")
    parser.add_argument("--broker", default="")
    options = parser.parse_args()
    with own_database(options.database):
        is_right = play(options)
    print("nothing acknowledged is missing" if is_right else "NOT as it should be")
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
