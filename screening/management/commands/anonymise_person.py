"""`manage.py anonymise_person EMAIL`: name and email are replaced everywhere, for good."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.models import User
from screening.services.anonymising import anonymise_person


class Command(BaseCommand):
    """Anonymise one account."""

    help = "Replace a person's name and email everywhere; what they decided goes on counting."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and the confirmation."""
        parser.add_argument("email")
        parser.add_argument(
            "--yes", action="store_true", help="do it; without this nothing is changed"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, or say what would be done."""
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"There is no account {options['email']!r}.")
        if not options["yes"]:
            raise CommandError(
                f"This makes {person.name} <{person.email}> unknown for good and closes the "
                "account. Offer the person their data first (`export_person`), then add --yes."
            )
        try:
            done = anonymise_person(person=person, by=None)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(
            f"Done: account {person.pk}. {done['events']} events of trails, {done['texts']} texts "
            f"and {done['sign_ins']} sign-ins were changed or deleted. Backups and files that "
            "people uploaded still hold what stood in them."
        )
