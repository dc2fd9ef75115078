"""What the API of screening takes and gives about records and verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from screening.api.fields import Number, SmallNumber
from screening.models import (
    Adjudication,
    Decision,
    GivenAnswer,
    Note,
    PilotDecision,
    Record,
    RecordTag,
)
from screening.rules.consensus import Status, Verdict
from screening.rules.path import PathAnswer
from screening.selectors.cards import Card
from screening.selectors.counts import QueueCounts
from screening.selectors.path import Answers, answers_of, pilot_answers_of
from screening.services.decisions import MAX_KEY, Answer
from screening.services.path import BY_ANSWERS

MAX_QUESTIONS = 100
SHOWN = "shown_answers"  # set on a decision whose answers were read beside it
AnyDecision = Decision | PilotDecision


class PathAnswerIn(serializers.Serializer[Any]):
    """An answer to a question of the stage's path."""

    question = Number()
    answer = serializers.ChoiceField(choices=[answer.value for answer in PathAnswer])


class PathAnswerOut(serializers.ModelSerializer[GivenAnswer]):
    """What was answered to a question of the path."""

    text = serializers.CharField(source="question.text")

    class Meta:
        model = GivenAnswer
        fields = ("question", "text", "answer")


class DecisionIn(serializers.Serializer[Any]):
    """One verdict; `answers` leaves it to the answers to the question path."""

    verdict = serializers.ChoiceField(choices=[*(verdict.value for verdict in Verdict), BY_ANSWERS])
    answers = serializers.ListField(
        child=PathAnswerIn(), required=False, default=list, max_length=MAX_QUESTIONS
    )
    reason = Number(required=False, allow_null=True, default=None)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    seconds_spent = SmallNumber(required=False, allow_null=True, default=None)
    client_key = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_KEY, default=""
    )

    @staticmethod
    def answer(given: Mapping[str, Any]) -> Answer:
        """What the service takes."""
        values = {name: value for name, value in given.items() if name != "answers"}
        reason_id = values.pop("reason")
        return Answer(**values, reason_id=reason_id, origin=Decision.Origin.API)


def with_answers(decisions: Iterable[AnyDecision], answers: Answers) -> list[AnyDecision]:
    """Decisions with the answers that led to them, for `DecisionOut`."""
    found = list(decisions)
    for one in found:
        setattr(one, SHOWN, answers.get(one.pk, ()))
    return found


def answers_to(decision: Decision | PilotDecision) -> Sequence[GivenAnswer]:
    """The answers of one decision, looked up where they do not come along."""
    if hasattr(decision, SHOWN):
        found: Sequence[GivenAnswer] = getattr(decision, SHOWN)
        return found
    if isinstance(decision, PilotDecision):
        return pilot_answers_of([decision]).get(decision.pk, ())
    return answers_of([decision]).get(decision.pk, ())


class UndoIn(serializers.Serializer[Any]):
    """Which decision is meant, so that a request sent twice undoes once."""

    decision = Number(required=False, allow_null=True, default=None)


class DecisionOut(serializers.ModelSerializer[Any]):
    """A decision that the asking member may see; one in a pilot round looks the same."""

    reviewer = serializers.CharField(source="reviewer.user.name")
    undone_at = serializers.DateTimeField(allow_null=True, default=None)
    answers = serializers.SerializerMethodField(help_text="To the stage's question path.")

    class Meta:
        model = Decision
        fields = (
            "id",
            "record",
            "stage",
            "verdict",
            "reason",
            "comment",
            "criteria_version",
            "answers",
            "reviewer",
            "created_at",
            "undone_at",
        )

    @extend_schema_field(PathAnswerOut(many=True))
    def get_answers(self, decision: Decision | PilotDecision) -> list[dict[str, Any]]:
        """The answers that led to the verdict, in the order of the path."""
        return list(PathAnswerOut(answers_to(decision), many=True).data)


class OwnDecisions(serializers.ListSerializer[Any]):
    """Decisions of a page, their answers looked up together."""

    def to_representation(self, data: Any) -> Any:
        """Write the list."""
        found = list(data)
        return super().to_representation(with_answers(found, answers_of(found)))


