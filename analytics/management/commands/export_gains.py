"""`manage.py export_gains`: one row per experiment with its gain, or why there is none."""

import csv
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.figures.files import harmless
from analytics.selectors.exports import GAIN_FIELDS, gain_rows
from screening.models import Review


class Command(BaseCommand):
    """Prints CSV, or one JSON document."""

    help = "Print one row per experiment: both values, absolute and relative gain, or a refusal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which review, and how."""
        parser.add_argument("--review", required=True, metavar="SLUG", help="slug of the review")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of CSV")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the rows.

        Raises:
            CommandError: There is no such review.
        """
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review “{options['review']}”.")
        rows = gain_rows(review)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1))
            return
        writer = csv.DictWriter(self.stdout, GAIN_FIELDS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            ids = " ".join(str(number) for number in _list(row["value_ids"]))
            writer.writerow({key: harmless(row[key]) for key in GAIN_FIELDS} | {"value_ids": ids})


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
