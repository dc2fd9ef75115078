"""Transactions that a power cut may take back, since nobody would miss what they wrote.

What somebody said is on the disk before it is acknowledged (docs/decisions/0005). Who holds a
record for a quarter of an hour is not worth a flush of the disk, during which SQLite lets nobody
else write.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def unflushed() -> Iterator[None]:
    """A transaction like any other that does not wait for the disk at its end.

    It is whole or not there at all, as always; after a crash of this process alone it is there.
    Inside another transaction it is a part of that one, which waits as it is told to.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "sqlite":
        _tell("PRAGMA synchronous=NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            _tell("PRAGMA synchronous=FULL")
    else:
        with transaction.atomic():
            _tell("SET LOCAL synchronous_commit TO off")
            yield


def _tell(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
