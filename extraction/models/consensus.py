"""What the team settled on: reconciled rows and values that name both raw ones."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models.forms import ExtractionForm
from extraction.models.studies import Study
from extraction.models.values import (
    EvidenceModel,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    row_key,
)
from screening.models import Membership


class Reconciliation(models.Model):
    """The reconciliation of one study, or the verification of its one extraction.

    Final while `finalised_at` is set. A verification has an A and no B.

    Which extraction is A was drawn by the study's seed and is kept, so that it never turns.
    """

    study = models.OneToOneField(Study, models.CASCADE, related_name="reconciliation")
    form = models.ForeignKey(ExtractionForm, models.PROTECT, related_name="+")
    extraction_a = models.ForeignKey(
        Extraction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    extraction_b = models.ForeignKey(
        Extraction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finalised_at = models.DateTimeField(null=True, blank=True)
    finalised_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"reconciliation of {self.study_id}"

    @property
    def is_verification(self) -> bool:
        """Whether a second person checks one extraction."""
        return self.extraction_a_id is not None and self.extraction_b_id is None


class ConsensusRowQuerySet(models.QuerySet["ConsensusRow"]):
    """Narrowings of reconciled rows."""

    def standing(self) -> Self:
        """Rows of the pairing that stands."""
        return self.filter(retired_at__isnull=True)


class ConsensusRow(models.Model):
    """One reconciled row of a group; names the raw rows it was aligned from.

    A row whose pairing a person changed is retired and stays with what was settled in it.
    """

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="rows")
    group = models.CharField(max_length=60)
    key = models.CharField(max_length=32, default=row_key, unique=True)
    position = models.PositiveIntegerField()
    row_a = models.ForeignKey(
        ExtractionRow, models.PROTECT, null=True, blank=True, related_name="+"
    )
    row_b = models.ForeignKey(
        ExtractionRow, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_left_out = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ConsensusRowQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.group} {self.position}"


class ConsensusQuerySet(models.QuerySet["ConsensusValue"]):
    """Narrowings of reconciled values."""

    def current(self) -> Self:
        """Values that stand."""
        return self.filter(superseded_at__isnull=True)


class ConsensusValue(EvidenceModel):
    """The settled value of one cell. Append-only; both raw values stay for ever."""

    class Side(models.TextChoices):
        """Which value was taken."""

        BOTH = "both", "Both agree"
        A = "a", "A's value"
        B = "b", "B's value"
        THIRD = "third", "A third value"

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="values")
    row = models.ForeignKey(
        ConsensusRow, models.CASCADE, null=True, blank=True, related_name="values"
    )
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    value_a = models.ForeignKey(
        ExtractedValue, models.PROTECT, null=True, blank=True, related_name="+"
    )
    value_b = models.ForeignKey(
        ExtractedValue, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rationale = models.TextField(blank=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "field"],
                condition=Q(superseded_at__isnull=True, row__isnull=True),
                name="consensus_one_current_per_field",
            ),
            models.UniqueConstraint(
                fields=["reconciliation", "row", "field"],
                condition=Q(superseded_at__isnull=True, row__isnull=False),
                name="consensus_one_current_per_cell",
            ),
            models.CheckConstraint(
                condition=~Q(side="third") | ~Q(rationale=""),
                name="consensus_third_value_has_rationale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"
