"""Imported extraction spreadsheets: the file, what its columns mean, and what became of it."""

import secrets
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from screening.models import Membership, Review


def sheet_path(sheet: "SheetImport", _name: str) -> str:
    """A private, random place for the file; the user's file name never reaches the disk."""
    return f"extraction-sheets/{sheet.review_id}/{secrets.token_hex(16)}"


class SheetQuerySet(models.QuerySet["SheetImport"]):
    """Narrowings of sheets."""

    def standing(self) -> Self:
        """Sheets that were imported and not undone."""
        return self.filter(imported_at__isnull=False, undone_at__isnull=True)


class SheetImport(models.Model):
    """One extraction spreadsheet. What it brought is counted from the rows that name it.

    `mapping` is a `SheetMapping`; `problems` are the cells that were not imported or are asked
    about, as the run found them. Undone, it keeps its file and mapping.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="sheet_imports")
    file = models.FileField(upload_to=sheet_path, max_length=200)
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sheet = models.CharField(max_length=255, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    extractor = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    problems = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        """The page of the import."""
        where = {"slug": self.review.slug, "sheet_id": self.pk}
        return reverse("extraction:sheet-import", kwargs=where)
