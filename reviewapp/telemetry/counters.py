"""Counts of requests, shared by all processes of a machine through small files of their own.

Each process writes its counts at most once a second, whole, into a file that only it writes; who
is asked adds all of them up. Counts of a process that ended are moved into one file, so that the
sums only grow.
"""

import contextlib
import fcntl
import json
import os
import socket
import threading
import time
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import Any, Self

from reviewapp.processes import is_alive

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, upper bounds
WRITE_SECONDS = 1.0
FORGET_SECONDS = 7 * 24 * 3600.0  # files of machines that write no more

Request = tuple[str, str, str]  # route, method, status


class Counts:
    """Requests by route, method and status; seconds by route in buckets."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.requests: Counter[Request] = Counter()
        self.buckets: dict[str, list[int]] = {}
        self.seconds: Counter[str] = Counter()

    def observe(self, request: Request, seconds: float) -> None:
        """Count one answer."""
        route = request[0]
        self.requests[request] += 1
        self.buckets.setdefault(route, [0] * (len(BUCKETS) + 1))
        self.buckets[route][bisect_left(BUCKETS, seconds)] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]  # a Counter adds any number

    def add(self, other: Self) -> None:
        """Add somebody else's counts."""
        self.requests.update(other.requests)
        self.seconds.update(other.seconds)
        for route, theirs in other.buckets.items():
            mine = self.buckets.setdefault(route, [0] * len(theirs))
            self.buckets[route] = [a + b for a, b in zip(mine, theirs, strict=True)]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "requests": [[*request, count] for request, count in self.requests.items()],
            "buckets": self.buckets,
            "seconds": dict(self.seconds),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """What `to_json` made."""
        counts = cls()
        for route, method, status, count in values["requests"]:
            counts.requests[route, method, status] = count
        counts.buckets = dict(values["buckets"])
        counts.seconds = Counter(values["seconds"])
        return counts


class SharedCounts:
    """This process's counts, and the sum over all processes of this machine."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made at the first write."""
        self._folder = folder
        self._lock = threading.Lock()
        self._process = 0
        self._counts = Counts()
        self._written_at = 0.0

    def observe(self, request: Request, seconds: float) -> None:
        """Count one answer; a full disk is no reason to fail a request."""
        with self._lock:
            if self._process != os.getpid():  # a fork starts at nothing
                self._process, self._counts = os.getpid(), Counts()
            self._counts.observe(request, seconds)
            if time.monotonic() - self._written_at < WRITE_SECONDS:
                return
            self._written_at = time.monotonic()
            with contextlib.suppress(OSError):
                _write(self._own_file(), self._counts)

    def sum(self) -> Counts:
        """All counts of this machine."""
        whole = Counts()
        with self._lock, self._one_reader():
            if self._process == os.getpid():
                _write(self._own_file(), self._counts)
            self._put_ended_together()
            for file in self._folder.glob(f"{_machine()}.*.json"):
                whole.add(_read(file))
        return whole

    def _own_file(self) -> Path:
        return self._folder / f"{_machine()}.{self._process}.json"

    @contextlib.contextmanager
    def _one_reader(self) -> Any:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _put_ended_together(self) -> None:
        ended = self._folder / f"{_machine()}.ended.json"
        oldest = time.time() - FORGET_SECONDS
        for file in self._folder.glob("*.json"):
            machine, _, process = file.stem.rpartition(".")
            if machine != _machine():
                if file.stat().st_mtime < oldest:
                    file.unlink()
            elif process.isdecimal() and not is_alive(int(process)):
                whole = _read(ended) if ended.exists() else Counts()
                whole.add(_read(file))
                _write(ended, whole)
                file.unlink()


def _machine() -> str:
    return socket.gethostname().replace("/", "-")


def _read(file: Path) -> Counts:
    return Counts.from_json(json.loads(file.read_bytes()))


def _write(file: Path, counts: Counts) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hidden = file.with_name(f".{file.name}.tmp")
    hidden.write_text(json.dumps(counts.to_json()), encoding="utf-8")
    hidden.replace(file)
