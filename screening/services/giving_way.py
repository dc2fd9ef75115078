"""Long work gives way to people: between two chunks whoever waits to write goes first."""

import time

from django.db import connection

LONGEST_REST = 0.5  # seconds between two chunks
_PAUSE = 0.003  # seconds between two looks
_LOOKS = 2  # in a row at which nobody writes


def give_way(worked: float) -> None:
    """Rest as long as the last chunk has written, and on while others write.

    Several people who decide at the same moment write one after the other; a chunk that slips in
    between makes all who are left wait for the whole of it.

    Args:
        worked: Seconds that the last chunk took to write.
    """
    until = time.monotonic() + LONGEST_REST
    time.sleep(min(worked, LONGEST_REST))
    is_being_written = getattr(connection, "is_being_written", None)
    if is_being_written is None:
        return  # only the embedded database has one writer at a time
    quiet = 0
    while time.monotonic() < until:
        quiet = 0 if is_being_written() else quiet + 1
        if quiet >= _LOOKS:
            return
        time.sleep(_PAUSE)
