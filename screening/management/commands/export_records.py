"""`manage.py export_records`: the records of a review with their decisions, as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from screening.exporters.registry import WRITERS
from screening.models import Membership, Source, Tag
from screening.rules.consensus import Stage, Status
from screening.selectors.exports import Choice
from screening.selectors.records import Filters
from screening.services.exports import export_records


class Command(BaseCommand):
    """Write the records as one member may see them."""

    help = "Write the records of a review with decisions and reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which review, which records, in which format, as whom."""
        parser.add_argument("--review", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=[one.name for one in WRITERS])
        parser.add_argument("--stage", default="", choices=[stage.value for stage in Stage])
        parser.add_argument("--status", default="", choices=[status.value for status in Status])
        parser.add_argument("--source", default="", metavar="NAME")
        parser.add_argument("--tag", default="", metavar="LABEL", help="a tag of the member's own")
        parser.add_argument("--all", action="store_true", help="duplicates and removed ones too")
        parser.add_argument(
            "--member", default="", metavar="EMAIL", help="whose eyes (default: a lead's)"
        )
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *_: object, **options: Any) -> None:
        """Print the records or write them to the file."""
        member = _member(options["review"], options["member"])
        choice = Choice(
            Filters(
                stage=options["stage"],
                status=options["status"],
                source=_id_of(Source, member, "name", options["source"]),
                tag=_id_of(Tag, member, "label", options["tag"]),
            ),
            is_kept_only=not options["all"],
        )
        if options["format"] == "xlsx" and not options["output"]:
            raise CommandError("A workbook is no text: name a file with -o FILE.")
        try:
            file = export_records(membership=member, file_format=options["format"], choice=choice)
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        if options["output"]:
            with options["output"].open("wb") as out:
                out.writelines(file.pieces)
            self.stderr.write(f"{file.count} records written to {options['output']}")
        else:
            for piece in file.pieces:
                self.stdout.write(piece.decode(), ending="")


def _member(slug: str, email: str) -> Membership:
    members = Membership.objects.active().select_related("review", "user").order_by("pk")
    members = members.filter(review__slug=slug)
    asked = members.filter(user__email=email.lower()) if email else members.filter(is_lead=True)
    member = asked.first()
    if member is None:
        who = f"active member {email!r}" if email else "active lead"
        raise CommandError(f"There is no review {slug!r} with an {who}.")
    return member


def _id_of(model: type[Source | Tag], member: Membership, field: str, value: str) -> int | None:
    if not value:
        return None
    found = model.objects.filter(**{f"{field}__iexact": value}, review=member.review).first()
    if found is None:
        raise CommandError(f"The review has no {model._meta.verbose_name} {value!r}.")
    return int(found.pk)
