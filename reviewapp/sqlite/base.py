"""Django's SQLite backend; a writer that must wait looks again every other millisecond.

SQLite's own waiting looks again after 1, 2, 5, ... and then every 100 milliseconds. Beside an
import, whose transactions follow each other closely, a decision could miss every gap between two
of them for seconds. Looking often enough to hit the gap costs some microseconds each time.
"""

import random
import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_PAUSE = 0.002  # seconds, on average


class DatabaseWrapper(base.DatabaseWrapper):
    """The embedded database."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction, waiting for the writer's place as long as the time limit says."""
        limit = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + limit
        self._wait_at_most(0)
        try:
            while not self._begun(may_wait=time.monotonic() < until):
                time.sleep(random.uniform(0.5, 1.5) * _PAUSE)  # noqa: S311 - no secret
        finally:
            self._wait_at_most(limit)

    def _begun(self, *, may_wait: bool) -> bool:
        try:
            with self.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
        except OperationalError as error:
            cause = error.__cause__
            is_busy = isinstance(cause, sqlite3.OperationalError) and (
                cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            )
            if is_busy and may_wait:
                return False
            raise
        return True

    def _wait_at_most(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
