"""A thread beside a piece of work that does something each few seconds for as long as it lasts."""

import logging
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class Beside(ABC):
    """Ticks over a connection of its own inside a `with` block; a failed tick is tried again."""

    def __init__(self, seconds: float, name: str) -> None:
        """Prepare; the thread lives as long as the block, or until a tick says that it is over.

        Args:
            seconds: From one tick to the next; the first comes after as long.
            name: What the thread is called, and what the log calls what failed.
        """
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)

    @abstractmethod
    def tick(self) -> bool:
        """Do it once; False when there is nothing left to do."""

    def __enter__(self) -> Self:
        """Start ticking."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop after the tick that is under way."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                goes_on = self.tick()
            except DatabaseError:
                logger.exception("%s failed; the next one tries again", self._thread.name)
                goes_on = True
            finally:
                connection.close()
            if not goes_on:
                return
