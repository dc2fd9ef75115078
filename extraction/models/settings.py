"""How a review extracts and reconciles."""

from django.db import models

from screening.models import Review


class ExtractionSettings(models.Model):
    """The choices of one review; a review without a row has the defaults."""

    class Mode(models.TextChoices):
        """How many read a study, and what the second person does."""

        DOUBLE = "double", "Two people extract, a third reconciles"
        VERIFIED = "verified", "One person extracts, a second checks each value"

    class Evidence(models.TextChoices):
        """Which values need a place and a quote before a study can be final."""

        NONE = "none", "None"
        RESULTS = "results", "The results that are compared (both values of each experiment)"
        ALL = "all", "Every answer"

    review = models.OneToOneField(Review, models.CASCADE, related_name="extraction_settings")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.DOUBLE)
    evidence_needed = models.CharField(
        max_length=10, choices=Evidence.choices, default=Evidence.NONE
    )
    is_reconciliation_blinded = models.BooleanField(default=True)
    is_assigned_only = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=["double", "verified"]),
                name="extraction_settings_mode_known",
            ),
            models.CheckConstraint(
                condition=models.Q(evidence_needed__in=["none", "results", "all"]),
                name="extraction_settings_evidence_known",
            ),
        ]

    def __str__(self) -> str:
        return f"extraction settings of {self.review_id}"
