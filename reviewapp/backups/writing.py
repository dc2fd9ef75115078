"""Makes a backup: a ZIP with every table of one moment and the files its rows speak of."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.apps.registry import Apps
from django.core.files.storage import default_storage
from django.db import models

from reviewapp.backups.manifest import NAME, BackupRefusedError, FileSum, Manifest
from reviewapp.backups.schema import Node, applied_nodes, models_at
from reviewapp.backups.snapshot import one_moment
from reviewapp.backups.tables import TableSum, models_of, write_table
from reviewapp.whole_file import whole_file

BLOCK = 1024 * 1024
_PACKED = zipfile.ZIP_DEFLATED


def write_backup(target: Path, *, with_files: bool = True) -> Manifest:
    """Write the whole installation into one file; the target appears only when it is complete.

    Args:
        target: The file to make; one that exists is replaced.
        with_files: Whether imported files and PDFs go in, too.

    Returns:
        What went in.

    Raises:
        BackupRefusedError: The database is of a later version of the app or has no tables, or the
            folder cannot be written.
    """
    nodes = applied_nodes()
    apps = models_at(nodes)
    with (
        whole_file(target, BackupRefusedError) as stream,
        zipfile.ZipFile(stream, "w", _PACKED) as archive,
    ):
        return _fill(archive, nodes, apps, with_files=with_files)


def _fill(archive: zipfile.ZipFile, nodes: list[Node], apps: Apps, *, with_files: bool) -> Manifest:
    tables: dict[str, TableSum] = {}
    names: set[str] = set()
    with one_moment():
        for model in models_of(apps):
            label = model._meta.label_lower
            with archive.open(f"tables/{label}.jsonl", "w", force_zip64=True) as out:
                tables[label] = write_table(model, out)
            names.update(_file_names(model))
    files = {}
    for name in sorted(names) if with_files else ():
        found = _pack_file(archive, name)
        if found:
            files[name] = found
    missing = sorted(names - files.keys()) if with_files else []
    migrations = [[app, name] for app, name in nodes]
    manifest = Manifest(datetime.now(UTC).isoformat(), migrations, tables, files, missing)
    archive.writestr(NAME, manifest.as_json())
    return manifest


def _file_names(model: type[models.Model]) -> Iterator[str]:
    columns = [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]
    for column in columns:
        for name in model._base_manager.values_list(column, flat=True).iterator():
            if name:
                yield str(name)


def _pack_file(archive: zipfile.ZipFile, name: str) -> FileSum | None:
    """Stored files never change under their random names, so they are read after the moment."""
    digest, size = hashlib.sha256(), 0
    try:
        stored = default_storage.open(name)
    except FileNotFoundError:
        return None
    with stored, archive.open(f"files/{name}", "w", force_zip64=True) as out:
        while block := stored.read(BLOCK):
            digest.update(block)
            size += len(block)
            out.write(block)
    return FileSum(size, digest.hexdigest())
