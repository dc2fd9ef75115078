"""What the order by relevance keeps: vectors, trainings, what an old review decided, stops."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.people import Membership, Review
from screening.models.records import Record
from screening.rules.consensus import Stage

STAGES = [(stage.value, stage.value) for stage in Stage]


def vectors_path(vectors: "RankingVectors", _name: str) -> str:
    """Where the file lies in the private storage; no name of a person's choice is in it."""
    return f"rankings/{vectors.review_id}/{vectors.fingerprint}.vectors"


class RankingVectors(models.Model):
    """The records of a review as vectors, one row per fit or extension; the newest counts.

    Older ones stay while a ranking was made with them, so that its order can be given again.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="ranking_vectors")
    fingerprint = models.CharField(max_length=64)
    records = models.PositiveIntegerField()
    fitted = models.PositiveIntegerField()  # how many of them the vocabulary was fitted on
    size = models.PositiveIntegerField()  # bytes of the file
    file = models.FileField(upload_to=vectors_path, max_length=200)
    digests = models.BinaryField()  # 8 bytes for the form, then per row: tells what has changed
    text_state = models.JSONField(default=list)  # counts that change whenever a text may have
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.records} records, {self.fingerprint[:8]}"


class Ranking(models.Model):
    """One training (or cold start) and what it was made of; its order can be given again.

    The verdicts are not copied: decisions are append-only, so those that stood at `as_of` can be
    read at any time, and `training_digest` proves that they are the same.
    """

    class Method(models.TextChoices):
        """What gave the order."""

        QUESTION = "question", "The question and known reports (BM25)"
        MODEL = "model", "A model trained on verdicts"

    review = models.ForeignKey(Review, models.CASCADE, related_name="rankings")
    stage = models.CharField(max_length=20, choices=STAGES)
    member = models.ForeignKey(  # whose verdicts; None: the team's
        Membership, models.CASCADE, null=True, blank=True, related_name="rankings"
    )
    vectors = models.ForeignKey(RankingVectors, models.PROTECT, related_name="rankings")
    prior = models.ForeignKey(
        "screening.PriorDecisions", models.PROTECT, null=True, blank=True, related_name="rankings"
    )
    method = models.CharField(max_length=10, choices=Method.choices)
    model_version = models.CharField(max_length=40)
    training_digest = models.CharField(max_length=64)
    examples = models.PositiveIntegerField()
    exploration_share = models.FloatField()
    seed = models.BigIntegerField()
    question = models.TextField(blank=True)  # of a cold start: JSON, with the known texts
    order_digest = models.CharField(max_length=64)  # SHA-256 of the ids in order
    as_of = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["review", "stage", "member", "-id"])]

    def __str__(self) -> str:
        return f"{self.method} of {self.examples}"


class SharedTraining(models.Model):
    """The newest training of one model, and who trains it next: one row for all web processes.

    A model is that of one review, stage and whose verdicts. The turn to train is taken by a
    conditional update and runs out, so that a killed process stops nobody for long.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=20, choices=STAGES)
    member = models.ForeignKey(  # whose verdicts; None: the team's
        Membership, models.CASCADE, null=True, blank=True, related_name="+"
    )
    trainer = models.CharField(max_length=32, blank=True)  # whose turn it is; empty: nobody's
    turn_ends_at = models.DateTimeField(null=True, blank=True)
    marks = models.CharField(max_length=64, blank=True)  # names what the newest training knew
    ranking = models.ForeignKey(Ranking, models.CASCADE, null=True, blank=True, related_name="+")
    learnt = models.BinaryField(default=bytes)  # of a model: record ids, then their shares

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "stage"],
                condition=Q(member__isnull=True),
                name="shared_training_one_of_the_team",
            ),
            models.UniqueConstraint(
                fields=["member", "stage"],
                condition=Q(member__isnull=False),
                name="shared_training_one_of_each_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.stage} {self.member_id or 'team'}"


class PriorDecisions(models.Model):
    """Final decisions of an earlier review, copied when chosen: they train the first ranking.

    Invalid when a second one stands in the same review.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="prior_decisions")
    origin = models.ForeignKey(  # a review of this app, or None for a file
        Review, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=300)
    included = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    rows = models.BinaryField()  # compressed JSON: [[text, is relevant], ...]
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(withdrawn_at__isnull=True),
                name="prior_decisions_one_standing_per_review",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SkippedRecord(models.Model):
    """A record that one person put off: in their order by relevance it comes last."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="skipped")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=20, choices=STAGES)
    skipped_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["skipped_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "stage", "record"], name="skipped_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.record_id}"


class ScreeningStop(models.Model):
    """A lead's decision to stop screening, with what was known then; can be taken back.

    Invalid when a second one stands at the same stage.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="screening_stops")
    stage = models.CharField(max_length=20, choices=STAGES)
    state: Any = models.JSONField(default=dict)  # the stopping panel as it stood
    note = models.TextField(blank=True)
    removed = models.PositiveIntegerField()
    stopped_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(default=timezone.now)
    taken_back_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "stage"],
                condition=Q(taken_back_at__isnull=True),
                name="screening_stop_one_standing_per_stage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.stage} {self.stopped_at:%Y-%m-%d}"
