"""How far and how fast a stage is: my own and the team's; per person for a lead only."""

from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.serializers import CountsOut
from screening.models import Membership
from screening.rules.consensus import Stage, Status
from screening.rules.pace import Pace
from screening.rules.roles import Capability
from screening.selectors.progress import (
    StageProgress,
    people_paces,
    people_progress,
    stage_progress,
)


class PaceOut(serializers.Serializer[Pace]):
    """How fast verdicts come; null where too few were given to tell."""

    left = serializers.IntegerField(help_text="Verdicts that are left.")
    per_hour = serializers.FloatField(allow_null=True, help_text="In an hour of work.")
    per_day = serializers.FloatField(allow_null=True, help_text="Over the last two weeks.")
    hours_left = serializers.FloatField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class PersonProgressOut(serializers.Serializer[Membership]):
    """How many records somebody decided, and how fast; never what."""

    member = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="user.name")
    decided = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    per_hour = serializers.FloatField(allow_null=True)


class ProgressOut(serializers.Serializer[StageProgress]):
    """A stage's progress as I may know it."""

    team = serializers.DictField(
        source="team.counts",
        child=serializers.IntegerField(),
        help_text=f"Records by status: {', '.join(status.value for status in Status)}.",
    )
    own = CountsOut()
    own_pace = PaceOut()
    team_pace = PaceOut()
    conflicts = serializers.IntegerField(help_text="Open conflicts that I may see.")


class Progress(ReviewApi):
    """How far a stage is."""

    @endpoint(ProgressOut)
    def get(self, stage: Stage) -> StageProgress:
        """Give numbers only; while a stage is blinded, only conflicts of mine are told apart."""
        return stage_progress(membership=self.membership, stage=stage)


class PeopleProgress(ReviewApi):
    """How far each person is."""

    @endpoint(PersonProgressOut, many=True, needs=Capability.MANAGE)
    def get(self, stage: Stage) -> list[Membership]:
        """Say of each screener how many records they decided, and how fast."""
        people = people_progress(membership=self.membership, stage=stage)
        paces = people_paces(membership=self.membership, stage=stage)
        for person in people:
            pace = paces.get(person.pk)
            person.per_hour = pace.per_hour if pace else None  # type: ignore[attr-defined]
        return list(people)
