"""`manage.py copy_files`: the files of a folder into the storage that the settings name."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

BLOCK = 1024 * 1024


class Command(BaseCommand):
    """Copy every file under its name, and read each back to compare it."""

    help = (
        "Copy what lies in a files/ folder into the storage of these settings, such as an S3 "
        "bucket, each file read back and compared. It can be stopped and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """From where."""
        parser.add_argument("folder", type=Path, help="the files/ folder of a data folder")

    def handle(self, *_: object, **options: Any) -> None:
        """Copy, or name the first file that differs."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        copied = present = 0
        for path in _files_in(folder):
            name = path.relative_to(folder).as_posix()
            if default_storage.exists(name):
                present += 1
            else:
                with path.open("rb") as stream:
                    default_storage.save(name, File(stream))
                copied += 1
            if not _is_same(path, name):
                raise CommandError(f"{name} in the storage differs from {path}.")
        self.stdout.write(f"{copied} files copied, {present} were there already; all compared.")


def _files_in(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _is_same(path: Path, name: str) -> bool:
    with path.open("rb") as here, default_storage.open(name) as there:
        return _digest(here) == _digest(there)


def _digest(stream: "IO[bytes] | File[Any]") -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()
