"""The app on a file system of a few megabytes: what it says and keeps when that is full."""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from intake import ROWS, STATE, confirm, job_of, upload, wait_for
from intake_app import App
from intake_files import long_export
from intake_people import Person

SIZE_MB = 64
BALLAST = "ballast"
FULL = "The disk is full"


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of its own in memory."""
    with tempfile.TemporaryDirectory(prefix="faults-disk-") as folder:
        options = f"size={megabytes}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, leave: int) -> None:
    """Take the room away but for some bytes."""
    free = _free(folder)
    with (folder / BALLAST).open("wb") as file:
        file.write(b"x" * max(0, free - leave))


def _free(folder: Path) -> int:
    said = subprocess.run(
        ["df", "--output=avail", "-B1", folder], check=True, text=True, stdout=subprocess.PIPE
    )
    return int(said.stdout.split()[1])


def files_of(app: App) -> int:
    """How many files the private folder holds."""
    return sum(one.is_file() for one in (app.folder / "files").rglob("*"))


def fill_the_disk(options: argparse.Namespace) -> bool:
    """An upload on a full disk, then a disk that fills up in the middle of an import."""
    with small_disk(SIZE_MB) as disk:
        data = disk / "data"
        data.mkdir()
        app = App(data)
        seeded = json.loads(app.run("benchmarks/intake_seed.py", "0", "0"))
        with app.up():
            return _played(app, disk, seeded, options.records)


def _played(app: App, disk: Path, seeded: dict[str, object], records: int) -> bool:
    slug, people = str(seeded["slug"]), seeded["people"]
    lead = Person(app.address, *people[0])  # type: ignore[index]
    with tempfile.TemporaryDirectory(prefix="faults-files-") as elsewhere:
        file = long_export(Path(elsewhere) / "export.ris", records)
        before = files_of(app)
        fill(disk, leave=file.stat().st_size // 2)
        batch, answer = upload(lead, slug, file)
        print(f"upload on a full disk: {answer.status}, says so: {FULL in answer.text}")
        is_right = answer.status == HTTPStatus.INSUFFICIENT_STORAGE and FULL in answer.text
        is_right = is_right and not batch and files_of(app) == before
        print(f"files left behind: {files_of(app) - before}")
        (disk / BALLAST).unlink()
        batch, answer = upload(lead, slug, file)
        confirm(lead, slug, batch)
        return _import_ends(app, disk, batch, records) and is_right


def _import_ends(app: App, disk: Path, batch: int, records: int) -> bool:
    job, said = job_of(app, batch), ""
    until = time.monotonic() + 120
    while not app.ask(STATE, [job])[0][1] and time.monotonic() < until:
        time.sleep(0.02)
    fill(disk, leave=128 * 1024)
    while "full" not in said and time.monotonic() < until:
        said = str(app.ask(STATE, [job])[0][3]) or said
        time.sleep(0.2)
    rows = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
    done = app.ask(STATE, [job])[0][1]
    print(f"the disk filled up in mid import: {rows[0]} rows, progress {done}; it says: {said!r}")
    is_whole = rows[0] == done
    (disk / BALLAST).unlink()
    state = wait_for(app, job, 300)
    rows = app.ask(f"{ROWS} WHERE batch_id = %s", [batch])[0]
    print(f"with room again: {state}, records, titles, positions {rows} of {records}")
    return "full" in said and is_whole and state == "done" and set(rows) == {records}
