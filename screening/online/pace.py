"""Polite pace: each host is asked at most so often, whoever in this installation asks."""

import time
from collections.abc import Callable
from typing import Protocol


class Pacer(Protocol):
    """Gives out moments; the app's own keeps them in the database, for all its processes."""

    def reserve(self, host: str, interval: float) -> float:
        """Take the next free moment of a host.

        Args:
            host: The host to be asked.
            interval: Least seconds between two questions to it.

        Returns:
            Seconds to wait from now on; 0 when it may be asked at once.
        """
        ...


class MemoryPacer:
    """A pacer for one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with every host free."""
        self._clock = clock
        self._free_at: dict[str, float] = {}

    def reserve(self, host: str, interval: float) -> float:
        """Take the next free moment of a host; see `Pacer.reserve`."""
        now = self._clock()
        at = max(now, self._free_at.get(host, now))
        self._free_at[host] = at + interval
        return at - now
