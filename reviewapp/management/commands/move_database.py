"""`manage.py move_database`: the rows of this database into another, empty one."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.backups.manifest import BackupRefusedError
from reviewapp.backups.writing import write_backup
from reviewapp.bootstrap import ROOT


class Command(BaseCommand):
    """Copy all rows to the database of a URL; files stay where they are."""

    help = "Copy every table into the empty Postgres database of a URL, compared table by table."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("url", help="postgres://user:password@host:port/name")

    def handle(self, *_: object, **options: Any) -> None:
        """Back up here, restore there."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "move.zip"
            try:
                write_backup(file, with_files=False)
            except BackupRefusedError as refused:
                raise CommandError(str(refused)) from refused
            moved = subprocess.run(  # noqa: S603  (this very program)
                [sys.executable, str(ROOT / "manage.py"), "restore", str(file)],
                env={**os.environ, "DATABASE_URL": options["url"]},
                capture_output=True,
                text=True,
                check=False,
            )
        if moved.returncode:
            said = moved.stderr.strip().removeprefix("CommandError: ")
            raise CommandError(said or "The other database could not be filled.")
        self.stdout.write(moved.stdout, ending="")
        self.stdout.write(
            "Files stay where they are. Stop the app and start it with DATABASE_URL set to the new "
            "database; what was written here since the copy began is not there, so stop it first."
        )
