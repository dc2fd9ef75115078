"""`manage.py import_records`: import files into a review at once, without a worker."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.management.people_file import LEFT_OUT_WORDS, read_people, take_people
from screening.models import ImportBatch, ImportProblem, Membership, Source
from screening.rules.consensus import Stage
from screening.selectors.import_files import reading_of
from screening.services import imports
from screening.services.import_run import run_import
from screening.services.rankings.preparing import start_preparation


class Command(BaseCommand):
    """Imports files as the lead of the review."""

    help = "Import files of search results into a review. A file imported before adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the review, the source and the files."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--source", required=True, metavar="NAME")
        parser.add_argument("--kind", required=True, choices=Source.Kind.values)
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--people",
            type=Path,
            metavar="FILE.csv",
            help="whose the decisions in the files are: name,e-mail a line; a name without an "
            "e-mail address is a person no longer here (without it decisions are left out)",
        )
        parser.add_argument(
            "--stage",
            default=Stage.TITLE_ABSTRACT.value,
            choices=[stage.value for stage in Stage],
            help="the stage of decisions that do not name theirs",
        )
        parser.add_argument("--json", action="store_true", help="one JSON list on standard output")

    def handle(self, *_: object, **options: Any) -> None:
        """Import one file after the other; a refused one does not stop the next."""
        lead = _lead_of(options["review"])
        people = read_people(lead, options["people"]) if options["people"] else None
        reports, refused = [], []
        for path in options["files"]:
            try:
                reports.append(_import(lead, path, options | {"people": people}))
            except (ValidationError, OSError) as error:
                message = _words(error)
                refused.append(f"{path}: {message}")
                reports.append(_refused(path, message))
        if options["json"]:
            self.stdout.write(json.dumps(reports, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_line(report) for report in reports))
        for report in reports if not options["json"] else ():
            for problem in report["problems"]:
                if problem["message"].startswith(LEFT_OUT_WORDS):
                    self.stderr.write(f"{report['file']}: {problem['message']}")
        if refused:
            raise CommandError("\n".join(refused))


def _lead_of(slug: str) -> Membership:
    leads = Membership.objects.active().select_related("review", "user")
    lead = leads.filter(review__slug=slug, is_lead=True).order_by("pk").first()
    if lead is None:
        raise CommandError(f"There is no review {slug!r} with an active lead.")
    return lead


def _import(lead: Membership, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    with path.open("rb") as stream:
        batch = imports.take_in(
            membership=lead,
            source_name=options["source"],
            kind=options["kind"],
            upload=File(stream, name=path.name),
        )
    try:
        imports.fix_reading(membership=lead, batch=batch, reading=reading_of(batch))
        left_out = take_people(lead, batch, options["people"], options["stage"])
        counts = run_import(batch=batch)
        start_preparation(review=lead.review, asked_by=lead.user)
    except ValidationError:
        imports.discard_import(membership=lead, batch=batch)
        raise
    return {
        "file": str(path),
        "format": batch.format,
        "encoding": batch.encoding,
        **counts.as_dict(),
        "problems": [*_problems(batch), *left_out],
    }


def _problems(batch: ImportBatch) -> list[dict[str, object]]:
    problems = batch.problems.exclude(severity=ImportProblem.Severity.KNOWN)
    return [{"position": one.position, "message": one.message} for one in problems]


def _refused(path: Path, message: str) -> dict[str, Any]:
    counts = dict.fromkeys(("found", "imported", "known", "warnings", "rejected"), 0)
    problems = [{"position": 1, "message": message}]
    return {"file": str(path), "format": "", "encoding": "", **counts, "problems": problems}


def _words(error: ValidationError | OSError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return error.strerror or str(error)


def _line(report: Mapping[str, Any]) -> str:
    return (
        f"{report['file']}: {report['format'] or 'unknown'}, {report['found']} found, "
        f"{report['imported']} imported, {report['known']} known, "
        f"{report['warnings']} warnings, {report['rejected']} rejected"
    )
