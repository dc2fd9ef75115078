"""`manage.py restore`: a backup back into an empty installation, on either database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.backups.manifest import BackupRefusedError
from reviewapp.backups.restoring import restore_backup


class Command(BaseCommand):
    """Restore a backup and say what was compared."""

    help = "Restore a backup into an empty installation; each table is compared by its hash."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_: object, **options: Any) -> None:
        """Restore it, or say why not and leave nothing behind."""
        try:
            manifest = restore_backup(options["file"])
        except BackupRefusedError as refused:
            raise CommandError(str(refused)) from refused
        for label, table in manifest.tables.items():
            self.stdout.write(f"{table.rows:>9}  {label}  same hash as in the backup")
        self.stdout.write(
            f"Restored {len(manifest.tables)} tables and {len(manifest.files)} files of "
            f"{manifest.made_at}."
        )
