"""Groups of members, and who should screen which records of a stage."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.members import members_named
from screening.models import (
    MemberGroup,
    ScreeningAssignment,
    Source,
    StageSettings,
    Tag,
)
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.assignments import AssignmentRow, assignment_or_404, assignments_of
from screening.selectors.groups import group_or_404, groups_of
from screening.selectors.stages import settings_of
from screening.services import assignments as services
from screening.services.groups import MAX_NAME, remove_group, save_group

MOST_PEOPLE = 1000
NAME: dict[str, Any] = {"max_length": 120}


class MemberGroupIn(serializers.Serializer[Any]):
    """A new group."""

    name = serializers.CharField(max_length=MAX_NAME)
    members = serializers.ListField(
        required=False, default=list, child=Number(), max_length=MOST_PEOPLE
    )


class MemberGroupPatchIn(serializers.Serializer[Any]):
    """Another name or all its members from now on; statuses follow by themselves."""

    name = serializers.CharField(required=False, max_length=MAX_NAME)
    members = serializers.ListField(required=False, child=Number(), max_length=MOST_PEOPLE)


class MemberGroupOut(serializers.ModelSerializer[MemberGroup]):
    """A group; a stage may need a verdict of somebody in it."""

    members: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    required_at: Any = serializers.SlugRelatedField("stage", many=True, read_only=True)

    class Meta:
        model = MemberGroup
        fields = ("id", "name", "members", "required_at")


class BatchIn(serializers.Serializer[Any]):
    """A named set of records, for each of these members."""

    name = serializers.CharField(**NAME)
    members = serializers.ListField(child=Number(), min_length=1, max_length=MOST_PEOPLE)
    source = Number(required=False, allow_null=True, default=None)  # type: ignore[assignment]
    tag = Number(required=False, allow_null=True, default=None)
    size = Number(
        required=False, allow_null=True, default=None, help_text="At random; all without it."
    )
    is_rest = serializers.BooleanField(
        required=False, default=True, help_text="Only records that are assigned to nobody."
    )


class ScreeningShareIn(serializers.Serializer[Any]):
    """How much one member gets."""

    member = Number()
    percent = serializers.IntegerField(min_value=1, max_value=100)


class SharesIn(serializers.Serializer[Any]):
    """Whole percents by member, 100 together."""

    name = serializers.CharField(**NAME)
    shares = ScreeningShareIn(many=True, allow_empty=False)


class ModeIn(serializers.Serializer[Any]):
    """Whether the queue heeds assignments: not at all, first, or only."""

    mode = serializers.ChoiceField(choices=StageSettings.Assigning.choices)


class ModeOut(serializers.Serializer[StageSettings]):
    """How far the queue heeds assignments."""

    mode = serializers.CharField(source="assigning")


class ReassignIn(serializers.Serializer[Any]):
    """Who takes over what is left."""

    to = Number()


class AssignedOut(serializers.ModelSerializer[ScreeningAssignment]):
    """An assignment."""

    class Meta:
        model = ScreeningAssignment
        fields = ("id", "stage", "name", "member", "created_at", "withdrawn_at")


class AssignmentProgressOut(serializers.Serializer[AssignmentRow]):
    """A standing assignment and how far it is: numbers, no verdict."""

    assignment = AssignedOut()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    left = serializers.IntegerField()
    has_left = serializers.BooleanField(help_text="Whether its member screens no more.")


class Groups(ReviewApi):
    """The groups of the review."""

    @endpoint(MemberGroupOut, many=True, needs=Capability.MANAGE)
    def get(self) -> list[MemberGroup]:
        """List the groups with their members."""
        return list(groups_of(self.membership))

    @endpoint(MemberGroupOut, takes=MemberGroupIn, status=201, needs=Capability.MANAGE)
    def post(self) -> MemberGroup:
        """Make a group."""
        members = members_named(self.review, self.given["members"], "members")
        return save_group(
            lead=self.membership, group=None, name=self.given["name"], members=members
        )


class OneGroup(ReviewApi):
    """One group."""

    @endpoint(MemberGroupOut, needs=Capability.MANAGE)
    def get(self, group_id: int) -> MemberGroup:
        """Show a group."""
        return group_or_404(self.membership, group_id)

    @endpoint(MemberGroupOut, takes=MemberGroupPatchIn, needs=Capability.MANAGE)
    def patch(self, group_id: int) -> MemberGroup:
        """Rename or fill a group."""
        group = group_or_404(self.membership, group_id)
        members = list(group.members.all())
        if "members" in self.given:
            members = members_named(self.review, self.given["members"], "members")
        return save_group(
            lead=self.membership,
            group=group,
            name=self.given.get("name", group.name),
            members=members,
        )

    @endpoint(needs=Capability.MANAGE)
    def delete(self, group_id: int) -> None:
        """Take a group away that no stage needs; its members stay."""
        remove_group(lead=self.membership, group=group_or_404(self.membership, group_id))


class Assignments(ReviewApi):
    """The standing assignments of a stage."""

    @endpoint(AssignmentProgressOut, many=True)
    def get(self, stage: Stage) -> list[AssignmentRow]:
        """List them with their progress; who does not lead is told only their own."""
        return list(assignments_of(membership=self.membership, stage=stage))

    @endpoint(AssignedOut, takes=BatchIn, status=201, many=True, needs=Capability.MANAGE)
    def post(self, stage: Stage) -> list[ScreeningAssignment]:
        """Assign a set of records to each of some members."""
        values = dict(self.given)
        members = members_named(self.review, values.pop("members"), "members")
        if values["source"] is not None:
            values["source"] = get_object_or_404(Source, pk=values["source"], review=self.review)
        if values["tag"] is not None:
            values["tag"] = get_object_or_404(Tag, pk=values["tag"], review=self.review)
        batch = services.Batch(**values)
        return services.assign_batch(
            lead=self.membership, stage=stage, members=members, batch=batch
        )


class Shares(ReviewApi):
    """What is assigned to nobody, shared out."""

    @endpoint(AssignedOut, takes=SharesIn, status=201, many=True, needs=Capability.MANAGE)
    def post(self, stage: Stage) -> list[ScreeningAssignment]:
        """Share out the records that nobody is assigned to and nobody has decided."""
        given = {one["member"]: one["percent"] for one in self.given["shares"]}
        members = members_named(self.review, list(given), "shares")
        return services.assign_shares(
            lead=self.membership,
            stage=stage,
            shares={member: given[member.pk] for member in members},
            name=self.given["name"],
        )


class Assigning(ReviewApi):
    """How far the queue of a stage heeds assignments."""

    @endpoint(ModeOut)
    def get(self, stage: Stage) -> StageSettings:
        """Say how records are handed out."""
        return settings_of(self.review, stage)

    @endpoint(ModeOut, takes=ModeIn, needs=Capability.MANAGE)
    def put(self, stage: Stage) -> StageSettings:
        """Hand records out this way from now on."""
        services.set_assigning(lead=self.membership, stage=stage, mode=self.given["mode"])
        return settings_of(self.review, stage)


class OneAssignment(ReviewApi):
    """One assignment."""

    @endpoint(needs=Capability.MANAGE)
    def delete(self, screening_assignment_id: int) -> None:
        """Withdraw it; what its member has decided stays."""
        found = assignment_or_404(self.membership, screening_assignment_id)
        services.withdraw_assignment(lead=self.membership, assignment=found)


class Reassign(ReviewApi):
    """What is left of an assignment, handed on."""

    @endpoint(
        AssignedOut,
        takes=ReassignIn,
        status=201,
        needs=Capability.MANAGE,
        may_be_empty=True,
    )
    def post(self, screening_assignment_id: int) -> ScreeningAssignment | None:
        """Hand it to somebody else; no content when nothing was left for them."""
        found = assignment_or_404(self.membership, screening_assignment_id)
        to = members_named(self.review, [self.given["to"]], "to")[0]
        return services.reassign(lead=self.membership, assignment=found, to=to)
