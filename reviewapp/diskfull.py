"""A full disk: recognised wherever it shows, told in words, and nothing half-written left."""

import contextlib
import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.http import HttpRequest, HttpResponse

from reviewapp.errors import disk_full

logger = logging.getLogger(__name__)

FULL_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
POSTGRES_DISK_FULL = "53100"
TOLD_OF_A_JOB = (
    "The disk of this installation is full. What was finished is kept; the work goes on where it "
    "stopped when there is room again. Tell who runs the installation."
)


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, or one that it came of, says that there is no room."""
    return any(_says_full(one) for one in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen:
        seen.append(current)
        yield current
        current = current.__cause__ or current.__context__


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL_NUMBERS
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == POSTGRES_DISK_FULL


class DiskFullMiddleware:
    """Answers 507 with words where a view met a full disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page; None for every other fault."""
        if not is_disk_full(exception):
            return None
        logger.error("The disk is full", exc_info=exception)
        return disk_full(request)


class WholeFiles(FileSystemStorage):
    """Files in a private folder; one that could not be written to its end is not there at all."""

    def _save(self, name: str, content: "File[Any]") -> str:
        target = Path(self.path(name))
        was_there = target.exists()
        try:
            return str(super()._save(name, content))  # type: ignore[misc]  # not in the stubs
        except OSError:
            if not was_there:
                with contextlib.suppress(FileNotFoundError):
                    target.unlink()
            raise
