"""Decisions, append-only, and adjudications beside them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.records import Record
from screening.rules.consensus import Stage, Verdict

STAGES = [(stage.value, stage.value) for stage in Stage]
VERDICTS = [(verdict.value, verdict.value) for verdict in Verdict]


class ExclusionReason(models.Model):
    """One of the review's ordered reasons to exclude. Retired ones keep what they counted."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="exclusion_reasons")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    explanation = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "label"], name="exclusion_reason_label_once")
        ]

    def __str__(self) -> str:
        return self.label


class CurrentQuerySet(models.QuerySet["Decision"]):
    """Narrowings of decisions."""

    def current(self) -> Self:
        """Decisions that stand: neither changed nor taken back."""
        return self.filter(superseded_at__isnull=True)


class Decision(models.Model):
    """One verdict of one reviewer on one record at one stage. Append-only.

    A change of mind is a new row that names the one it replaces; the old one gets
    `superseded_at`. Undo sets `undone_at` as well, and so does withdrawing what a removed member
    said. A verdict taken over names the former member's row as the one it replaces.
    Invalid: two current rows of one reviewer for one record and stage; a full-text exclusion
    without a reason; a reason without an exclusion.
    """

    class Origin(models.TextChoices):
        """The door through which the decision came."""

        PAGE = "page", "Page"
        API = "api", "API"
        IMPORT = "import", "Imported"
        MERGE = "merge", "Carried over from a duplicate"
        UNDO = "undo", "Restored by undo"
        HANDED = "handed", "Taken over from a former member"
        PILOT = "pilot", "Entered when a pilot round ended"

    record = models.ForeignKey(Record, models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=20, choices=STAGES)
    reviewer = models.ForeignKey(Membership, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    reason = models.ForeignKey(
        ExclusionReason, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    comment = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)  # 0 for a pilot round's
    criteria_version = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds_spent = models.PositiveIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PAGE)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage", "reviewer"],
                condition=Q(superseded_at__isnull=True),
                name="decision_one_current_per_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.FULL_TEXT.value, verdict=Verdict.EXCLUDE.value)
                | Q(reason__isnull=False),
                name="decision_full_text_exclusion_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | Q(verdict=Verdict.EXCLUDE.value),
                name="decision_reason_only_with_exclusion",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="decision_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[v.value for v in Verdict]), name="decision_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(superseded_at__isnull=False),
                name="decision_undone_is_superseded",
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "stage", "-created_at"]),
            # Statuses are counted off this index alone, without opening the rows.
            models.Index(
                fields=["stage", "record", "verdict", "reason", "reviewer"],
                condition=Q(superseded_at__isnull=True),
                name="decision_tally_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class AdjudicationQuerySet(models.QuerySet["Adjudication"]):
    """Narrowings of adjudications."""

    def current(self) -> Self:
        """Rulings that stand."""
        return self.filter(superseded_at__isnull=True)


class Adjudication(models.Model):
    """What settles a record at a stage; never touches the reviewers' own rows.

    Invalid: two current rulings for one record and stage; a maybe; a full-text exclusion
    without a reason.
    """

    class Kind(models.TextChoices):
        """How it was settled."""

        RULING = "ruling", "Ruled by the adjudicator"
        CONSENSUS = "consensus", "Agreed by talk"
        PUBLISHED = "published", "Published verdict of an earlier team"

    record = models.ForeignKey(Record, models.PROTECT, related_name="adjudications")
    stage = models.CharField(max_length=20, choices=STAGES)
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    reason = models.ForeignKey(
        ExclusionReason, models.PROTECT, null=True, blank=True, related_name="adjudications"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.RULING)
    rationale = models.TextField(blank=True)
    adjudicator = models.ForeignKey(Membership, models.PROTECT, related_name="adjudications")
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = AdjudicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="adjudication_one_current_per_stage",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[Verdict.INCLUDE.value, Verdict.EXCLUDE.value]),
                name="adjudication_is_never_maybe",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.FULL_TEXT.value, verdict=Verdict.EXCLUDE.value)
                | Q(reason__isnull=False),
                name="adjudication_full_text_exclusion_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | Q(verdict=Verdict.EXCLUDE.value),
                name="adjudication_reason_only_with_exclusion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class ScreeningLease(models.Model):
    """A record handed to one reviewer for a while, so that no more people than needed get it."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="leases")
    stage = models.CharField(max_length=20, choices=STAGES)
    reviewer = models.ForeignKey(Membership, models.CASCADE, related_name="leases")
    handed_at = models.DateTimeField(null=True, default=timezone.now)  # loading again keeps it
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage", "reviewer"], name="lease_once_per_reviewer"
            )
        ]
        indexes = [models.Index(fields=["reviewer", "stage", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage}"
