"""Dashboards that a review shows to everybody who has their link."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models import Membership, Review


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Narrowings of published dashboards."""

    def open(self, now: datetime) -> Self:
        """Neither withdrawn nor expired, of reviews that are not about to be deleted."""
        lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(lasts, withdrawn_at__isnull=True, review__deletes_at__isnull=True)


class Publication(models.Model):
    """One dashboard under an unguessable link; withdrawn ones stay, with who and when.

    `handle` is half of the link; the other half is computed from it and the installation's secret,
    so that a copy of the table opens nothing. `filters` are those of the figures. `as_of` is the
    day the dashboard is frozen at, or nothing where it follows the review.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="publications")
    title = models.CharField(max_length=200)
    handle = models.CharField(max_length=32, unique=True)
    filters = models.JSONField(default=dict, blank=True)
    as_of = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="publication_has_title"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=models.F("created_at")),
                name="publication_expires_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its link works."""
        lasts = self.expires_at is None or self.expires_at > timezone.now()
        return lasts and self.withdrawn_at is None
