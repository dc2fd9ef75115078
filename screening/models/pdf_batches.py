"""PDFs that came many at once: the files, and which report each was found to be."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.reports import FullText, Report


def batch_pdf_path(pdf: "BatchPdf", _name: str) -> str:
    """A private, random place for a file; the user's file name never reaches the disk."""
    return f"pdf-batches/{pdf.batch.review_id}/{secrets.token_hex(16)}.pdf"


class PdfBatch(models.Model):
    """PDFs that one member uploaded together. Counts are derived from its files."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="pdf_batches")
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"PDFs of {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of the batch."""
        where = {"slug": self.review.slug, "pdf_batch_id": self.pk}
        return reverse("screening:pdf-batch", kwargs=where)


class BatchPdfQuerySet(models.QuerySet["BatchPdf"]):
    """Narrowings of the files of a batch."""

    def waiting(self) -> Self:
        """Files that were not looked at yet."""
        return self.filter(state=BatchPdf.State.WAITING)


class BatchPdf(models.Model):
    """One file of a batch. Invalid when it is stored and names no report and no full text.

    The file is kept until it is stored as a full text, which then holds it.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waiting to be read"
        STORED = "stored", "Stored"
        PRESENT = "present", "Was there already"
        HAS_PDF = "has_pdf", "Its report has a PDF already"
        UNMATCHED = "unmatched", "No report found"
        SET_ASIDE = "set_aside", "Set aside"
        REFUSED = "refused", "Not readable"

    class Method(models.TextChoices):
        """How its report was found."""

        DOI = "doi", "by its DOI"
        TITLE = "title", "by its title"
        PERSON = "person", "by hand"

    batch = models.ForeignKey(PdfBatch, models.CASCADE, related_name="pdfs")
    file = models.FileField(upload_to=batch_pdf_path, max_length=200, blank=True)
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    message = models.CharField(max_length=300, blank=True)  # why it was refused
    opening = models.CharField(max_length=600, blank=True)  # how its text begins
    candidates = models.JSONField(default=list, blank=True)  # ids of reports, best first
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="+")
    full_text = models.ForeignKey(FullText, models.CASCADE, null=True, blank=True, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)

    objects = BatchPdfQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["stored", "present"])
                | Q(report__isnull=False, full_text__isnull=False),
                name="batch_pdf_stored_names_report_and_full_text",
            )
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_open(self) -> bool:
        """Whether a person can still say which report it is."""
        return self.state in {self.State.HAS_PDF, self.State.UNMATCHED, self.State.SET_ASIDE}
