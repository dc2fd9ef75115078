"""What the API of screening takes and gives about records and verdicts."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from screening.api.fields import Number, SmallNumber
from screening.models import Adjudication, Decision, Note, Record, RecordTag
from screening.rules.consensus import Status, Verdict
from screening.selectors.cards import Card
from screening.selectors.counts import QueueCounts
from screening.services.decisions import MAX_KEY, Answer


class DecisionIn(serializers.Serializer[Any]):
    """One verdict."""

    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    reason = Number(required=False, allow_null=True, default=None)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    seconds_spent = SmallNumber(required=False, allow_null=True, default=None)
    client_key = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_KEY, default=""
    )

    @staticmethod
    def answer(given: Mapping[str, Any]) -> Answer:
        """What the service takes."""
        values = dict(given)
        reason_id = values.pop("reason")
        return Answer(**values, reason_id=reason_id, origin=Decision.Origin.API)


class UndoIn(serializers.Serializer[Any]):
    """Which decision is meant, so that a request sent twice undoes once."""

    decision = Number(required=False, allow_null=True, default=None)


class DecisionOut(serializers.ModelSerializer[Any]):
    """A decision that the asking member may see; one in a pilot round looks the same."""

    reviewer = serializers.CharField(source="reviewer.user.name")
    undone_at = serializers.DateTimeField(allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = (
            "id",
            "record",
            "stage",
            "verdict",
            "reason",
            "comment",
            "reviewer",
            "created_at",
            "undone_at",
        )


class OwnDecisionOut(serializers.ModelSerializer[Decision]):
    """One of my own verdicts."""

    title = serializers.CharField(source="record.title")
    reason_label = serializers.CharField(source="reason.label", allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = (
            "id",
            "record",
            "title",
            "stage",
            "verdict",
            "reason",
            "reason_label",
            "comment",
            "created_at",
        )


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


class CountsOut(serializers.Serializer[QueueCounts]):
    """My share of a stage and the team's state, as numbers."""

    to_decide = serializers.IntegerField()
    decided = serializers.IntegerField()
    maybes = serializers.IntegerField()
    awaiting_other = serializers.IntegerField()
    settled = serializers.IntegerField()
    total = serializers.IntegerField()
