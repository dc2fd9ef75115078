"""Studies: the unit of extraction and of Table 1."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from extraction.models.sheets import SheetImport
from screening.models import Membership, Report, Review
from screening.models.people import random_seed


class StudyQuerySet(models.QuerySet["Study"]):
    """Narrowings of studies."""

    def standing(self) -> Self:
        """Studies that count: not those set aside when their last report joined another."""
        return self.filter(joined_into__isnull=True)


class Study(models.Model):
    """One investigation with 1..n reports.

    A study whose only report was joined to another study is set aside with all its values: it is
    in no list until the report is split off again.
    """

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
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = StudyQuerySet.as_manager()

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
    came_from = models.ForeignKey(
        Study, models.PROTECT, null=True, blank=True, related_name="+"
    )  # where splitting leads back to
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(is_main=True), name="study_one_main_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.report_id}"
