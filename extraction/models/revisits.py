"""Cells that somebody has to look at again, since the form changed under them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models.consensus import ConsensusRow, Reconciliation
from extraction.models.forms import FormChange
from extraction.models.values import Extraction, ExtractionRow
from screening.models import Membership, Review


class RevisitQuerySet(models.QuerySet["Revisit"]):
    """Narrowings of revisits."""

    def open(self) -> Self:
        """Those nobody has looked at yet."""
        return self.filter(settled_at__isnull=True)

    def of_review(self, review: Review) -> Self:
        """Those of a review."""
        return self.filter(change__review=review)


class Revisit(models.Model):
    """One cell of an extraction or of a reconciliation that a change of the form left in doubt.

    `reason` quotes the answer that could not be carried. Settled by a new value in the cell or
    by saying that it is right as it is.
    """

    change = models.ForeignKey(FormChange, models.CASCADE, related_name="revisits")
    extraction = models.ForeignKey(
        Extraction, models.CASCADE, null=True, blank=True, related_name="revisits"
    )
    row = models.ForeignKey(
        ExtractionRow, models.CASCADE, null=True, blank=True, related_name="revisits"
    )
    reconciliation = models.ForeignKey(
        Reconciliation, models.CASCADE, null=True, blank=True, related_name="revisits"
    )
    consensus_row = models.ForeignKey(
        ConsensusRow, models.CASCADE, null=True, blank=True, related_name="revisits"
    )
    field = models.CharField(max_length=60)
    reason = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RevisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["extraction", "field"],
                condition=Q(settled_at__isnull=True),
                name="revisit_open_of_extraction",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(extraction__isnull=True, reconciliation__isnull=False)
                | Q(extraction__isnull=False, reconciliation__isnull=True),
                name="revisit_of_extraction_or_reconciliation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"
