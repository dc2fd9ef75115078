"""A few warm workers: each request has a time limit, and a worker that breaks is replaced."""

import atexit
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic
from typing import IO, Any, Self, cast

from screening.pdfs import wire
from screening.pdfs.model import PdfTrouble

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "screening.pdfs.worker")
WORKERS = 2
REQUESTS = 400  # of one worker; then a fresh one takes over
WAIT_SECONDS = 20.0
START_SECONDS = 20.0  # until a fresh worker asks for the file
STARVED = 0.1  # of its time that a worker ran, at most, when the machine had none for it
REMEMBERED = 500
REMEMBERED_SECONDS = 600.0
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
BUSY = "Other pages are being drawn. Try again in a moment."
CROWDED = "The machine is too busy to read this page now. Try again in a moment."
TIMED_OUT = "This page takes too long, so it was given up. The other pages can be read."
BROKEN = "This page breaks the program that reads PDFs. The other pages can be read."

Content = Callable[[], bytes]
Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what is to be done with which file, and how long it may take.

    Attributes:
        task: Name of a task of the worker.
        key: Names the file's content for ever; the worker keeps the last few files open.
        facts: What the task needs to know; what is asked again is known by these.
        seconds: Time limit.
    """

    task: str
    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    seconds: float = 10.0

    @property
    def mark(self) -> str:
        """The request as one text."""
        return f"{self.key} {self.task} {sorted(self.facts.items())}"


class _Worker:
    """One process; used by one thread at a time."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.requests = 0
        self.is_late = False
        self.is_starved = False  # late without having been let run
        self.process = subprocess.Popen(  # noqa: S603 our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )

    def exchange(self, head: dict[str, Any], body: bytes, seconds: float) -> Answer:
        """Send a request and wait for its answer, at most so long.

        Raises:
            PdfTrouble: The process has ended, or was ended since it took too long.
        """
        timer = threading.Timer(seconds, self._give_up, (self._time_run(), seconds))
        timer.daemon = True
        timer.start()
        try:
            wire.send(cast("IO[bytes]", self.process.stdin), head, body)
            return wire.receive(cast("IO[bytes]", self.process.stdout))
        except (EOFError, OSError) as error:
            late = CROWDED if self.is_starved else TIMED_OUT
            raise PdfTrouble(late if self.is_late else BROKEN) from error
        finally:
            timer.cancel()

    def end(self) -> None:
        """Kill the process and wait until it has gone."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what could not be sent any more
                cast("IO[bytes]", stream).close()
        self.process.wait()

    def _give_up(self, before: float | None, seconds: float) -> None:
        now = self._time_run()
        if before is not None and now is not None:
            self.is_starved = now - before < STARVED * seconds
        self.is_late = True
        self.process.kill()

    def _time_run(self) -> float | None:
        """Seconds of processor time that the process has had; None where the system tells none."""
        try:
            told = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
            user, system = told.rpartition(")")[2].split()[11:13]
        except (OSError, ValueError):
            return None
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Pool:
    """At most `workers` processes, started when they are needed and used again."""

    def __init__(self, workers: int = WORKERS, command: tuple[str, ...] = COMMAND) -> None:
        """Start nothing yet."""
        self._command = command
        self._free = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._failed: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def ask(self, asked: Asked, content: Content) -> Answer:
        """Have a worker do something with a file.

        A request that broke its worker is not tried again for ten minutes; one that only the
        crowded machine held up is.

        Args:
            asked: The request.
            content: Gives the file's bytes; called only when the worker does not hold them.

        Returns:
            The worker's answer, data and bytes.

        Raises:
            PdfTrouble: The file or page cannot be read, takes too long or too much memory, or all
                workers are busy; the message is for the person.
        """
        self._check_known(asked)
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise PdfTrouble(BUSY)
        try:
            head, body = self._ask(asked, content)
        finally:
            self._free.release()
        if "trouble" in head:
            raise PdfTrouble(str(head["trouble"]))
        return head, body

    def warm(self) -> Self:
        """Start a worker ahead of the first request."""
        if self._free.acquire(blocking=False):
            try:
                self._put_back(self._take())
            finally:
                self._free.release()
        return self

    def close(self) -> None:
        """End all idle workers; the pool can be used again."""
        while self._idle:
            self._idle.pop().end()
        self._failed.clear()

    def _ask(self, asked: Asked, content: Content) -> Answer:
        worker = self._take()
        is_whole = False
        head = {"task": asked.task, "key": asked.key, **asked.facts}
        try:
            is_fresh = worker.requests == 0  # it has to start, and then holds no file
            answer = worker.exchange(head, b"", START_SECONDS if is_fresh else asked.seconds)
            if answer[0].get("wants") == "file":
                answer = worker.exchange(head, content(), asked.seconds)
            is_whole = True
        except PdfTrouble as trouble:
            if not worker.is_starved:
                self._remember(asked, str(trouble))
            raise
        finally:
            worker.requests += 1
            if is_whole and not worker.is_late and worker.requests < REQUESTS:
                self._put_back(worker)
            else:
                worker.end()
        return answer

    def _take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
        return _Worker(self._command)

    def _put_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def _remember(self, asked: Asked, message: str) -> None:
        with self._lock:
            self._failed[asked.mark] = (monotonic() + REMEMBERED_SECONDS, message)
            while len(self._failed) > REMEMBERED:
                self._failed.popitem(last=False)

    def _check_known(self, asked: Asked) -> None:
        until, message = self._failed.get(asked.mark, (0.0, ""))
        if until > monotonic():
            raise PdfTrouble(message)


@cache
def shared_pool() -> Pool:
    """The pool of this process, ended with it; a forked process starts its own."""
    pool = Pool()
    atexit.register(pool.close)
    return pool


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=shared_pool.cache_clear)
