"""A full disk: told in words on pages and to who asked for work; nothing is half there."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.test import Client

from reviewapp import health, jobs
from reviewapp.diskfull import WholeFiles, is_disk_full
from screening.models import Job

NO_ROOM = OSError(28, "No space left on device")


class Endless(ContentFile):
    """A file whose second piece meets the end of the disk."""

    def chunks(self, chunk_size: int | None = None) -> Any:
        yield b"half"
        raise NO_ROOM


def sqlite_full(folder: Path) -> sqlite3.OperationalError:
    """What SQLite really says."""
    with closing(sqlite3.connect(folder / "small.sqlite3")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE a (b)")
        with pytest.raises(sqlite3.OperationalError) as raised:
            connection.execute("INSERT INTO a VALUES (zeroblob(100000))")
    return raised.value


def test_it_is_recognised_in_what_disks_and_databases_say(tmp_path: Path) -> None:
    wrapped = OperationalError("x")
    wrapped.__cause__ = sqlite_full(tmp_path)
    postgres = OperationalError("x")
    postgres.sqlstate = "53100"  # type: ignore[attr-defined]  # as psycopg's errors have it
    for full in (NO_ROOM, OSError(122, "Quota"), OSError(27, "Limit"), wrapped, postgres):
        assert is_disk_full(full)
    for other in (OSError(13, "Permission denied"), OperationalError("locked"), ValueError("28")):
        assert not is_disk_full(other)


def test_a_file_that_could_not_be_written_to_its_end_is_not_there(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path)
    with pytest.raises(OSError, match="No space left"):
        storage.save("imports/a.ris", Endless(b""))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    kept = storage.save("imports/a.ris", ContentFile(b"whole"))
    with storage.open(kept) as file:
        assert file.read() == b"whole"


@pytest.mark.django_db
def test_a_page_says_so_and_what_to_do(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise NO_ROOM

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    client.raise_request_exception = False
    answer = client.get("/readyz")
    assert answer.status_code == 507
    assert "The disk is full" in answer.content.decode()
    assert "Nothing of this was stored" in answer.content.decode()

    def fail() -> str:
        raise OSError(13, "Permission denied")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    assert client.get("/readyz").status_code == 500


@pytest.mark.django_db
def test_a_job_that_met_it_is_tried_again_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(_context: Any) -> None:
        raise NO_ROOM

    monkeypatch.setattr(jobs, "handlers", lambda: {"check_worker": handle})
    job = Job.objects.create(kind="check_worker")
    jobs.perform(job.pk, owner="here:1:aa")
    job.refresh_from_db()
    assert (job.state, "disk of this installation is full" in job.error) == ("queued", True)
