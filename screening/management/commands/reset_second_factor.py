"""Take a person's second factor away when app and recovery codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from screening.models import User
from screening.services.second_factors import reset_second_factor


class Command(BaseCommand):
    """`manage.py reset_second_factor EMAIL [--by EMAIL]`."""

    help = "Take a person's second factor away; written down in the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and who does it."""
        parser.add_argument("email", help="whose second factor")
        parser.add_argument("--by", default="", help="the administrator who does it, by email")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reset and say so."""
        user = _person(options["email"])
        administrator = _person(options["by"]) if options["by"] else None
        try:
            reset_second_factor(user=user, administrator=administrator)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} signs in with the password alone now.")


def _person(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"Nobody here has the email {email}.")
    return user
