"""`manage.py import_bundle`: a review out of its bundle, as a new one of this installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.importing import import_bundle
from screening.models import User


class Command(BaseCommand):
    """Take a bundle in and say what came."""

    help = "Recreate a review from a bundle; nothing stays when anything of it does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, which address, who leads."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="another address than the review had")
        parser.add_argument(
            "--lead", metavar="EMAIL", help="an account here that leads the review from now on"
        )

    def handle(self, *_: object, **options: Any) -> None:
        """Import it, or say why not."""
        lead = None
        if options["lead"]:
            lead = User.objects.filter(email=options["lead"].strip().lower()).first()
            if lead is None:
                raise CommandError(f"There is no account {options['lead']}.")
        try:
            found = import_bundle(options["file"], slug=options["slug"], lead=lead)
        except BundleRefusedError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"The review {found.review.slug} is here: {found.rows} rows, {found.files} files."
        )
        self.stdout.write(
            f"{found.known} of its people have accounts here; for {found.made} an inactive one was "
            "made. `--lead EMAIL` names somebody who can open it."
        )
