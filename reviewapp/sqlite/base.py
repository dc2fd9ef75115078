"""Django's SQLite backend; a writer that must wait looks again every other millisecond.

SQLite's own waiting looks again after 1, 2, 5, ... and then every 100 milliseconds. Beside an
import, whose transactions follow each other closely, a decision could miss every gap between two
of them for seconds. Looking often enough to hit the gap costs some microseconds each time; of the
threads of one process only one looks at a time, or they take the processor from the writer.
"""

import random
import sqlite3
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.sqlite3 import base

_PAUSE = 0.002  # seconds, on average
_looking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # by database


class DatabaseWrapper(base.DatabaseWrapper):
    """The embedded database."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database.

        Raises:
            ImproperlyConfigured: There is no folder that it could lie in.
        """
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            folder = Path(str(self.settings_dict["NAME"])).parent
            if folder.is_dir():
                raise
            raise ImproperlyConfigured(
                f"There is no data folder {folder}. `manage.py up` makes one, and so does "
                "`restore`; to use another one, give --data-dir or REVIEWAPP_DATA_DIR."
            ) from error

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction, waiting for the writer's place as long as the time limit says."""
        until = time.monotonic() + self._limit
        self._wait_at_most(0)
        try:
            if not self._begun(may_wait=self._limit > 0):
                self._wait_in_line(until)
        finally:
            self._wait_at_most(self._limit)

    def _wait_in_line(self, until: float) -> None:
        """Look again and again once the threads before this one have got their place."""
        line = _looking[str(self.settings_dict["NAME"])]
        is_first = line.acquire(timeout=max(0.0, until - time.monotonic()))
        try:
            while not self._begun(may_wait=is_first and time.monotonic() < until):
                time.sleep(random.uniform(0.5, 1.5) * _PAUSE)  # noqa: S311 - no secret
        finally:
            if is_first:
                line.release()

    def is_being_written(self) -> bool:
        """Whether another connection writes at this moment."""
        self.ensure_connection()
        if self.in_atomic_block:
            return False
        self._wait_at_most(0)
        try:
            if not self._begun(may_wait=True):
                return True
            self.connection.rollback()
        finally:
            self._wait_at_most(self._limit)
        return False

    @property
    def _limit(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", 5))

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
