"""`manage.py prisma_flow`: the flow of a review as JSON, CSV, SVG, PNG or PDF."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.exports import flow_as_csv, flow_as_json
from analytics.prisma.flow import Flow, FlowError
from analytics.prisma.pdf import flow_as_pdf
from analytics.prisma.png import flow_as_png
from analytics.selectors.prisma import flow_of
from screening.models import Review

WRITERS: dict[str, Callable[[Flow], str | bytes]] = {
    "json": lambda flow: json.dumps(flow_as_json(flow), indent=1) + "\n",
    "csv": flow_as_csv,
    "svg": lambda flow: flow_as_svg(flow, as_file=True) + "\n",
    "png": flow_as_png,
    "pdf": flow_as_pdf,
}


class Command(BaseCommand):
    """Write the PRISMA 2020 flow."""

    help = "Write the PRISMA 2020 flow of a review; refuse when its sums do not agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which format, which day."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=sorted(WRITERS))
        parser.add_argument(
            "--as-of", metavar="DATE", help="2026-11-22 (end of that day) or a time"
        )
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the flow or write it to the file."""
        as_of = _moment(options["as_of"])
        review = Review.objects.filter(slug=options["review"]).first()
        if review is None:
            raise CommandError(f"There is no review with the slug {options['review']!r}.")
        written = WRITERS[options["format"]](_flow(review, as_of))
        if options["output"]:
            data = written.encode() if isinstance(written, str) else written
            options["output"].write_bytes(data)
        elif isinstance(written, bytes):
            kind = options["format"].upper()
            raise CommandError(f"A {kind} is no text: name a file with -o FILE.")
        else:
            self.stdout.write(written, ending="")


def _flow(review: Review, as_of: datetime | None) -> Flow:
    try:
        return flow_of(review=review, as_of=as_of)
    except FlowError as error:
        raise CommandError(f"The flow does not add up: {error}") from error


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no date: {error}.") from error
    if day is not None:
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)
    if moment is None:
        raise CommandError(f"{text!r} is no date; write it like 2026-11-22.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
