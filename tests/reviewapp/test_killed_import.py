"""Kill -9 in the middle of an import: on its own database file, with real worker processes.

`benchmarks/intake.py kills` does the same twenty times to the whole running app.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = 3000
PAUSES = (0.0, 0.03, 0.07)  # after some progress, so long before each kill
pytestmark = pytest.mark.timeout(400)

SEED = """
import sys, django
django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import factories
from screening.selectors.import_files import reading_of
from screening.services import imports
lead = factories.make_member(factories.make_review(), "lead")
row = "TY  - JOUR\\nTI  - Title {0}\\nAB  - Some words.\\nPY  - 2020\\nER  - \\n"
text = "".join(row.format(one) for one in range(int(sys.argv[1])))
upload = ContentFile(text.encode(), name="long.ris")
batch = imports.take_in(membership=lead, source_name="A", kind="database", upload=upload)
job = imports.start_import(membership=lead, batch=batch, reading=reading_of(batch))
print(job.pk)
"""
WORK = """
import sys, django
django.setup()
from reviewapp.jobs import new_owner, perform
perform(int(sys.argv[1]), owner=new_owner())
"""


class Installation:
    """A data folder of its own, and processes that work on it."""

    def __init__(self, folder: Path) -> None:
        dropped = {"DATABASE_URL", "CELERY_BROKER_URL"}
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        self.file = folder / "reviewapp.sqlite3"
        (folder / "broker" / "messages").mkdir(parents=True)
        (folder / "broker" / "control").mkdir()
        self.variables = kept | {
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
            "REVIEWAPP_DATA_DIR": str(folder),
            "SECRET_KEY": "only-for-tests",
        }

    def start(self, code: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.variables, text=True, stdout=subprocess.PIPE
        )

    def ask(self, query: str) -> tuple[Any, ...]:
        with closing(sqlite3.connect(self.file, timeout=30)) as connection:
            row: tuple[Any, ...] = connection.execute(query).fetchone()
        return row


def kill_after_some_progress(house: Installation, job: str, pause: float) -> None:
    (before,) = house.ask("SELECT done FROM screening_job")
    worker = house.start(WORK, job)
    until = time.monotonic() + 90
    while house.ask("SELECT done FROM screening_job")[0] == before:
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(pause)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()


def test_an_import_whose_worker_is_killed_again_and_again_has_every_record_once(
    tmp_path: Path,
) -> None:
    house = Installation(tmp_path)
    seed = house.start(SEED, RECORDS)
    job = seed.communicate(timeout=120)[0].strip()
    for pause in PAUSES:
        kill_after_some_progress(house, job, pause)
    assert house.ask("SELECT state FROM screening_job")[0] == "running"
    last = house.start(WORK, job)
    last.communicate(timeout=120)
    rows = "SELECT COUNT(*), COUNT(DISTINCT title), COUNT(DISTINCT position) FROM screening_record"
    assert house.ask(rows) == (RECORDS, RECORDS, RECORDS)
    state = house.ask("SELECT state, done, attempts FROM screening_job WHERE kind='import_records'")
    assert state == ("done", RECORDS, len(PAUSES) + 1)
    assert house.ask("SELECT COUNT(*) FROM screening_importproblem") == (0,)
