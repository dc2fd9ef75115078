"""Making hundreds of thousands of small objects at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Pauses:
    """How many threads pause the collection now, and whether it is to go on after them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open = 0
        self._was_on = False

    def begin(self) -> None:
        """Pause; the first one remembers what was."""
        with self._lock:
            if not self._open:
                self._was_on = gc.isenabled()
            self._open += 1
            gc.disable()

    def end(self) -> None:
        """The last one lets it go on."""
        with self._lock:
            self._open -= 1
            if not self._open and self._was_on:
                _count_as_old()
                gc.enable()


def _count_as_old() -> None:
    """Let what was made be looked at with all that is old, not at once and all of it.

    Where somebody keeps objects frozen on purpose, nothing is done.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()


_PAUSES = _Pauses()


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let Python look for circles of garbage only afterwards: plain answers form none.

    While many small objects are made, it would look at all of them again and again, which takes
    as long as making them. The switch belongs to the whole process: it is turned on again when the
    last of several threads is done, never by the one that came second.
    """
    _PAUSES.begin()
    try:
        yield
    finally:
        _PAUSES.end()