class OwnDecisionOut(serializers.ModelSerializer[Decision]):
    """One of my own verdicts."""

    title = serializers.CharField(source="record.title")
    reason_label = serializers.CharField(source="reason.label", allow_null=True, default=None)
    answers = serializers.SerializerMethodField(help_text="To the stage's question path.")

    class Meta:
        model = Decision
        list_serializer_class = OwnDecisions
        fields = (
            "id",
            "record",
            "title",
            "stage",
            "verdict",
            "reason",
            "reason_label",
            "comment",
            "criteria_version",
            "answers",
            "created_at",
        )

    @extend_schema_field(PathAnswerOut(many=True))
    def get_answers(self, decision: Decision) -> list[dict[str, Any]]:
        """The answers that led to the verdict, in the order of the path."""
        return list(PathAnswerOut(answers_to(decision), many=True).data)


class RulingOut(serializers.ModelSerializer[Adjudication]):
    """The ruling that settled a conflict."""

    adjudicator = serializers.CharField(
        source="adjudicator.user.name", allow_null=True, default=None
    )

    class Meta:
        model = Adjudication
        fields = (
            "id",
            "record",
            "stage",
            "verdict",
            "kind",
            "reason",
            "rationale",
            "adjudicator",
            "created_at",
        )


class NoteOut(serializers.ModelSerializer[Note]):
    """A note that I may see."""

    author = serializers.CharField(source="author.user.name")

    class Meta:
        model = Note
        fields = ("id", "body", "is_private", "author", "created_at")


class RecordTagOut(serializers.ModelSerializer[RecordTag]):
    """A tag on a record that I may see."""

    id = serializers.IntegerField(source="tag_id")
    label = serializers.CharField(source="tag.label")  # type: ignore[assignment]
    member = serializers.CharField(source="member.user.name")

    class Meta:
        model = RecordTag
        fields = ("id", "label", "member", "created_at")


class RecordOut(serializers.ModelSerializer[Record]):
    """A record with the team's status as the asking member may know it."""

    status = serializers.ChoiceField(
        source="seen_status", choices=[status.value for status in Status]
    )
    is_mine = serializers.BooleanField(help_text="Whether I have decided on it.")
    found_in = serializers.CharField(source="source.name")
    is_duplicate = serializers.BooleanField()
    is_removed = serializers.BooleanField(help_text="Removed before screening.")

    class Meta:
        model = Record
        fields = (
            "id",
            "title",
            "authors",
            "year",
            "venue",
            "doi",
            "pmid",
            "arxiv_id",
            "found_in",
            "status",
            "is_mine",
            "is_duplicate",
            "is_removed",
        )


class CardOut(serializers.Serializer[Card]):
    """One record with all that the asking member may see at the stage."""

    id = serializers.IntegerField(source="record.pk")
    title = serializers.CharField(source="shown.title")
    abstract = serializers.CharField(source="shown.abstract")
    authors = serializers.ListField(source="shown.authors", child=serializers.CharField())
    year = serializers.IntegerField(source="shown.year", allow_null=True)
    venue = serializers.CharField(source="shown.venue")
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    mine = DecisionOut(allow_null=True)
    others = DecisionOut(many=True)
    ruling = RulingOut(allow_null=True)
    notes = NoteOut(many=True)
    tags = RecordTagOut(many=True)

    def to_representation(self, card: Card) -> dict[str, Any]:
        """Write the card, with the answers that it holds already."""
        said = [*card.others] if card.mine is None else [card.mine, *card.others]
        with_answers(said, card.answers)
        return super().to_representation(card)


class CountsOut(serializers.Serializer[QueueCounts]):
    """My share of a stage and the team's state, as numbers."""

    to_decide = serializers.IntegerField()
    decided = serializers.IntegerField()
    maybes = serializers.IntegerField()
    awaiting_other = serializers.IntegerField()
    settled = serializers.IntegerField()
    total = serializers.IntegerField()
    after_pilot = serializers.IntegerField(
        help_text="Mine in the main round, which waits while a pilot round is on."
    )
