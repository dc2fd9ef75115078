"""Reports, the log of their retrieval, and their full texts."""

import secrets
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from screening.models.people import Membership
from screening.models.records import Record


def full_text_path(full_text: "FullText", _name: str) -> str:
    """A private, random place for a PDF; the user's file name never reaches the disk."""
    return f"full-texts/{full_text.report.record.review_id}/{secrets.token_hex(16)}.pdf"


class Report(models.Model):
    """The document itself. Comes to be when a record passes title/abstract.

    The row holds the retrieval log and the full text; whether the report is sought, retrieved or
    included is derived, so the row stays when the record falls back.
    """

    record = models.OneToOneField(Record, models.PROTECT, related_name="report")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.record.title

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse(
            "screening:report", kwargs={"slug": self.record.review.slug, "report_id": self.pk}
        )


class RetrievalAttempt(models.Model):
    """One attempt to get a report. The latest outcome counts; append-only."""

    class Outcome(models.TextChoices):
        """What came of it."""

        PENDING = "pending", "Still waiting"
        RETRIEVED = "retrieved", "Retrieved"
        NOT_RETRIEVED = "not_retrieved", "Not retrieved"

    report = models.ForeignKey(Report, models.CASCADE, related_name="attempts")
    how = models.CharField(max_length=200)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.TextField(blank=True)
    tried_on = models.DateField(null=True, blank=True)  # the day it was logged, without it
    created_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["created_at"], name="attempt_since_idx")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.outcome}"

    @property
    def day(self) -> date:
        """The day of the attempt."""
        return self.tried_on or timezone.localtime(self.created_at).date()


class FullTextQuerySet(models.QuerySet["FullText"]):
    """Narrowings of full texts."""

    def current(self) -> Self:
        """Files that have not been replaced."""
        return self.filter(replaced_at__isnull=True)


class FullText(models.Model):
    """A PDF of a report. Replaced ones stay, since evidence may quote them.

    One that was the PDF of another report is taken back: it stays too, and is current no more.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="full_texts")
    file = models.FileField(upload_to=full_text_path, max_length=200)
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = FullTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(replaced_at__isnull=True),
                name="full_text_one_current_per_report",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(replaced_at__isnull=False),
                name="full_text_withdrawn_is_not_current",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class FullTextPage(models.Model):
    """The text of one page, for search and for finding quotes again."""

    full_text = models.ForeignKey(FullText, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["full_text", "number"], name="full_text_page_once")
        ]

    def __str__(self) -> str:
        return f"{self.full_text_id} p. {self.number}"
