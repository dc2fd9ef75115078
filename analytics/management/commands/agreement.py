"""`manage.py agreement`: how far the reviewers of a stage agree."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.selectors.agreement import Agreement, agreement_of
from analytics.selectors.agreement_rows import agreement_as_json, agreement_rows
from analytics.selectors.alone import Narrowing
from screening.models import Review
from screening.rules.consensus import Stage


class Command(BaseCommand):
    """Print the coefficients of agreement."""

    help = "Agreement between reviewers, from what each decided alone, before any ruling."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which stage, and how to print."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--stage", required=True, choices=[stage.value for stage in Stage])
        parser.add_argument(
            "--since", type=_day, metavar="DATE", help="only verdicts from this day"
        )
        parser.add_argument("--until", type=_day, metavar="DATE", help="only verdicts to this day")
        parser.add_argument("--round", type=int, metavar="N", help="only verdicts of this round")
        parser.add_argument(
            "--reason",
            default="",
            metavar="NUMBER",
            help="compare one reason with everything else, or with `each` all reasons",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the agreement of the stage."""
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        since, until = options["since"], options["until"]
        if since and until and since > until:
            raise CommandError("The period ends before it begins: change one of its days.")
        try:
            found = agreement_of(
                review=review,
                stage=Stage(options["stage"]),
                narrowing=Narrowing(since, until, options["round"]),
                reason=options["reason"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(agreement_as_json(found), indent=1))
        else:
            self._print(found)

    def _print(self, found: Agreement) -> None:
        self.stdout.write(f"{found.records} records judged by two or more of {found.reviewers}")
        for row in agreement_rows(found):
            who = " and ".join(
                str(row[key]) for key in ("first_reviewer", "second_reviewer") if row[key]
            )
            value = row["note"] or "not defined"
            if isinstance(row["value"], float):
                value = f"{row['value']:.3f}"
                if isinstance(row["low_95"], float):
                    value += f" [{row['low_95']:.3f}, {row['high_95']:.3f}]"
            self.stdout.write(f"{who}, n = {row['records']}, {row['coefficient']}: {value}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date: write it as 2026-01-31.") from error
