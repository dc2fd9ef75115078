"""The ordered questions of a stage that yield the reason to exclude, and what was answered."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.decisions import STAGES, Decision, ExclusionReason
from screening.models.people import Review
from screening.models.pilots import PilotDecision
from screening.rules.path import PathAnswer

ANSWERS = [(answer.value, answer.value.title()) for answer in PathAnswer]


class PathQuestion(models.Model):
    """One yes/no question of a stage's path; its "no" excludes for the reason.

    Once answered it is never reworded: a new wording is a new question, and the old one retires
    with the answers it was given. Invalid without a text or a reason.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="path_questions")
    stage = models.CharField(max_length=20, choices=STAGES)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    reason = models.ForeignKey(ExclusionReason, models.PROTECT, related_name="path_questions")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class GivenAnswer(models.Model):
    """What a reviewer answered to one question when the decision was made. Append-only.

    Other answers that lead to the same verdict are new rows; the old get `superseded_at`.
    Invalid: two current answers of one decision to one question; an answer that belongs to no
    decision, or to one of the main round and one of a pilot.
    """

    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="given_answers"
    )
    pilot_decision = models.ForeignKey(
        PilotDecision, models.PROTECT, null=True, blank=True, related_name="given_answers"
    )
    question = models.ForeignKey(PathQuestion, models.PROTECT, related_name="given_answers")
    answer = models.CharField(max_length=10, choices=ANSWERS)
    created_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "question"],
                condition=Q(superseded_at__isnull=True),
                name="given_answer_one_current_per_question",
            ),
            models.UniqueConstraint(
                fields=["pilot_decision", "question"],
                condition=Q(superseded_at__isnull=True),
                name="given_answer_one_current_per_pilot_question",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=True) ^ Q(pilot_decision__isnull=True),
                name="given_answer_of_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[answer.value for answer in PathAnswer]),
                name="given_answer_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.answer}"
