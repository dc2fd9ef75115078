"""`manage.py export_person EMAIL -o FILE.zip`: everything that is held on one person."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.models import User
from screening.services.personal import write_personal_data


class Command(BaseCommand):
    """Write one person's data."""

    help = "Write everything the installation holds on a person into a ZIP of JSON files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where to."""
        parser.add_argument("email")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it."""
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"There is no account {options['email']!r}.")
        target: Path = options["output"]
        try:
            with write_personal_data(person) as data, target.open("xb") as out:
                shutil.copyfileobj(data, out)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{target}: {target.stat().st_size} bytes.")
