"""Studies: the unit of extraction and of Table 1."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from extraction.models.sheets import SheetImport
from screening.models import Membership, Report, Review
from screening.models.people import random_seed


class Study(models.Model):
    """One investigation with 1..n reports."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="studies")
    title = models.TextField()
    first_author = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    label = models.CharField(max_length=200, blank=True)  # e.g. the number in a reference list
    note = models.TextField(blank=True)
    side_seed = models.BigIntegerField(default=random_seed)  # which extraction is called A
    created_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    sheet = models.ForeignKey(  # the spreadsheet it came from
        SheetImport, models.PROTECT, null=True, blank=True, related_name="studies"
    )

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.first_author} {self.year or ''}".strip() or self.title

    def get_absolute_url(self) -> str:
        """The study's page."""
        return reverse("extraction:study", kwargs={"slug": self.review.slug, "study_id": self.pk})


class StudyReport(models.Model):
    """A report of a study. A report belongs to at most one study; a study has one main report."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="study_reports")
    report = models.OneToOneField(Report, models.PROTECT, related_name="study_report")
    is_main = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(is_main=True), name="study_one_main_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.report_id}"
