"""Pilot (calibration) rounds: the same records to everybody, before the main round of a stage."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.decisions import STAGES, VERDICTS, ExclusionReason
from screening.models.people import Membership, Review
from screening.models.records import Record
from screening.rules.consensus import Stage, Verdict


class Pilot(models.Model):
    """One pilot round of a stage.

    It runs until everybody has decided on all its records or the lead ends it (`ended_at`); its
    verdicts are open then. The main round goes on once it is closed (`closed_at`).
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="pilots")
    stage = models.CharField(max_length=20, choices=STAGES)
    number = models.PositiveSmallIntegerField()  # of the stage, from 1
    is_counted = models.BooleanField(default=False)  # its verdicts go on into the main round
    is_held = models.BooleanField(default=True)  # the main round waits for the lead
    seed = models.BigIntegerField(null=True, blank=True)  # none when the records were chosen
    started_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(  # nobody when it ended with the last verdict
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "stage", "number"], name="pilot_number_once"),
            models.UniqueConstraint(
                fields=["review", "stage"],
                condition=Q(closed_at__isnull=True),
                name="pilot_one_open_per_stage",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(ended_at__isnull=False),
                name="pilot_closed_is_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"Pilot {self.number}"

    @property
    def is_running(self) -> bool:
        """Whether people still decide in it."""
        return self.ended_at is None


class PilotRecord(models.Model):
    """A record of a pilot round."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="pilot_records")
    record = models.ForeignKey(Record, models.CASCADE, related_name="pilot_records")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "record"], name="pilot_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.record_id}"


class PilotDecisionQuerySet(models.QuerySet["PilotDecision"]):
    """Narrowings of decisions in a pilot."""

    def current(self) -> Self:
        """Decisions that stand: neither changed nor taken back."""
        return self.filter(superseded_at__isnull=True)


class PilotDecision(models.Model):
    """One verdict of one reviewer on one record in a pilot round. Append-only.

    It stands apart from `Decision`, so that no status, count or flow ever sees it; when a pilot
    that counts ends, its standing verdicts are entered as decisions.
    Invalid: as a `Decision` is.
    """

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="decisions")
    record = models.ForeignKey(Record, models.PROTECT, related_name="pilot_decisions")
    stage = models.CharField(max_length=20, choices=STAGES)
    reviewer = models.ForeignKey(Membership, models.PROTECT, related_name="pilot_decisions")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    reason = models.ForeignKey(
        ExclusionReason, models.PROTECT, null=True, blank=True, related_name="pilot_decisions"
    )
    comment = models.TextField(blank=True)
    seconds_spent = models.PositiveIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=10, default="page")
    criteria_version = models.PositiveSmallIntegerField(null=True, blank=True)
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = PilotDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "record", "reviewer"],
                condition=Q(superseded_at__isnull=True),
                name="pilot_decision_one_current_per_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.FULL_TEXT.value, verdict=Verdict.EXCLUDE.value)
                | Q(reason__isnull=False),
                name="pilot_decision_full_text_exclusion_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | Q(verdict=Verdict.EXCLUDE.value),
                name="pilot_decision_reason_only_with_exclusion",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(superseded_at__isnull=False),
                name="pilot_decision_undone_is_superseded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"
