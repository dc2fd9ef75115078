"""A team at work while processes are killed: screening, extracting, an import, exports.

    .venv/bin/python benchmarks/load.py                                # embedded
    .venv/bin/python benchmarks/load.py --own redis                    # a team; or rabbitmq

Starts the app as everybody does. `--own` gives it a Postgres (`--postgres` says where its programs
are) and a broker of its own, which are killed too. Every client keeps a log of what was
acknowledged, verdicts as well as cells; a request that was cut short is sent again. At the end
each of them must be stored once, each submission and each record of the import too. `--kills 0`
measures without kills. Ends with 1 when anything acknowledged is missing, anything is there
twice, any answer was an error, or, without kills, 95 of 100 writes took longer than `--bar`.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from faults_broker import OwnBroker
from intake import ROWS, confirm, job_of, said, upload, wait_for
from intake_app import App
from intake_files import long_export
from intake_people import Person, percentile
from load_house import House, OwnPostgres
from load_people import Client, Exporter, Extractor, Log, Screener

from screening import own_database

KILLED = ("web", "worker long", "worker short", "pool of the worker", "supervisor")
VERDICTS = "SELECT client_key, COUNT(*) FROM screening_decision GROUP BY client_key"
CELLS = "SELECT value, COUNT(*) FROM extraction_extractedvalue GROUP BY value"
SUBMITTED = "SELECT study_id FROM extraction_extraction WHERE submitted_at IS NOT NULL"


def strike(app: App, house: House, what: str) -> None:
    """Kill -9."""
    if what in house.names:
        house.strike(what)
        return
    if what == "supervisor":
        app.kill_all()
        return
    name = what.replace("pool of the worker", "worker long")
    processes = app.processes(name)
    with suppress(ProcessLookupError, IndexError):
        os.kill(processes[-1 if what.startswith("pool") else 0], signal.SIGKILL)


def plan(options: argparse.Namespace, house: House) -> list[tuple[float, str]]:
    """When what is struck: everything in turn, in an order and at moments of chance."""
    chance = random.Random(options.seed)  # noqa: S311 - moments of a test
    kinds = [*KILLED, *house.names]
    struck = [kinds[one % len(kinds)] for one in range(options.kills)]
    chance.shuffle(struck)
    seconds = options.minutes * 60
    moments = sorted(chance.uniform(5, seconds - 5) for _ in struck)
    return list(zip(moments, struck, strict=True))


def work(app: App, house: House, options: argparse.Namespace, clients: list[Client]) -> list[str]:
    """Let everybody work for the time that was asked for, and kill at random moments."""
    for client in clients:
        client.start()
    started, struck = time.monotonic(), []
    for moment, what in plan(options, house):
        time.sleep(max(0.0, started + moment - time.monotonic()))
        strike(app, house, what)
        struck.append(f"{what} at {time.monotonic() - started:.0f} s")
    time.sleep(max(0.0, started + options.minutes * 60 - time.monotonic()))
    for client in clients:
        client.stop()
    for client in clients:
        client.join(timeout=120)
    return struck


def missing(app: App, query: str, logs: list[Log]) -> tuple[int, int, int]:
    """What was acknowledged, how much of it is not stored, how much stored more than once."""
    stored = {str(key).rpartition(":")[2].strip('"'): count for key, count in app.ask(query)}
    keys = [key for log in logs for key in log.acknowledged]
    lost = sum(key not in stored for key in keys)
    return len(keys), lost, sum(stored.get(key, 1) > 1 for key in keys)


@contextmanager
def running(options: argparse.Namespace):  # noqa: ANN201
    """Seed an installation, serve it; yields the app, what it stands on, and who works in it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        (folder / "data").mkdir()
        postgres = broker = None
        if options.own:
            postgres = stack.enter_context(OwnPostgres(folder, options.postgres))
            (folder / "broker").mkdir()
            broker = stack.enter_context(OwnBroker(options.own, folder / "broker"))
            stack.enter_context(own_database(postgres.url))
        app = App(folder / "data", postgres.url if postgres else "", broker.url if broker else "")
        numbers = (options.screeners, options.seeded, options.extractors)
        seeded = json.loads(app.run("benchmarks/intake_seed.py", *map(str, numbers)))
        stack.enter_context(app.up())
        yield app, House(postgres, broker), seeded


