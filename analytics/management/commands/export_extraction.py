"""`manage.py export_extraction`: everything that was extracted, long or wide."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.selectors.extracted import FORMATS, VALUES, extracted_file
from screening.models import Membership, Review


class Command(BaseCommand):
    """Write the answers of a review."""

    help = "Write everything that was extracted: one row per answer, or one column per question."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which values, which shape, through whose eyes."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--values", default=VALUES[0], choices=VALUES)
        parser.add_argument(
            "--shape", default="long", help="long, studies, the key of a group, or all (xlsx)"
        )
        parser.add_argument("--format", default="csv", choices=FORMATS)
        parser.add_argument("--member", metavar="EMAIL", help="whose eyes; a lead's without")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the file or write it."""
        member = _member(options["review"], options["member"])
        try:
            content = extracted_file(
                member,
                values=options["values"],
                shape=options["shape"],
                file_format=options["format"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["output"]:
            try:
                options["output"].write_bytes(content)
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}.") from error
        elif options["format"] == "xlsx":
            raise CommandError("A workbook is no text: name a file with -o FILE.")
        else:
            self.stdout.write(content.decode(), ending="")


def _member(slug: str, email: str | None) -> Membership:
    review = Review.objects.filter(slug=slug).first()
    if review is None:
        raise CommandError(f"There is no review with the slug {slug!r}.")
    members = Membership.objects.active().filter(review=review).select_related("review")
    found = members.filter(user__email=email) if email else members.filter(is_lead=True)
    member = found.order_by("pk").first()
    if member is None:
        raise CommandError(f"{email or 'No lead'} is no active member of this review.")
    return member
