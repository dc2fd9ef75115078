"""The eligibility criteria in their versions, and the questions that lead through them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number, Words
from screening.models import PathQuestion
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.criteria import ShownVersion, criteria_versions
from screening.selectors.path import all_questions, question_or_404
from screening.services import questions as services
from screening.services.criteria import MAX_NOTE, revise_criteria

MAX_TEXT = 300


class CriteriaIn(serializers.Serializer[Any]):
    """The criteria from now on."""

    criteria = Words(help_text="One sentence each; all have to hold.")
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_NOTE, default="", help_text="Why."
    )


class CriteriaOut(serializers.Serializer[ShownVersion]):
    """One version of the criteria."""

    number = serializers.IntegerField()
    criteria = serializers.ListField(child=serializers.CharField())
    added = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    author = serializers.CharField(help_text="Empty for those that the review began with.")
    created_at = serializers.DateTimeField()
    decisions = serializers.IntegerField(help_text="Standing decisions made under it.")


class QuestionIn(serializers.Serializer[Any]):
    """A new question, at the end of the path."""

    text = serializers.CharField(max_length=MAX_TEXT)
    reason = Number(help_text="The exclusion reason that a “no” leads to.")


class QuestionPatchIn(serializers.Serializer[Any]):
    """Another wording, reason or place; or taken out. Answered wordings stay as they were."""

    text = serializers.CharField(required=False, max_length=MAX_TEXT)
    reason = Number(required=False)
    move = serializers.ChoiceField(required=False, choices=["up", "down"])


class QuestionOut(serializers.ModelSerializer[PathQuestion]):
    """A question of a stage's path."""

    class Meta:
        model = PathQuestion
        fields = ("id", "stage", "position", "text", "reason", "retired_at")


class Criteria(ReviewApi):
    """The versions of the criteria."""

    @endpoint(CriteriaOut, many=True)
    def get(self) -> list[ShownVersion]:
        """List the versions, newest first; the first of the list is the one in force."""
        return criteria_versions(self.review)

    @endpoint(CriteriaOut, takes=CriteriaIn, status=201, needs=Capability.MANAGE)
    def post(self) -> ShownVersion:
        """Make these the criteria, as a version of their own; the same ones change nothing."""
        review = revise_criteria(lead=self.membership, **self.given)
        return criteria_versions(review)[0]


class Questions(ReviewApi):
    """The question path of a stage; its settings say whether it is switched on."""

    @endpoint(QuestionOut, many=True)
    def get(self, stage: Stage) -> list[PathQuestion]:
        """List the questions in their order, those taken out too."""
        return list(all_questions(self.membership, stage))

    @endpoint(QuestionOut, takes=QuestionIn, status=201, needs=Capability.MANAGE)
    def post(self, stage: Stage) -> PathQuestion:
        """Add a question at the end of the path."""
        return services.add_question(
            lead=self.membership,
            stage=stage,
            text=self.given["text"],
            reason_id=self.given["reason"],
        )


class OneQuestion(ReviewApi):
    """One question."""

    @endpoint(QuestionOut, takes=QuestionPatchIn, needs=Capability.MANAGE)
    @transaction.atomic
    def patch(self, question_id: int) -> PathQuestion:
        """Reword or move a question; a new one takes the place of one that was answered."""
        lead, given = self.membership, self.given
        question = question_or_404(lead, question_id)
        if not given:
            raise ValidationError("Say what changes: text, reason or move.")
        if "text" in given or "reason" in given:
            text, reason = given.get("text", question.text), given.get("reason")
            question = services.change_question(
                lead=lead, question=question, text=text, reason_id=reason or question.reason_id
            )
        if "move" in given:
            services.move_question(lead=lead, question=question, is_up=given["move"] == "up")
        question.refresh_from_db()
        return question

    @endpoint(needs=Capability.MANAGE)
    def delete(self, question_id: int) -> None:
        """Take a question out of the path; what was answered to it stays."""
        question = question_or_404(self.membership, question_id)
        services.retire_question(lead=self.membership, question=question)
