"""One supervised process: started in a group of its own, ended with the whole group."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

QUICK_DEATH_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


@dataclass(frozen=True)
class ChildSpec:
    """What to start: a name for the log, the command, its variables and inherited files."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    pass_fds: Sequence[int] = ()


class Child:
    """A process that is started again whenever it ends."""

    def __init__(self, spec: ChildSpec) -> None:
        """Remember what to start; `start` starts it."""
        self.spec = spec
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._pause = FIRST_PAUSE_SECONDS

    @property
    def pid(self) -> int | None:
        """The running process, if any."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process in its own session, so that a terminal's Ctrl-C does not reach it."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            list(self.spec.command),
            env={**os.environ, **self.spec.variables},
            pass_fds=tuple(self.spec.pass_fds),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def tend(self) -> str:
        """Start the process again if it ended; a quick death makes the next start wait longer.

        Returns:
            What happened, for the log; empty when nothing did.
        """
        if self._process is None:
            if time.monotonic() < self._start_at:
                return ""
            self.start()
            return f"{self.spec.name} started again (process {self.pid})"
        code = self._process.poll()
        if code is None:
            return ""
        self._end_group()
        has_lived = time.monotonic() - self._started_at > QUICK_DEATH_SECONDS
        self._pause = (
            FIRST_PAUSE_SECONDS if has_lived else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        )
        self._start_at = time.monotonic() + self._pause
        self._process = None
        return f"{self.spec.name} ended ({_how(code)}); starting it again"

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait until the deadline (monotonic seconds), then end what is left of the group."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        self._end_group()
        self._process.wait()

    def _end_group(self) -> None:
        """Kill what the process left behind, such as a worker's pool."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
