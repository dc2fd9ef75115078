"""`manage.py load_demo`: the demo review into an empty database, without starting the app."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.demo import load_demo
from screening.models import User


class Command(BaseCommand):
    """Loads the demo and prints its members once."""

    help = "Load the demo review into an empty database and print its members' passwords once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the admin."""
        parser.add_argument("--admin", metavar="EMAIL", help="who leads it; else the first admin")

    def handle(self, *_: object, **options: Any) -> None:
        """Load, or say why not."""
        admins = User.objects.filter(is_superuser=True).order_by("pk")
        if options["admin"]:
            admins = User.objects.filter(email=options["admin"].lower())
        admin = admins.first()
        if admin is None:
            raise CommandError("There is no such account. `manage.py createsuperuser` makes one.")
        try:
            people = load_demo(admin=admin)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"The review {people.review.slug} is loaded; {admin.email} leads it.")
        for person in people:
            roles = ", ".join(person.roles)
            self.stdout.write(
                f"  e-mail: {person.email}   password: {person.password}   ({person.name}, {roles})"
            )
