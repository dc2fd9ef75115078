"""`manage.py export_bundle`: everything of one review in one open file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewapp.bundles.errors import BundleRefusedError
from reviewapp.bundles.exporting import write_bundle
from reviewapp.bundles.options import Options
from reviewapp.bundles.records import note_export
from screening.models import Review
from screening.rules.bundles import Files


class Command(BaseCommand):
    """Write a bundle and say what is in it."""

    help = "Write everything of a review into one ZIP of plain CSV and JSON files, with its proof."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which review, where to, and what."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--files", choices=[one.value for one in Files], default=Files.NONE.value,
            help="stored files: none, PDFs with their texts, or imported files as well",
        )  # fmt: skip
        parser.add_argument(
            "--pseudonyms", action="store_true", help="Person 1, 2, ... instead of names"
        )
        parser.add_argument(
            "--private-notes",
            action="store_true",
            help="private notes, too; with --pseudonyms only",
        )

    def handle(self, *_: object, **options: Any) -> None:
        """Write it, or say why not."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        target: Path = options["output"]
        try:
            chosen = Options(
                Files(options["files"]), options["pseudonyms"], options["private_notes"]
            )
            note_export(review, chosen)
            written = write_bundle(review, target, chosen)
        except BundleRefusedError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{target}: {written.rows} rows, {written.files} files, {written.size} bytes."
        )
        self.stdout.write(f"Content SHA-256: {written.content_sha256}")
        for words in written.missing:
            self.stderr.write(f"Missing in the storage, so not in the bundle: {words}")
