"""How a review extracts and reconciles."""

from django.db import models

from screening.models import Review


class ExtractionSettings(models.Model):
    """The choices of one review; a review without a row has the defaults."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="extraction_settings")
    is_reconciliation_blinded = models.BooleanField(default=True)
    is_assigned_only = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"extraction settings of {self.review_id}"
