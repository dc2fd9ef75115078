import os
import sys
import time
from pathlib import Path

import pytest

from reviewapp.supervisor import backups
from reviewapp.supervisor.backups import Timetable

FAKE = """
import pathlib, sys
target = pathlib.Path(sys.argv[1])
if "--fail" in sys.argv:
    sys.exit("The disk is full.")
target.write_text("a backup")
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A timetable whose command writes a small file instead of a backup."""

    def make(*, fails: bool = False, **given) -> Timetable:
        def popen(command, **options):
            more = ["--fail"] if fails else []
            return real([sys.executable, "-c", FAKE, command[-1], *more], **options)

        real = backups.subprocess.Popen
        monkeypatch.setattr(backups.subprocess, "Popen", popen)
        monkeypatch.setattr(backups, "FIRST_AFTER_SECONDS", 0.0)
        given = {"every_hours": 24, "keep": 2} | given
        return Timetable(tmp_path, variables=dict(os.environ), **given)

    return make


def run(timetable: Timetable) -> str | None:
    timetable.tend()
    deadline = time.monotonic() + 20
    while timetable._running and time.monotonic() < deadline:
        time.sleep(0.02)
        said = timetable.tend()
        if said:
            return said
    return None


def make_old(path: Path, hours: float) -> Path:
    path.write_text("old")
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_the_first_backup_comes_by_itself_and_the_next_a_day_later(made, tmp_path):
    timetable = made()
    assert run(timetable) is None
    assert len(timetable.kept()) == 1
    run(timetable)
    assert len(timetable.kept()) == 1
    then = time.time() - 25 * 3600
    os.utime(timetable.kept()[0], (then, then))
    timetable.tend()
    assert timetable._running
    timetable.stop()


def test_only_the_newest_are_kept_and_others_files_are_not_touched(made, tmp_path):
    for day in (1, 2, 3):
        make_old(tmp_path / f"daily-2026010{day}T000000.zip", 100 - day)
    mine = make_old(tmp_path / "before-migrating.zip", 500)
    timetable = made()
    run(timetable)
    assert len(timetable.kept()) == 2
    assert timetable.kept()[0].name == "daily-20260103T000000.zip"
    assert mine.exists()


def test_a_failure_is_said_and_tried_again_later(made):
    timetable = made(fails=True)
    said = run(timetable)
    assert said is not None
    assert "The disk is full." in said
    timetable.tend()
    assert timetable._running is None


def test_none_is_made_where_none_is_wanted(made):
    timetable = made(every_hours=0)
    timetable.tend()
    assert timetable._running is None


def test_what_a_cut_short_backup_left_is_removed(made, tmp_path):
    left = make_old(tmp_path / ".daily-x.zip.abc", 1)
    made()
    assert not left.exists()
