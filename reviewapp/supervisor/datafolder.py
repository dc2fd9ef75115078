"""The data folder: made private, locked by one running app, holding the secret key and backups."""

import fcntl
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from reviewapp.broker import make_broker_folders, remove_leftovers

LOCK_NAME = "up.lock"
SECRET_NAME = "secret-key"  # noqa: S105  (a file's name)


class AlreadyRunning(Exception):  # noqa: N818  (a state of the house, told to the person)
    """Another `up` holds the folder; the message names its address."""


def make_data_folder(folder: Path) -> None:
    """Create the folder and what the app expects in it, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for part in ("files", "static", "backups"):
        (folder / part).mkdir(exist_ok=True, mode=0o700)
    make_broker_folders(folder)
    remove_leftovers(folder / "broker" / "messages")


def ensure_secret_key(folder: Path) -> str:
    """Return the installation's secret key, made at the first start and kept in a 0600 file."""
    file = folder / SECRET_NAME
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8").strip()
    key = get_random_secret_key()
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(key + "\n")
    return key


class FolderLock:
    """An advisory lock that the system frees when its holder dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            AlreadyRunning: Another process holds it.
        """
        self._file = (folder / LOCK_NAME).open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "another process"
            self._file.close()
            raise AlreadyRunning(
                f"The app already runs on the data in {folder}: {holder}. "
                "Open that address, or stop that process first; --data-dir DIR starts a second, "
                "separate installation."
            ) from error

    def tell(self, text: str) -> None:
        """Write who holds the lock, for the message of a refused second start."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def close(self) -> None:
        """Free the folder."""
        self._file.close()


def back_up_database(database: Path, backups: Path) -> Path | None:
    """Copy a non-empty SQLite database by its backup API, which is safe while others write.

    Args:
        database: The database's file.
        backups: Where copies go.

    Returns:
        The copy, or None when there is nothing to copy yet.
    """
    if not database.is_file() or database.stat().st_size == 0:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = backups / f"{stamp}-before-migrating.sqlite3"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    return target
