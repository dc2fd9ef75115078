"""Progress told beside a moment of the database, in which nothing can be written."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from screening.models import JobLost

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
SECONDS = 1.0


class Aside:
    """Takes progress at once and tells the latest each second, over a connection of its own."""

    def __init__(self, tell: Progress, seconds: float = SECONDS) -> None:
        """Prepare; the thread lives as long as the `with` block."""
        self._tell, self._seconds = tell, seconds
        self._latest: tuple[int, int, str] | None = None
        self._lost: JobLost | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="bundle-progress")

    def __call__(self, done: int, total: int, message: str) -> None:
        """Take note.

        Raises:
            JobLost: The job was cancelled, or is somebody else's by now.
        """
        if self._lost is not None:
            raise self._lost
        self._latest = (done, total, message)

    def __enter__(self) -> Self:
        """Start telling."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop telling."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        told = None
        while not self._ended.wait(self._seconds):
            latest = self._latest
            if latest is None or latest == told:
                continue
            try:
                self._tell(*latest)
                told = latest
            except JobLost as lost:
                self._lost = lost
                return
            except DatabaseError:
                logger.exception("Progress was not told; the next second tries again")
            finally:
                connection.close()
