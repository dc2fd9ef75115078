"""Making hundreds of thousands of small objects at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let Python look for circles of garbage only afterwards: plain answers form none.

    While many small objects are made, it would look at all of them again and again, which takes
    as long as making them. Two threads at once only end each other's pause early.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
