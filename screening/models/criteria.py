"""The eligibility criteria as they were at each time. Append-only."""

from django.db import models
from django.utils import timezone

from screening.models.people import Membership, Review


class CriteriaVersion(models.Model):
    """One version of a review's criteria. The newest is what people screen by.

    The number is also kept on the review and on each decision made under it.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="criteria_versions")
    number = models.PositiveSmallIntegerField()
    criteria = models.JSONField(default=list)  # list of sentences
    note = models.TextField(blank=True)  # why it was changed
    created_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="criteria_version_once")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"
