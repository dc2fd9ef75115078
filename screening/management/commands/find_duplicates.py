"""`manage.py find_duplicates --review SLUG [--json]`: look for duplicates now."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.models import Review
from screening.selectors import duplicates as reads
from screening.services.detection import detect_duplicates


class Command(BaseCommand):
    """Links what is surely one report and lists the pairs to check."""

    help = "Find the duplicates of a review: link the sure ones, list the pairs to check."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the review and the form of the answer."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument(
            "--afresh", action="store_true", help="compare all records again, not only new ones"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the engine and print what stands afterwards."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review {options['review']!r}.")
        detect_duplicates(review=review, is_afresh=options["afresh"])
        answer: dict[str, list[Any]] = {
            "merged": reads.groups(review=review),
            "suggested": [
                {"a": pair.first_id, "b": pair.second_id, "reasons": _texts(pair.reasons)}
                for pair in reads.open_suggestions(review=review)
            ],
        }
        self.stdout.write(json.dumps(answer) if options["json"] else _sentence(answer))


def _texts(reasons: list[dict[str, Any]]) -> list[str]:
    return [str(reason.get("text", "")) for reason in reasons]


def _sentence(answer: dict[str, list[Any]]) -> str:
    linked = sum(len(group) - 1 for group in answer["merged"])
    pairs = len(answer["suggested"])
    return f"{linked} records linked as duplicates, {pairs} pairs to check."
