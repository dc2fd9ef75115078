"""`manage.py backup`: the whole installation in one file, while everybody goes on working."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.backups.manifest import BackupRefusedError
from reviewapp.backups.writing import write_backup


class Command(BaseCommand):
    """Write a backup and say what is in it."""

    help = "Write every table of one moment and every stored file into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and what."""
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--without-files", action="store_true", help="tables only, no imported files and PDFs"
        )

    def handle(self, *_: object, **options: Any) -> None:
        """Write it, or say why not."""
        target: Path = options["output"]
        try:
            manifest = write_backup(target, with_files=not options["without_files"])
        except BackupRefusedError as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(
            f"{target}: {rows} rows of {len(manifest.tables)} tables, {len(manifest.files)} files, "
            f"{target.stat().st_size} bytes."
        )
        for name in manifest.missing_files:
            self.stderr.write(f"Missing in the storage, so not in the backup: {name}")
