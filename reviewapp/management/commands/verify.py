"""`manage.py verify`: whether a review is what its raw rows, its audit trail and its files say."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.proving import prove
from screening.models import Review


class Command(BaseCommand):
    """Recompute everything and name each difference."""

    help = "Recompute statuses, PRISMA, agreement, gains, Table 1, audit chain and file hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which review, and how to tell."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_: object, **options: Any) -> None:
        """Tell what was found; fail when anything differs."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        try:
            found = prove(review)
        except BundleRefusedError as refused:
            raise CommandError(str(refused)) from refused
        count = sum(map(len, found.values()))
        if options["json"]:
            checks = {name: [asdict(one) for one in odd] for name, odd in found.items()}
            self.stdout.write(json.dumps({"proven": not count, "checks": checks}, indent=1))
        else:
            for name, odd in found.items():
                told = f"{len(odd)} differences" if odd else "as computed"
                self.stdout.write(f"{name}: {told}")
                for one in odd:
                    self.stdout.write(f"  {one}")
        if count:
            raise CommandError(f"{count} differences.")
