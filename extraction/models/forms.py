"""Extraction forms: versioned, their fields as checked data."""

from django.db import models
from django.utils import timezone

from screening.models import Membership, Review


class ExtractionForm(models.Model):
    """One version of a review's form; `definition` is what `extraction.schema` checks.

    A published version is never edited: a change is the next version.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="extraction_forms")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["review", "version"], name="form_version_once")
        ]

    def __str__(self) -> str:
        return f"form of {self.review_id}, version {self.version}"


class FormDraft(models.Model):
    """The next version of a review's form while it is being written; one a review.

    `definition` has the right shape but may contradict itself until it is published.
    """

    review = models.OneToOneField(Review, models.CASCADE, related_name="form_draft")
    base = models.ForeignKey(
        ExtractionForm, models.CASCADE, null=True, blank=True, related_name="+"
    )
    definition = models.JSONField()
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"draft of the form of {self.review_id}"


class FormChange(models.Model):
    """One publication that carried the values of a version to the next; it can be taken back.

    Values written by it name it. Open: `taken_back_at` is empty. While values are still to follow,
    forwards or back, `carried_at` is empty; each study follows in one piece.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="form_changes")
    from_form = models.ForeignKey(ExtractionForm, models.CASCADE, related_name="+")
    to_form = models.OneToOneField(ExtractionForm, models.CASCADE, related_name="change")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    taken_back_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    carried_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"change to {self.to_form}"