def clients_of(
    app: App, house: House, seeded: dict[str, Any], think: float
) -> tuple[Person, list[Screener], list[Extractor], Exporter]:
    """The lead, and everybody who works by themselves."""
    slug, accounts = seeded["slug"], seeded["people"]
    lead, *others = [Person(app.address, *account) for account in accounts]
    screeners = [Screener(person, slug, think, house.is_away) for person in others]
    readers = [Person(app.address, *account) for account in seeded["extractors"]]
    extractors = [
        Extractor(
            *(person, slug, think, house.is_away), studies=seeded["studies"][at :: len(readers)]
        )
        for at, person in enumerate(readers)
    ]
    exporter = Exporter(Person(app.address, *accounts[0]), slug, 20.0, house.is_away)
    return lead, screeners, extractors, exporter


def play(options: argparse.Namespace) -> bool:
    """The whole run."""
    with running(options) as (app, house, seeded):
        file = long_export(app.folder.parent / "export.ris", options.records)
        lead, screeners, extractors, exporter = clients_of(app, house, seeded, options.think)
        batch, _ = upload(lead, seeded["slug"], file)
        confirm(lead, seeded["slug"], batch)
        struck = work(app, house, options, [*screeners, *extractors, exporter])
        state = wait_for(app, job_of(app, batch))
        rows = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
        print(f"killed: {struck}; load average {os.getloadavg()[0]:.1f}")
        print(f"import {state}: records, titles, positions {rows} of {options.records}")
        is_whole = state == "done" and set(rows) == {options.records}
        people = [one.log for one in (*screeners, *extractors)]
        is_kept = [
            kept(app, "verdicts", VERDICTS, [one.log for one in screeners]),
            kept(app, "cells", CELLS, [one.log for one in extractors]) or not extractors,
            all_submitted(app, [one.log for one in extractors]),
        ]
        print("export:", said(exporter.log.seconds))
        is_calm = without_errors([*people, exporter.log])
        is_quick = bool(options.kills) or within(options.bar, people)
        return is_whole and all(is_kept) and is_calm and is_quick


def kept(app: App, what: str, query: str, logs: list[Log]) -> bool:
    """Print what became of what was acknowledged; whether each is there once."""
    number, lost, twice = missing(app, query, logs)
    print(f"{what} acknowledged {number}, not stored {lost}, stored twice {twice};", end=" ")
    print(said([one for log in logs for one in log.seconds]))
    return number > 0 and not lost and not twice


def all_submitted(app: App, logs: list[Log]) -> bool:
    """Whether every extraction that was told to be submitted is."""
    stored = {row[0] for row in app.ask(SUBMITTED)}
    told = [study for log in logs for study in log.submitted]
    lost = [study for study in told if study not in stored]
    print(f"extractions told to be submitted {len(told)}, not stored as submitted {len(lost)}")
    return not lost


def without_errors(logs: list[Log]) -> bool:
    """Print what went wrong; whether nothing did."""
    errors = [error for log in logs for error in log.errors]
    cut, away = sum(log.cut for log in logs), sum(log.turned_away for log in logs)
    print(f"lines cut {cut}, turned away while database or broker were killed {away},", end=" ")
    print(f"errors {len(errors)} {errors[:5]}")
    return not errors


def within(bar: float, logs: list[Log]) -> bool:
    """Whether 95 of 100 writes were answered in that many milliseconds."""
    found = percentile([one for log in logs for one in log.seconds], 0.95) * 1000
    print(f"writes: p95 {found:.0f} ms, the bar is {bar:.0f}")
    return found <= bar


def main() -> None:
    """Read the command line and work."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--screeners", type=int, default=50)
    parser.add_argument("--extractors", type=int, default=10)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--seeded", type=int, default=10_000, help="records to screen")
    parser.add_argument("--records", type=int, default=50_000, help="records of the import")
    parser.add_argument("--kills", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bar", type=float, default=250.0, help="milliseconds at p95")
    parser.add_argument("--own", choices=["", "redis", "rabbitmq"], default="")
    parser.add_argument(
        "--postgres", type=Path, default=Path("/usr/lib/postgresql/15/bin"), help="its programs"
    )
    is_right = play(parser.parse_args())
    print("nothing acknowledged is missing" if is_right else "NOT as it should be")
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
