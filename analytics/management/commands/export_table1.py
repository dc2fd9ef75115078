"""`manage.py export_table1`: Table 1 of a review in any of its formats."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.selectors.table1 import NO_FORM, table1_of
from analytics.tables.formats import FORMATS
from extraction.selectors.memory import collection_paused
from screening.models import Review


class Command(BaseCommand):
    """Write Table 1."""

    help = "Write Table 1 of a review: one row per study, or per experiment with --long."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which format, which form of the table."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--format", default="csv", choices=sorted(FORMATS))
        parser.add_argument("--long", action="store_true", help="one row per experiment")
        parser.add_argument("--provenance", action="store_true", help="page, quote, who reconciled")
        parser.add_argument(
            "--all-columns", action="store_true", help="as the form says, whatever was chosen"
        )
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the table or write it to the file."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        with collection_paused():
            table = table1_of(
                review=review,
                is_long=options["long"],
                has_provenance=options["provenance"],
                has_all_columns=options["all_columns"],
            )
            if table is None:
                raise CommandError(NO_FORM)
            written = FORMATS[options["format"]].write(table)
        if options["output"]:
            data = written.encode() if isinstance(written, str) else written
            try:
                options["output"].write_bytes(data)
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}.") from error
        elif isinstance(written, bytes):
            raise CommandError("This format is no text: name a file with -o FILE.")
        else:
            self.stdout.write(written, ending="")
