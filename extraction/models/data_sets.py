"""The data sets that a review knows, so that studies on the same data are seen as dependent."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from screening.models import Membership, Review


class DataSet(models.Model):
    """One data set with its other names. A retired one stays, and names nothing any more."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="data_sets")
    name = models.CharField(max_length=200)
    other_names = models.JSONField(default=list, blank=True)  # list of texts
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "review",
                Lower("name"),
                condition=Q(retired_at__isnull=True),
                name="data_set_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
