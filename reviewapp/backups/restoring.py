"""Brings a backup back into an empty installation and proves table by table that all is there."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction

from reviewapp.backups.manifest import NAME, BackupRefusedError, FileSum, Manifest
from reviewapp.backups.schema import bring_schema_to
from reviewapp.backups.tables import TableSum, load_table, models_of, sum_of
from reviewapp.backups.writing import BLOCK


def restore_backup(file: Path) -> Manifest:
    """Restore a backup into an empty installation; nothing stays when anything goes wrong.

    Args:
        file: What `write_backup` made, on either database.

    Returns:
        What was restored, each table compared with the backup by the hash of its rows.

    Raises:
        BackupRefusedError: The file is damaged or of a later version, the installation is not
            empty, or what came in is not what the backup holds.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            manifest = Manifest.from_json(archive.read(NAME))
            apps = bring_schema_to([(app, name) for app, name in manifest.migrations])
            _refuse_occupied(apps)
            _restore(archive, manifest, apps)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise BackupRefusedError(f"{file} is no complete backup: {error}.") from error
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def _restore(archive: zipfile.ZipFile, manifest: Manifest, apps: Apps) -> None:
    written: list[str] = []
    try:
        for name, wanted in manifest.files.items():
            _restore_file(archive, name, wanted)
            written.append(name)
        with transaction.atomic():
            _load(archive, manifest, apps)
    except (ValueError, IntegrityError) as error:
        _take_back(written)
        raise BackupRefusedError(f"The rows of the backup do not fit: {error}") from error
    except BaseException:
        _take_back(written)
        raise


def _take_back(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _refuse_occupied(apps: Apps) -> None:
    for model in models_of(apps):
        if model._base_manager.exists():
            raise BackupRefusedError(
                f"This installation is not empty: it holds rows of {model._meta.verbose_name}. A "
                "backup goes only into an empty one; choose another --data-dir or database."
            )


def _load(archive: zipfile.ZipFile, manifest: Manifest, apps: Apps) -> None:
    found = {model._meta.label_lower: model for model in models_of(apps)}
    if found.keys() != manifest.tables.keys():
        odd = ", ".join(sorted(found.keys() ^ manifest.tables.keys()))
        raise BackupRefusedError(f"The backup and this version differ in their tables: {odd}.")
    for label, model in found.items():
        with archive.open(f"tables/{label}.jsonl") as lines:
            load_table(model, _checked(lines, label, manifest.tables[label]))
    connection.check_constraints()
    for label, model in found.items():
        held = sum_of(model)
        if held != manifest.tables[label]:
            raise BackupRefusedError(
                f"{label}: {held.rows} rows came in of {manifest.tables[label].rows}, or with "
                "other values. Nothing was restored."
            )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found.values())):
            cursor.execute(statement)


def _checked(lines: Any, label: str, wanted: TableSum) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for line in io.BufferedReader(lines):
        digest.update(line)
        yield line
    if digest.hexdigest() != wanted.sha256:
        raise BackupRefusedError(f"The backup is damaged: {label} is not what it was.")


def _restore_file(archive: zipfile.ZipFile, name: str, wanted: FileSum) -> None:
    digest = hashlib.sha256()
    with archive.open(f"files/{name}") as packed:
        while block := packed.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != wanted.sha256:
        raise BackupRefusedError(f"The backup is damaged: the file {name} is not what it was.")
    with archive.open(f"files/{name}") as packed:
        stored = default_storage.save(name, File(packed, name=name))
    if stored != name:
        default_storage.delete(stored)
        raise BackupRefusedError(f"The storage already has a file {name}; it must be empty.")
