"""The supervisor's loop: starts the children, tends them, stops them in seconds."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Protocol

from reviewapp.supervisor.children import Child, ChildSpec
from reviewapp.supervisor.lifeline import VARIABLE

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.1
STOP_SECONDS = 3.0  # a job that is cut short goes on at its cursor after the next start


class Chore(Protocol):
    """Something the supervisor does now and then beside its children."""

    def tend(self) -> str | None:
        """Do what is due; what went wrong, or None."""

    def stop(self) -> None:
        """End what is running."""


class Supervisor:
    """Owns the children and the lifeline; lives until it is asked to stop."""

    def __init__(self, specs: Sequence[ChildSpec], chores: Sequence[Chore] = ()) -> None:
        """Make the lifeline and prepare a child for each spec."""
        self.chores = tuple(chores)
        read_end, self._write_end = os.pipe()
        self._read_end = read_end
        self.children = [
            Child(
                ChildSpec(
                    spec.name,
                    spec.command,
                    {**spec.variables, VARIABLE: str(read_end)},
                    (*spec.pass_fds, read_end),
                )
            )
            for spec in specs
        ]
        self._is_stopping = False

    def run(self, when_started: Callable[[], None]) -> None:
        """Start the children and tend them until SIGTERM or SIGINT.

        Args:
            when_started: Called once all children have been started.
        """
        previous = {
            number: signal.signal(number, self._ask_to_stop)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            for child in self.children:
                child.start()
            when_started()
            while not self._is_stopping:
                self._tend()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask all children to stop, wait for them together, end the rest."""
        for child in self.children:
            child.ask_to_stop()
        for chore in self.chores:
            chore.stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.finish(deadline)
        os.close(self._write_end)
        os.close(self._read_end)

    def _tend(self) -> None:
        parts: list[Child | Chore] = [*self.children, *self.chores]
        for part in parts:
            happened = part.tend()
            if happened:
                logger.warning("%s", happened)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
