"""What one extractor read: extractions, their rows and their append-only values."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models.forms import ExtractionForm, FormChange
from extraction.models.sheets import SheetImport
from extraction.models.studies import Study
from screening.models import FullText, Membership


class Location(models.TextChoices):
    """Where in the report a value was read."""

    ABSTRACT = "abstract", "Abstract"
    TEXT = "text", "Text"
    TABLE = "table", "Table"
    FIGURE = "figure", "Figure"
    SUPPLEMENT = "supplement", "Supplement"
    OTHER = "other", "Other"


def row_key() -> str:
    """A stable key of a row, for links."""
    return uuid.uuid4().hex


class Extraction(models.Model):
    """One extractor's reading of one study; blinded until both are submitted."""

    class Origin(models.TextChoices):
        """How the values came in."""

        PAGE = "page", "Extracted in the form"
        IMPORT = "import", "Imported"

    study = models.ForeignKey(Study, models.CASCADE, related_name="extractions")
    form = models.ForeignKey(ExtractionForm, models.PROTECT, related_name="extractions")
    extractor = models.ForeignKey(Membership, models.PROTECT, related_name="extractions")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PAGE)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)  # since it was last submitted
    sheet = models.ForeignKey(  # the spreadsheet it came from
        SheetImport, models.PROTECT, null=True, blank=True, related_name="extractions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "extractor"], name="extraction_once_per_extractor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id} by {self.extractor_id}"

    @property
    def is_of_page(self) -> bool:
        """Whether it was entered in the form and not imported."""
        return self.origin == self.Origin.PAGE

    @property
    def is_draft(self) -> bool:
        """Whether somebody still works on it; what a former member left unfinished is none."""
        return self.is_of_page and self.submitted_at is None and self.extractor.is_active


class ExtractionRow(models.Model):
    """One row of a repeating group, e.g. one experiment. Removed rows stay."""

    extraction = models.ForeignKey(Extraction, models.CASCADE, related_name="rows")
    group = models.CharField(max_length=60)
    key = models.CharField(max_length=32, default=row_key, unique=True)
    position = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    sheet = models.ForeignKey(  # the spreadsheet it came from
        SheetImport, models.PROTECT, null=True, blank=True, related_name="rows"
    )
    sheet_key = models.CharField(max_length=120, blank=True)  # how the spreadsheet names the row

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.group} {self.position}"


class EvidenceModel(models.Model):
    """Where a value was read: page, quote, place, rectangles; or an address outside."""

    page = models.PositiveIntegerField(null=True, blank=True)  # from 1
    quote = models.TextField(blank=True)
    location = models.CharField(max_length=12, choices=Location.choices, blank=True)
    rectangles = models.JSONField(
        default=list, blank=True
    )  # [[x0, y0, x1, y1]], 0 to 1 of the page
    full_text = models.ForeignKey(FullText, models.PROTECT, null=True, blank=True, related_name="+")
    source_url = models.TextField(blank=True)
    # A value that a change of the form wrote names the change and the value it was made from.
    carried_by = models.ForeignKey(
        FormChange, models.PROTECT, null=True, blank=True, related_name="+"
    )
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to"
    )

    class Meta:
        abstract = True

    @property
    def is_proven(self) -> bool:
        """Whether it leads to its place: a quote with page or address, or a drawn rectangle."""
        return bool(
            (self.quote and (self.page or self.source_url)) or (self.page and self.rectangles)
        )


class ValueQuerySet(models.QuerySet["ExtractedValue"]):
    """Narrowings of values."""

    def current(self) -> Self:
        """Values that stand."""
        return self.filter(superseded_at__isnull=True)


class ExtractedValue(EvidenceModel):
    """One cell as one extractor read it. Append-only: a change is a new row.

    `value` is text (numbers keep their digits), a boolean, or a list of texts; null clears it.
    """

    extraction = models.ForeignKey(Extraction, models.CASCADE, related_name="values")
    row = models.ForeignKey(
        ExtractionRow, models.CASCADE, null=True, blank=True, related_name="values"
    )
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    sheet = models.ForeignKey(  # the spreadsheet it came from
        SheetImport, models.PROTECT, null=True, blank=True, related_name="values"
    )

    objects = ValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["extraction", "field"],
                condition=Q(superseded_at__isnull=True, row__isnull=True),
                name="value_one_current_per_field",
            ),
            models.UniqueConstraint(
                fields=["extraction", "row", "field"],
                condition=Q(superseded_at__isnull=True, row__isnull=False),
                name="value_one_current_per_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"
