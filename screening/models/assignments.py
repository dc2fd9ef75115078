"""Who should screen which records of a stage."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.decisions import STAGES
from screening.models.people import Membership, Review
from screening.models.records import Record


class ScreeningAssignment(models.Model):
    """Some records of a stage that one member should screen. Withdrawing keeps the row."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="screening_assignments")
    stage = models.CharField(max_length=20, choices=STAGES)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="screening_assignments")
    name = models.CharField(max_length=120)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class AssignedRecord(models.Model):
    """One record of an assignment, with the keys of the orders, so that it is a way of its own.

    Invalid: a record assigned twice to one member at one stage.
    """

    assignment = models.ForeignKey(ScreeningAssignment, models.CASCADE, related_name="assigned")
    record = models.ForeignKey(Record, models.CASCADE, related_name="assigned")
    stage = models.CharField(max_length=20, choices=STAGES)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="assigned")
    random_key = models.BigIntegerField()
    newest_key = models.IntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="assigned_once_per_member",
            )
        ]
        indexes = [
            models.Index(
                fields=["member", "stage", "random_key", "record"],
                condition=Q(withdrawn_at__isnull=True),
                name="assigned_random_way_idx",
            ),
            models.Index(
                fields=["member", "stage", "newest_key", "record"],
                condition=Q(withdrawn_at__isnull=True),
                name="assigned_newest_way_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.record_id}"
