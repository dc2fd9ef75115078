"""What the API of screening takes and gives."""

from typing import Any

from rest_framework import serializers

from screening.models import Decision, Record
from screening.rules.consensus import Status, Verdict
from screening.selectors.cards import Card
from screening.services.decisions import MAX_KEY, Answer


class DecisionIn(serializers.Serializer[Any]):
    """One verdict."""

    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    reason = serializers.IntegerField(required=False, allow_null=True, default=None)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    seconds_spent = serializers.IntegerField(required=False, allow_null=True, default=None)
    client_key = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_KEY, default=""
    )

    def answer(self) -> Answer:
        """What the service takes."""
        values = dict(self.validated_data)
        return Answer(**values | {"reason_id": values.pop("reason")}, origin=Decision.Origin.API)


class UndoIn(serializers.Serializer[Any]):
    """Which decision is meant, so that a request sent twice undoes once."""

    decision = serializers.IntegerField(required=False, allow_null=True, default=None)


class DecisionOut(serializers.ModelSerializer[Decision]):
    """A decision that the asking member may see."""

    reviewer = serializers.CharField(source="reviewer.user.name")

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


class RecordOut(serializers.ModelSerializer[Record]):
    """A record with the team's status as the asking member may know it."""

    status = serializers.ChoiceField(
        source="seen_status", choices=[status.value for status in Status]
    )
    is_mine = serializers.BooleanField(help_text="Whether I have decided on it.")
    found_in = serializers.CharField(source="source.name")

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
