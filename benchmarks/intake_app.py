"""The app as people run it: `manage.py up` in a process group of its own, measured from outside."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
DROPPED = {"DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS"}
TICKS = os.sysconf("SC_CLK_TCK")
MEBI = 1024 * 1024
START_SECONDS = 180.0


class App:
    """One installation in a folder of its own."""

    def __init__(self, folder: Path, database: str = "", broker: str = "") -> None:
        """Remember where it lives; `up` starts it."""
        self.folder = folder
        given = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}
        kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
        ours = {"REVIEWAPP_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
        self.variables = kept | ours | {name: value for name, value in given.items() if value}
        self.address = ""
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> str:
        """Run one of the project's Python files to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.variables,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout

    @contextmanager
    def up(self) -> Iterator[None]:
        """Serve until the block ends."""
        self.start()
        try:
            yield
        finally:
            if self._process is not None:
                self._process.send_signal(signal.SIGTERM)
                self._process.wait(timeout=30)

    def start(self, port: int = 0) -> None:
        """Start it and wait until it serves."""
        log = self.folder.with_suffix(".log")
        with log.open("wb") as out:
            command = [sys.executable, "manage.py", "up", "--port", str(port)]
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.variables, stdout=out, stderr=subprocess.STDOUT
            )
        self.address = self._wait_for_address(log)

    def kill_all(self) -> None:
        """Kill -9 of the supervisor; what it started ends by itself, then it is started again."""
        if self._process is None:
            raise RuntimeError("the app does not run")
        port = int(self.address.rpartition(":")[2])
        left = [pid for name in ("web", "worker") for pid in self.processes(name)]
        self._process.kill()
        self._process.wait()
        until = time.monotonic() + START_SECONDS
        while any(_command(pid) for pid in left) and time.monotonic() < until:
            time.sleep(0.1)
        self.start(port)

    def _wait_for_address(self, log: Path) -> str:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            said = log.read_text(encoding="utf-8")
            found = re.search(r"Open +(http://[^/\s]+)", said)
            if found and "Ctrl-C" in said:
                return found[1]
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"The app did not start:\n{log.read_text(encoding='utf-8')}")

    def processes(self, name: str) -> list[int]:
        """Ids of a child of the supervisor ("web", "worker long") and of what it started."""
        own = [pid for pid in children_of(self._pid) if f"supervisor.{name}" in _command(pid)]
        return [*own, *(pid for parent in own for pid in children_of(parent))]

    @property
    def _pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the app does not run")
        return self._process.pid

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask the app's database; `%s` stands for a value."""
        url = self.variables.get("DATABASE_URL")
        if url:
            with psycopg.connect(url) as connection:
                return connection.execute(query, values).fetchall()
        with closing(sqlite3.connect(self.folder / "reviewapp.sqlite3", timeout=30)) as connection:
            return connection.execute(query.replace("%s", "?"), values).fetchall()


class Gauge:
    """Watches the memory and the CPU of processes while a block runs, ten times a second."""

    def __init__(self, app: App, names: Sequence[str] = ("web", "worker")) -> None:
        """Watch these children of the app."""
        self._app, self._names = app, names
        self.most = dict.fromkeys(names, 0.0)
        self.cpu: dict[str, float] = dict.fromkeys(names, 0.0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._seen: dict[int, tuple[str, float, float]] = {}

    def __enter__(self) -> "Gauge":
        """Begin."""
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more and stop."""
        self._ended.set()
        self._thread.join()
        self._look()
        for name, first, last in self._seen.values():
            self.cpu[name] += last - first

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._look()

    def _look(self) -> None:
        for name in self._names:
            for pid in self._app.processes(name):
                try:
                    memory, cpu = _memory(pid), _cpu(pid)
                except (FileNotFoundError, ProcessLookupError):
                    continue
                self.most[name] = max(self.most[name], memory)
                first = self._seen[pid][1] if pid in self._seen else cpu
                self._seen[pid] = (name, first, cpu)


def children_of(pid: int) -> list[int]:
    """What any thread of the process started: a pool replaces its processes from a thread."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in listed.read_text(encoding="ascii").split()]
    return sorted(found)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except FileNotFoundError:
        return ""


def _memory(pid: int) -> float:
    """Most resident memory the process ever had, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _cpu(pid: int) -> float:
    """Seconds of CPU the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
