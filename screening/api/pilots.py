"""Pilot rounds: started, followed, ended, and what was said in them as far as one may see it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.labels import MessageIn, MessageOut
from screening.api.serializers import DecisionOut, with_answers
from screening.models import DiscussionMessage, Pilot
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.pilot_results import PilotRow, pilot_rows, pilot_thread
from screening.selectors.pilots import PersonInPilot, people_in, pilot_or_404, pilots_of
from screening.selectors.records import record_or_404
from screening.services import pilots as services
from screening.services.discussion import say

MAX_SEED = 2**63 - 1


class PilotIn(serializers.Serializer[Any]):
    """A new round: so many records drawn, or these ones."""

    size = serializers.IntegerField(
        required=False, default=20, min_value=1, max_value=services.MOST
    )
    records = serializers.ListField(
        required=False,
        default=list,
        child=Number(),
        max_length=services.MOST,
        help_text="Numbers of records to take instead of drawing some.",
    )
    is_counted = serializers.BooleanField(
        required=False, default=False, help_text="Its verdicts go on into the main round."
    )
    is_held = serializers.BooleanField(
        required=False, default=True, help_text="The main round waits until a lead opens it."
    )
    seed = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MAX_SEED,
        help_text="Draws the same records again from the same ones.",
    )


class PilotOut(serializers.ModelSerializer[Pilot]):
    """A pilot round."""

    started_by = serializers.CharField(source="started_by.user.name")
    is_running = serializers.BooleanField()

    class Meta:
        model = Pilot
        fields = (
            "id",
            "stage",
            "number",
            "is_counted",
            "is_held",
            "seed",
            "started_by",
            "started_at",
            "ended_at",
            "closed_at",
            "is_running",
        )


class PersonOut(serializers.Serializer[PersonInPilot]):
    """How far somebody is in a round."""

    member = serializers.IntegerField(source="member.pk")
    name = serializers.CharField(source="member.user.name")
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class PilotRowOut(serializers.Serializer[PilotRow]):
    """A record of a round with the verdicts that I may see."""

    record = serializers.IntegerField(source="record.pk")
    title = serializers.CharField(source="record.title")
    is_open = serializers.BooleanField(help_text="Whether I see what others said.")
    differs = serializers.BooleanField(help_text="Whether the verdicts that I see differ.")
    decisions = serializers.SerializerMethodField()

    @extend_schema_field(DecisionOut(many=True))
    def get_decisions(self, row: PilotRow) -> list[dict[str, Any]]:
        """My verdict, and others' once they are open to me."""
        return list(DecisionOut(with_answers(row.decisions, row.answers), many=True).data)


class Pilots(ReviewApi):
    """The pilot rounds of a stage."""

    @endpoint(PilotOut, many=True)
    def get(self, stage: Stage) -> list[Pilot]:
        """List the rounds, newest first."""
        return list(pilots_of(membership=self.membership, stage=stage))

    @endpoint(PilotOut, takes=PilotIn, status=201, needs=Capability.MANAGE)
    def post(self, stage: Stage) -> Pilot:
        """Hand the same records to every screener until all have decided."""
        values = dict(self.given)
        plan = services.PilotPlan(chosen=values.pop("records"), **values)
        return services.start_pilot(lead=self.membership, stage=stage, plan=plan)


class OnePilot(ReviewApi):
    """One round."""

    @endpoint(PilotOut)
    def get(self, pilot_id: int) -> Pilot:
        """Show a round."""
        return pilot_or_404(self.membership, pilot_id)


class PilotPeople(ReviewApi):
    """Who decides in a round."""

    @endpoint(PersonOut, many=True)
    def get(self, pilot_id: int) -> list[PersonInPilot]:
        """Say how far everybody is; who does not lead is told only their own."""
        people = people_in(pilot_or_404(self.membership, pilot_id))
        leads = self.membership.can(Capability.MANAGE)
        return [one for one in people if leads or one.member.pk == self.membership.pk]


class PilotRecords(ReviewApi):
    """The records of a round."""

    @endpoint(PilotRowOut, many=True)
    def get(self, pilot_id: int) -> list[PilotRow]:
        """List the records; others' verdicts once the round has ended and they are open to me."""
        pilot = pilot_or_404(self.membership, pilot_id)
        return pilot_rows(membership=self.membership, pilot=pilot)


class PilotTalk(ReviewApi):
    """The talk about a record of a round, once its verdicts are open to me."""

    @endpoint(MessageOut, many=True)
    def get(self, pilot_id: int, record_id: int) -> list[DiscussionMessage]:
        """List the messages; none while the verdicts are hidden from me."""
        pilot = pilot_or_404(self.membership, pilot_id)
        record = record_or_404(self.membership, record_id)
        return list(pilot_thread(membership=self.membership, pilot=pilot, record=record))

    @endpoint(MessageOut, takes=MessageIn, status=201)
    def post(self, pilot_id: int, record_id: int) -> DiscussionMessage:
        """Say something to those who may see the verdicts."""
        pilot = pilot_or_404(self.membership, pilot_id)
        return say(
            membership=self.membership,
            record=record_or_404(self.membership, record_id),
            stage=Stage(pilot.stage),
            body=self.given["body"],
            pilot=pilot,
        )


class EndPilot(ReviewApi):
    """The end of a round."""

    @endpoint(PilotOut, needs=Capability.MANAGE)
    def post(self, pilot_id: int) -> Pilot:
        """End the round before everybody has decided; ending it twice changes nothing."""
        pilot = pilot_or_404(self.membership, pilot_id)
        return services.end_pilot(lead=self.membership, pilot=pilot)


class OpenMainRound(ReviewApi):
    """The main round after a pilot."""

    @endpoint(PilotOut, needs=Capability.MANAGE)
    def post(self, pilot_id: int) -> Pilot:
        """Let the main round of the stage go on."""
        pilot = pilot_or_404(self.membership, pilot_id)
        return services.open_main_round(lead=self.membership, pilot=pilot)
