"""Who is to work on which study."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models.studies import Study
from screening.models import Membership


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Narrowings of assignments."""

    def standing(self) -> Self:
        """Not withdrawn, and of people who may still work in the review."""
        return self.filter(
            withdrawn_at__isnull=True,
            member__deactivated_at__isnull=True,
            member__user__is_active=True,
        )


class Assignment(models.Model):
    """One person named for one study; withdrawn ones stay. At most one standing a task."""

    class Task(models.TextChoices):
        """What the person is to do."""

        EXTRACT = "extract", "Extract"
        SETTLE = "settle", "Reconcile or verify"

    study = models.ForeignKey(Study, models.CASCADE, related_name="assignments")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="assignments")
    task = models.CharField(max_length=10, choices=Task.choices, default=Task.EXTRACT)
    assigned_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "member", "task"],
                condition=Q(withdrawn_at__isnull=True),
                name="assignment_stands_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} is to {self.task} {self.study_id}"
