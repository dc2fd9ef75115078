"""How a review reports: its policy, the layout of Table 1, choices by hand and footnotes."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models import Study
from screening.models import Membership, Review


class ReportingSettings(models.Model):
    """One review's reporting policy and layout of Table 1; what is empty is as the form says.

    `policy` is a `ReportingPolicy` and `layout` a `Layout` as JSON; every change is audited.
    """

    review = models.OneToOneField(Review, models.CASCADE, related_name="reporting")
    policy = models.JSONField(default=dict, blank=True)
    layout = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"reporting of {self.review_id}"


class ChoiceQuerySet(models.QuerySet["ReportedChoice"]):
    """Narrowings of choices."""

    def standing(self) -> Self:
        """Choices that are neither replaced nor taken back."""
        return self.filter(ended_at__isnull=True)


class ReportedChoice(models.Model):
    """The experiments a person chose for one study instead of the policy. Append-only.

    Rows are named by the stable key of an extracted or reconciled row; another choice, or taking
    it back, ends this one.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="reported_choices")
    full_row = models.CharField(max_length=32)
    subset_row = models.CharField(max_length=32, blank=True)
    rationale = models.TextField()
    chosen_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"],
                condition=Q(ended_at__isnull=True),
                name="reported_choice_one_standing_per_study",
            ),
            models.CheckConstraint(
                condition=~Q(rationale=""), name="reported_choice_has_rationale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_row} for {self.study_id}"


class FootnoteQuerySet(models.QuerySet["Footnote"]):
    """Narrowings of footnotes."""

    def standing(self) -> Self:
        """Footnotes that are not removed."""
        return self.filter(removed_at__isnull=True)


class Footnote(models.Model):
    """A remark of the review under Table 1, at a study's row, a cell, or a column's head."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="footnotes")
    study = models.ForeignKey(
        Study, models.CASCADE, null=True, blank=True, related_name="footnotes"
    )
    column = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = FootnoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="footnote_says_something"),
            models.CheckConstraint(
                condition=Q(study__isnull=False) | ~Q(column=""), name="footnote_has_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
