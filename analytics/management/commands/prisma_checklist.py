"""`manage.py prisma_checklist`: the PRISMA 2020 checklist, or the PRISMA-S report, of a review."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.prisma.reporting.writers import CHECKLIST, DOCX, KINDS, SEARCHES, written
from analytics.selectors.reporting import facts_of
from screening.models import Review


class Command(BaseCommand):
    """Write a reporting checklist, pre-filled from the review."""

    help = "Write the PRISMA 2020 checklist of a review, or with --searches the PRISMA-S report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which report, which format."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=sorted(KINDS))
        parser.add_argument("--searches", action="store_true", help="the searches of PRISMA-S")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the report or write it to the file."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        report = SEARCHES if options["searches"] else CHECKLIST
        if options["output"] is None and options["format"] == DOCX:
            raise CommandError("A DOCX is no text: name a file with -o FILE.")
        data = written(facts_of(review=review), report, options["format"])
        if options["output"]:
            options["output"].write_bytes(data)
        else:
            self.stdout.write(data.decode(), ending="")
