"""Backups on a timetable: `up` makes one a day and keeps the newest few."""

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from reviewapp.bootstrap import ROOT

PREFIX = "daily-"
HOUR_SECONDS = 3600
RETRY_SECONDS = 600.0
FIRST_AFTER_SECONDS = 120.0  # the start itself is busy enough


class Timetable:
    """Starts a backup when the last one is old enough and removes those beyond the number kept."""

    def __init__(
        self, folder: Path, *, every_hours: int, keep: int, variables: Mapping[str, str]
    ) -> None:
        """Set the timetable.

        Args:
            folder: Where the backups lie.
            every_hours: Hours between two; 0 makes none.
            keep: How many stay, at least 1.
            variables: Environment of the command.
        """
        self.folder = folder
        self.every_seconds = every_hours * HOUR_SECONDS
        self.keep = max(1, keep)
        self.variables = dict(variables)
        self._running: subprocess.Popen[bytes] | None = None
        self._not_before = time.time() + FIRST_AFTER_SECONDS
        for leftover in folder.glob(f".{PREFIX}*"):
            leftover.unlink()  # of a backup that was cut short

    def tend(self) -> str | None:
        """Start what is due, tidy up after what has ended.

        Returns:
            What went wrong, for the log, or None.
        """
        if self._running:
            return self._look_after(self._running)
        now = time.time()
        if self.every_seconds and now >= self._not_before and self._is_due(now):
            self._start()
        return None

    def stop(self) -> None:
        """End a running backup; its half-written file goes with it."""
        if self._running and self._running.poll() is None:
            self._running.terminate()
            self._running.communicate()

    def kept(self) -> list[Path]:
        """The backups of the timetable, oldest first."""
        return sorted(self.folder.glob(f"{PREFIX}*.zip"))

    def _is_due(self, now: float) -> bool:
        kept = self.kept()
        return not kept or now - kept[-1].stat().st_mtime >= self.every_seconds

    def _start(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        target = self.folder / f"{PREFIX}{stamp}.zip"
        command = [sys.executable, str(ROOT / "manage.py"), "backup", "-o", str(target)]
        self._running = subprocess.Popen(  # noqa: S603  (this very program)
            command, env=self.variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def _look_after(self, running: subprocess.Popen[bytes]) -> str | None:
        code = running.poll()
        if code is None:
            return None
        self._running = None
        said = running.communicate()[1].decode(errors="replace").strip()
        if code:
            self._not_before = time.time() + RETRY_SECONDS
            return f"The daily backup failed and is tried again in ten minutes: {said}"
        for old in self.kept()[: -self.keep]:
            old.unlink()
        return None
