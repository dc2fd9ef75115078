import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from extraction.models import Study
from reviewapp.backups.manifest import BackupRefusedError, Manifest
from reviewapp.backups.snapshot import one_moment
from reviewapp.backups.tables import load_table, models_of, sum_of
from reviewapp.backups.writing import write_backup
from reviewapp.bootstrap import ROOT
from screening.models import AuditEvent, FullText, Record, User
from screening.rules.consensus import Stage
from tests import factories
from tests.database import TRIGGERS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stored(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "stored"},
        },
    }
    return tmp_path / "stored"


@pytest.fixture
def full_house(review, lead, screener, stored):
    """Rows with every kind of value: times, JSON, floats, files, links in circles."""
    record = factories.make_record(
        review, title='Σ "quoted"\nand broken', extra={"b": [1], "a": {}}
    )
    other = factories.make_record(review, year=2020)
    factories.make_decision(record, screener)
    factories.make_decision(record, lead, stage=Stage.TITLE_ABSTRACT)
    report = factories.make_report(record)
    full_text = FullText(
        report=report, original_name="a.pdf", sha256="0" * 64, size=3, page_count=1,
        uploaded_by=lead,
    )  # fmt: skip
    full_text.file.save("a.pdf", ContentFile(b"%PDF one"))
    factories.make_study(review, report)
    AuditEvent.objects.append(
        action="record.told", target=other, review=review, after={"x": 1.5, "y": "ü"}
    )
    return review


def elsewhere(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command on an installation of its own, always the embedded one."""
    clean = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CELERY_BROKER_URL"}}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={
            **clean,
            "REVIEWAPP_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


def test_what_comes_back_is_what_went_in_on_an_installation_of_its_own(full_house, tmp_path):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    manifest = write_backup(first)
    assert manifest.tables["screening.record"].rows == 2
    assert len(manifest.files) == 2  # an imported file and a PDF

    folder = tmp_path / "other"
    restored = elsewhere(folder, "restore", str(first))
    assert restored.returncode == 0, restored.stderr
    assert "same hash as in the backup" in restored.stdout
    again = elsewhere(folder, "backup", "-o", str(second))
    assert again.returncode == 0, again.stderr
    with zipfile.ZipFile(second) as archive:
        back = Manifest.from_json(archive.read("manifest.json"))
    assert (back.tables, back.files) == (manifest.tables, manifest.files)

    looked = elsewhere(folder, "shell", "-c", ONE_MOMENT)
    assert looked.returncode == 0, looked.stderr
    occupied = elsewhere(folder, "restore", str(first))
    assert occupied.returncode == 1
    assert "not empty" in occupied.stderr


def empty_this_database():
    with connection.schema_editor() as editor:
        TRIGGERS.remove(apps, editor)
    call_command("flush", interactive=False, verbosity=0)
    with connection.schema_editor() as editor:
        TRIGGERS.install(apps, editor)


def test_the_same_database_can_be_filled_again_and_goes_on_counting(full_house, stored, tmp_path):
    sums = {model: sum_of(model) for model in models_of(apps)}
    file = tmp_path / "b.zip"
    call_command("backup", "-o", str(file), stdout=io.StringIO())
    empty_this_database()
    for path in [path for path in stored.rglob("*") if path.is_file()]:
        path.unlink()

    told = io.StringIO()
    call_command("restore", str(file), stdout=told)
    assert "and 2 files" in told.getvalue()
    assert {model: sum_of(model) for model in models_of(apps)} == sums
    with FullText.objects.get().file.open() as file_again:
        assert file_again.read() == b"%PDF one"
    taken = set(Record.objects.values_list("pk", flat=True))
    review = Study.objects.get().review
    assert factories.make_record(review).pk not in taken


def damage(file: Path, name: str, change) -> Path:
    target = file.with_name("damaged.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part.startswith(name) else content)
    return target


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("tables/screening.record.", lambda old: old.replace(b"broken", b"brokem"), "is damaged"),
        ("files/", lambda old: old + b"x", "is damaged"),
        ("manifest", lambda _: b"{}", "manifest cannot be read"),
        ("manifest", lambda old: old.replace(b'"version": 1', b'"version": 2'), "later version"),
        ("manifest", lambda old: old.replace(b'"0001_', b'"9001_').replace(b'"000', b'"900'),
         "does not know the migration"),
    ],
)  # fmt: skip
def test_a_damaged_backup_leaves_nothing_behind(full_house, stored, tmp_path, name, change, said):
    file = tmp_path / "b.zip"
    write_backup(file)
    damaged = damage(file, name, change)
    empty_this_database()
    for path in [path for path in stored.rglob("*") if path.is_file()]:
        path.unlink()

    with pytest.raises(CommandError, match=said):
        call_command("restore", str(damaged), stdout=io.StringIO())
    assert not User.objects.exists()
    assert not [path for path in stored.rglob("*") if path.is_file()]


def test_rows_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="have other columns: abstract, "):
        load_table(Record, [b'{"id": 1}\n'])


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    file = tmp_path / "no.zip"
    file.write_bytes(b"PK no")
    with pytest.raises(CommandError, match="no complete backup"):
        call_command("restore", str(file))


def test_a_missing_file_is_named_and_the_rest_is_kept(full_house, stored, tmp_path, capsys):
    for path in [path for path in stored.rglob("*.pdf*") if path.is_file()] or stored.rglob("*"):
        if path.is_file():
            path.unlink()
    errors = io.StringIO()
    call_command("backup", "-o", str(tmp_path / "b.zip"), stdout=io.StringIO(), stderr=errors)
    assert "Missing in the storage" in errors.getvalue()


ONE_MOMENT = """
import sqlite3
from django.db import connection
from reviewapp.backups.snapshot import one_moment
from screening.models import User
with one_moment():
    names = set(User.objects.values_list("name", flat=True))
    with sqlite3.connect(connection.settings_dict["NAME"], timeout=2) as other:
        other.execute("UPDATE screening_user SET name = 'Written meanwhile'")
    assert set(User.objects.values_list("name", flat=True)) == names
assert set(User.objects.values_list("name", flat=True)) == {"Written meanwhile"}
"""


@pytest.mark.postgres
def test_a_backup_of_postgres_is_of_one_moment_and_holds_nobody_up(full_house):
    found = connection.settings_dict
    place = {"dbname": found["NAME"], "host": found["HOST"], "user": found["USER"]}
    with one_moment():
        names = set(User.objects.values_list("name", flat=True))
        with psycopg.connect(
            **{name: value for name, value in place.items() if value},
            port=found["PORT"] or 5432,
            password=found["PASSWORD"] or None,
        ) as other:
            other.execute("UPDATE screening_user SET name = 'Written meanwhile'")
        assert set(User.objects.values_list("name", flat=True)) == names
    assert set(User.objects.values_list("name", flat=True)) == {"Written meanwhile"}


def test_inside_a_transaction_there_is_no_one_moment():
    with transaction.atomic(), pytest.raises(RuntimeError), one_moment():
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(BackupRefusedError, match="cannot be written"):
        write_backup(tmp_path / "none" / "b.zip")
