"""Extraction spreadsheets: upload, mapping with its preview, start, problems, undo."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from extraction.models import SheetImport
from extraction.selectors.sheets import (
    Brought,
    brought_by,
    described,
    form_for_sheets,
    mapping_of,
    reading_of_sheet,
    sheet_grid,
    sheet_job,
)
from extraction.services import sheets as services
from extraction.sheets.grid import Grid
from extraction.sheets.mapping import Match, SheetMapping
from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.jobs import JobOut
from screening.models import Job, Membership
from screening.rules.roles import Capability

IMPORT = Capability.IMPORT
MAX_COLUMNS = 1000


class SheetFileIn(serializers.Serializer[Any]):
    """A CSV or Excel file, as `multipart/form-data`."""

    file = serializers.FileField()


class SheetMappingIn(serializers.Serializer[Any]):
    """What the columns mean; what is not sent stays."""

    columns = serializers.ListField(
        required=False,
        max_length=MAX_COLUMNS,
        child=serializers.CharField(allow_blank=True, max_length=200),
        help_text="One a column: study, row, person, title, first_author, year, empty to leave it "
        "out, or part:group:field (value::strategy, page:experiment:ssl_performance, quote::*).",
    )
    match = serializers.ChoiceField(required=False, choices=[one.value for one in Match])
    units = serializers.DictField(
        required=False,
        child=serializers.CharField(max_length=20),
        help_text="Target -> unit, for numbers whose unit stands in no column.",
    )
    is_making_studies = serializers.BooleanField(required=False)
    extractor = Number(required=False, allow_null=True, help_text="A member: whose values.")
    page = serializers.CharField(required=False, max_length=255, help_text="Sheet of a workbook.")


class SheetProblemOut(serializers.Serializer[Any]):
    """A cell that is not imported, or is asked about."""

    address = serializers.CharField()
    column = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
    is_question = serializers.BooleanField(help_text="It is imported, and asked about.")


class SheetBroughtOut(serializers.Serializer[Brought]):
    """What a sheet brought."""

    studies = serializers.IntegerField()
    new_studies = serializers.IntegerField()
    rows = serializers.IntegerField()
    values = serializers.IntegerField()


class SheetLineOut(serializers.ModelSerializer[SheetImport]):
    """A spreadsheet and where it stands."""

    standing = serializers.CharField()

    class Meta:
        model = SheetImport
        fields = (
            "id",
            "original_name",
            "sha256",
            "size",
            "sheet",
            "standing",
            "extractor",
            "created_at",
            "started_at",
            "imported_at",
            "undone_at",
        )


class SheetMappingOut(serializers.Serializer[SheetMapping]):
    """What the columns mean: as chosen, or guessed by their names."""

    columns = serializers.ListField(child=serializers.CharField(allow_blank=True))
    match = serializers.CharField(source="match.value")
    units = serializers.DictField(child=serializers.CharField())
    is_making_studies = serializers.BooleanField()


@dataclass(frozen=True, slots=True)
class SheetView:
    """One spreadsheet as the API shows it."""

    line: SheetImport
    header: tuple[str, ...]
    sheets: tuple[str, ...]
    mapping: SheetMapping
    faults: list[str]
    brought: Brought
    job: Job | None


class SheetOut(serializers.Serializer[SheetView]):
    """A spreadsheet, its mapping, what keeps it from being started, and what it brought."""

    sheet = SheetLineOut(source="line")
    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    sheets = serializers.ListField(child=serializers.CharField(), help_text="Of the workbook.")
    mapping = SheetMappingOut()
    faults = serializers.ListField(child=serializers.CharField())
    brought = SheetBroughtOut()
    job = JobOut(allow_null=True)


class SheetApi(ReviewApi):
    """What endpoints of one spreadsheet share."""

    def sheet(self, sheet_id: int) -> SheetImport:
        """A spreadsheet of the review."""
        known = SheetImport.objects.select_related("review", "extractor__user", "created_by__user")
        found: SheetImport = get_object_or_404(known, pk=sheet_id, review=self.review)
        return found

    def shown(self, found: SheetImport) -> SheetView:
        """The spreadsheet with its mapping and its faults."""
        grid = sheet_grid(found)
        mapping = mapping_of(found, grid, form_for_sheets(self.review))
        faults: list[str] = []
        try:
            reading_of_sheet(found, mapping, grid)
        except ValidationError as error:
            faults = error.messages
        return SheetView(
            standing(found),
            tuple(grid.header),
            tuple(grid.sheets),
            mapping,
            faults if found.started_at is None else [],
            brought_by(found),
            sheet_job(found),
        )

    def wanted(self, found: SheetImport, grid: Grid) -> SheetMapping:
        """The mapping as sent, over the one that is chosen or guessed."""
        known = mapping_of(found, grid, form_for_sheets(self.review))
        given = self.given
        columns = tuple(given.get("columns", known.columns))
        if len(columns) != len(grid.header):
            raise ValidationError(
                f"The sheet has {len(grid.header)} columns, and {len(columns)} were sent."
            )
        return SheetMapping(
            columns,
            Match(given["match"]) if "match" in given else known.match,
            given.get("units", known.units),
            given.get("is_making_studies", known.is_making_studies),
        )


def standing(sheet: SheetImport) -> SheetImport:
    """A spreadsheet with the words of where it stands."""
    ((_, words),) = described([sheet])
    found: Any = sheet
    found.standing = words
    return sheet


class Sheets(SheetApi):
    """The spreadsheets."""

    parser_classes = (MultiPartParser,)

    @endpoint(SheetLineOut, many=True, needs=IMPORT)
    def get(self) -> list[SheetImport]:
        """List the spreadsheets, newest first."""
        return [standing(one) for one in SheetImport.objects.filter(review=self.review)]

    @endpoint(SheetOut, takes=SheetFileIn, status=201, needs=IMPORT, is_long=True)
    def post(self) -> SheetView:
        """Upload a spreadsheet; nothing is imported before it is started."""
        made = services.take_in_sheet(membership=self.membership, upload=self.given["file"])
        return self.shown(made)


class OneSheet(SheetApi):
    """One spreadsheet."""

    @endpoint(SheetOut, needs=IMPORT, is_long=True)
    def get(self, sheet_id: int) -> SheetView:
        """Show what its columns mean, and what became of it."""
        return self.shown(self.sheet(sheet_id))

    @endpoint(SheetOut, takes=SheetMappingIn, needs=IMPORT, is_long=True)
    def patch(self, sheet_id: int) -> SheetView:
        """Say what the columns mean, before it is started."""
        found = self.sheet(sheet_id)
        chosen = self.given.get("extractor", found.extractor_id)
        people = Membership.objects.filter(review=self.review)
        services.map_sheet(
            membership=self.membership,
            sheet=found,
            mapping=self.wanted(found, sheet_grid(found)),
            extractor=get_object_or_404(people, pk=chosen) if chosen else None,
            page=self.given.get("page"),
        )
        return self.shown(self.sheet(sheet_id))

    @endpoint(needs=IMPORT)
    def delete(self, sheet_id: int) -> None:
        """Undo an import, or set a spreadsheet aside that was not started."""
        found = self.sheet(sheet_id)
        if found.started_at is None:
            services.discard_sheet(membership=self.membership, sheet=found)
        else:
            services.undo_sheet(membership=self.membership, sheet=found)


class StartSheet(SheetApi):
    """Starting an import."""

    @endpoint(JobOut, status=202, needs=IMPORT, is_long=True)
    def post(self, sheet_id: int) -> Job:
        """Let a worker import a mapped spreadsheet."""
        return services.start_sheet(membership=self.membership, sheet=self.sheet(sheet_id))


class SheetProblems(SheetApi):
    """Cells that are not imported, or are asked about."""

    @endpoint(SheetProblemOut, many=True, needs=IMPORT, is_long=True)
    def get(self, sheet_id: int) -> list[dict[str, Any]]:
        """List them: as the import found them, before it as the mapping would give."""
        found = self.sheet(sheet_id)
        if found.started_at is not None:
            return list(found.problems)
        grid = sheet_grid(found)
        mapping = mapping_of(found, grid, form_for_sheets(self.review))
        return [asdict(one) for one in reading_of_sheet(found, mapping, grid).problems]
