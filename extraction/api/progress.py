"""How far extraction is, and freeing the places of a person."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from extraction.selectors.progress import ExtractionProgress, PersonProgress, extraction_progress
from extraction.selectors.proof import plotted_proof
from extraction.services.assignments import withdraw_person
from screening.api.base import ReviewApi, endpoint
from screening.models import Membership
from screening.rules.roles import Capability


class ExtractorProgressOut(serializers.Serializer[PersonProgress]):
    """What one person is named for and has done."""

    member = serializers.IntegerField(source="member.pk")
    name = serializers.CharField(source="member.user.name")
    named = serializers.IntegerField()
    not_begun = serializers.IntegerField()
    drafts = serializers.IntegerField()
    submitted = serializers.IntegerField()
    reopened = serializers.IntegerField()
    to_settle = serializers.IntegerField()
    settled = serializers.IntegerField()


class PlottedProofOut(serializers.Serializer[Any]):
    """Of the values that tables and figures take, how many have page and quote."""

    values = serializers.IntegerField()
    proven = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)


class StateCountOut(serializers.Serializer[Any]):
    """How many studies stand where."""

    state = serializers.CharField()
    studies = serializers.IntegerField()


class ExtractionProgressOut(serializers.Serializer[ExtractionProgress]):
    """Studies by state, and the people: a lead reads of everybody, others of themselves."""

    total = serializers.IntegerField()
    states = serializers.SerializerMethodField()
    people = ExtractorProgressOut(many=True)
    proof = PlottedProofOut(allow_null=True, source="plotted")

    @extend_schema_field(StateCountOut(many=True))
    def get_states(self, found: Any) -> list[dict[str, Any]]:
        """Every state with its number of studies."""
        return [{"state": one.key, "studies": count} for one, count in found["states"].items()]


class FreedOut(serializers.Serializer[Any]):
    """How many places are free again."""

    freed = serializers.IntegerField()


class Progress(ReviewApi):
    """How far the team is."""

    @endpoint(ExtractionProgressOut)
    def get(self) -> dict[str, Any]:
        """Count the studies by state, the work by person, and the values that are proven."""
        found = extraction_progress(self.membership)
        return {
            "total": found.total,
            "states": found.states,
            "people": found.people,
            "plotted": plotted_proof(self.review),
        }


class WithdrawPerson(ReviewApi):
    """Everything that a person is named for."""

    @endpoint(FreedOut, needs=Capability.MANAGE)
    def post(self, member_id: int) -> dict[str, int]:
        """Take back what the person is named for and has not begun."""
        people = Membership.objects.select_related("user", "review")
        member = get_object_or_404(people, pk=member_id, review=self.review)
        return {"freed": withdraw_person(membership=self.membership, member=member)}
