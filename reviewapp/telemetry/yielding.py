"""A long file that a web process writes while it is read gives way to people's requests.

Python computes in one thread at a time. A file of a hundred thousand records would take half of a
process from everybody else; between two pieces it rests while other requests are being answered.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

WORK_SECONDS = 0.02  # after which it looks who waits
LOOK_SECONDS = 0.005
MOST_TIMES = 4  # as long as it worked, so that it ends even where somebody always waits


class OpenRequests:
    """How many requests this process is answering now."""

    def __init__(self) -> None:
        """Nobody asks yet."""
        self._lock = threading.Lock()
        self._open = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count one until its answer begins."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    @property
    def are_any(self) -> bool:
        """Whether anybody waits for an answer to begin."""
        return self._open > 0


def giving_way(pieces: Iterable[bytes], others: OpenRequests) -> Iterator[bytes]:
    """Pass pieces on; after some work, rest while others are being answered.

    Args:
        pieces: Made while they are asked for.
        others: The requests of this process.
    """
    worked, began = 0.0, time.perf_counter()
    for piece in pieces:
        worked += time.perf_counter() - began
        if worked >= WORK_SECONDS:
            _rest(worked * MOST_TIMES, others)
            worked = 0.0
        yield piece
        began = time.perf_counter()


def _rest(most: float, others: OpenRequests) -> None:
    end = time.perf_counter() + most
    while others.are_any and time.perf_counter() < end:
        time.sleep(LOOK_SECONDS)
