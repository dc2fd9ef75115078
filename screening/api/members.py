"""Members, invitations and the audit trail of a review."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import exceptions, serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.pages import PageQuery
from screening.models import AuditEvent, Invitation, Membership, Review
from screening.rules.roles import Capability, Role
from screening.selectors.audit import AuditFilters, Chain, audit_of, check_chain
from screening.selectors.removal import RemovalPreview, removal_preview
from screening.services import people
from screening.services.removal import Fate, Removed, remove_screener

ROLES = [role.value for role in Role]


def members_named(review: Review, ids: Sequence[int], field: str) -> list[Membership]:
    """Members of the review by their numbers, in their order.

    Raises:
        ValidationError: One is not there; it is said of the field.
    """
    found = Membership.objects.filter(review=review, pk__in=ids).select_related("user")
    by_id = {member.pk: member for member in found}
    missing = [pk for pk in ids if pk not in by_id]
    if missing:
        raise exceptions.ValidationError({field: [f"There is no member {missing[0]}."]})
    return [by_id[pk] for pk in dict.fromkeys(ids)]


class RolesIn(serializers.Serializer[Any]):
    """What a member is."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ROLES), min_length=1, max_length=len(ROLES)
    )


class InvitationIn(RolesIn):
    """An invitation by link."""

    email = serializers.EmailField(
        required=False, allow_blank=True, default="", help_text="Only this person can use the link."
    )


class MemberOut(serializers.ModelSerializer[Membership]):
    """A member. A lead sees the addresses too."""

    name = serializers.CharField(source="user.name")
    email = serializers.SerializerMethodField()
    roles = serializers.ListField(
        source="ordered_roles", child=serializers.ChoiceField(choices=ROLES)
    )
    is_active = serializers.BooleanField()

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "roles", "is_active", "joined_at", "deactivated_at")

    def get_email(self, member: Membership) -> str | None:
        """The address, if the asking member may know it."""
        return member.user.email if getattr(member, "shows_email", False) else None


class InvitationOut(serializers.ModelSerializer[Invitation]):
    """An invitation; the link is given once, when it is made."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES))
    link = serializers.SerializerMethodField()
    is_open = serializers.BooleanField()

    class Meta:
        model = Invitation
        fields = ("id", "email", "roles", "created_at", "expires_at", "is_open", "link")

    def get_link(self, invitation: Invitation) -> str | None:
        """Where to join; null later, since it is not stored."""
        return getattr(invitation, "link", None)


class RemovalIn(serializers.Serializer[Any]):
    """What becomes of the verdicts of a removed screener."""

    fate = serializers.ChoiceField(choices=[fate.value for fate in Fate])
    successor = Number(required=False, allow_null=True, default=None, help_text="To hand over to.")


class StageWorkOut(serializers.Serializer[Any]):
    """What a person did at a stage, and what withdrawing it would do."""

    stage = serializers.CharField()
    decisions = serializers.IntegerField()
    rulings = serializers.IntegerField()
    reopened = serializers.IntegerField()
    altered = serializers.IntegerField()


class RemovalPreviewOut(serializers.Serializer[RemovalPreview]):
    """What removing would do; nothing is written."""

    stages = StageWorkOut(many=True)


class RemovedOut(serializers.Serializer[Removed]):
    """Which verdicts and rulings were touched, and which left as they were."""

    decisions = serializers.ListField(child=serializers.IntegerField())
    rulings = serializers.ListField(child=serializers.IntegerField())
    left = serializers.ListField(child=serializers.IntegerField())


class AuditQuery(PageQuery):
    """Which events."""

    target_type = serializers.CharField(
        required=False, max_length=60, help_text="For example screening.membership."
    )
    target_id = serializers.CharField(required=False, max_length=40)
    action = serializers.CharField(
        required=False, max_length=60, help_text="For example member.joined, or member for all."
    )
    actor = Number(required=False, help_text="Number of the member who did it.")
    since = serializers.DateTimeField(required=False, help_text="From this moment on.")
    before = serializers.DateTimeField(required=False, help_text="Before this moment.")


class ChainOut(serializers.Serializer[Chain]):
    """What computing every hash of the trail anew found."""

    is_whole = serializers.BooleanField()
    events = serializers.IntegerField(help_text="How many were checked.")
    last = serializers.IntegerField(allow_null=True, help_text="The number of the last one.")
    redacted = serializers.IntegerField(help_text="Out of how many a person was taken.")
    broken = serializers.ListField(
        child=serializers.IntegerField(), help_text="The first events that do not fit."
    )


class AuditOut(serializers.ModelSerializer[AuditEvent]):
    """Who did what when, from which state to which."""

    actor = serializers.CharField(source="actor.name", allow_null=True, default=None)
    before = serializers.DictField()
    after = serializers.DictField()

    class Meta:
        model = AuditEvent
        fields = (
            "id",
            "actor",
            "action",
            "target_type",
            "target_id",
            "before",
            "after",
            "created_at",
            "previous_hash",
            "hash",
        )


class MemberApi(ReviewApi):
    """What endpoints of members share."""

    def shown(self, member: Membership) -> Membership:
        """The member, with the address for a lead."""
        member.shows_email = self.membership.can(Capability.MANAGE)  # type: ignore[attr-defined]
        return member

    def member(self, member_id: int) -> Membership:
        """A member of the review."""
        rows = Membership.objects.select_related("user", "review")
        return get_object_or_404(rows, pk=member_id, review=self.review)


class Members(MemberApi):
    """Who works on the review."""

    @endpoint(MemberOut, many=True)
    def get(self) -> list[Membership]:
        """List everybody, former members too."""
        rows = self.review.memberships.select_related("user").order_by("pk")
        return [self.shown(member) for member in rows]


class Member(MemberApi):
    """One member."""

    @endpoint(MemberOut)
    def get(self, member_id: int) -> Membership:
        """Show a member."""
        return self.shown(self.member(member_id))

    @endpoint(MemberOut, takes=RolesIn, needs=Capability.MANAGE)
    def patch(self, member_id: int) -> Membership:
        """Set what a member is; takes effect with their next request."""
        member = self.member(member_id)
        roles = [Role(role) for role in self.given["roles"]]
        people.change_roles(lead=self.membership, member=member, roles=roles)
        return self.shown(member)


class Deactivate(MemberApi):
    """A member's way in, closed."""

    @endpoint(MemberOut, needs=Capability.MANAGE)
    def post(self, member_id: int) -> Membership:
        """Close a member's way in; what they did stays and counts."""
        member = self.member(member_id)
        people.deactivate_member(lead=self.membership, member=member)
        return self.shown(member)


class Reactivate(MemberApi):
    """A member's way in, opened again."""

    @endpoint(MemberOut, needs=Capability.MANAGE)
    def post(self, member_id: int) -> Membership:
        """Let a former member in again."""
        member = self.member(member_id)
        people.reactivate_member(lead=self.membership, member=member)
        return self.shown(member)


class Removal(MemberApi):
    """Removing a screener."""

    @endpoint(RemovalPreviewOut, needs=Capability.MANAGE)
    def get(self, member_id: int) -> RemovalPreview:
        """Say what removing would do."""
        return removal_preview(membership=self.membership, member=self.member(member_id))

    @endpoint(RemovedOut, takes=RemovalIn, needs=Capability.MANAGE)
    def post(self, member_id: int) -> Removed:
        """Remove a screener; the verdicts are kept, withdrawn or handed over."""
        successor = self.given["successor"]
        return remove_screener(
            lead=self.membership,
            member=self.member(member_id),
            fate=Fate(self.given["fate"]),
            successor=self.member(successor) if successor else None,
        )


class Invitations(ReviewApi):
    """Links that make their holders members."""

    @endpoint(InvitationOut, many=True, needs=Capability.MANAGE)
    def get(self) -> QuerySet[Invitation]:
        """List the invitations, newest first."""
        return self.review.invitations.all()

    @endpoint(InvitationOut, takes=InvitationIn, status=201, needs=Capability.MANAGE)
    def post(self) -> Invitation:
        """Make a link that works once within 14 days; it is told only now."""
        roles = [Role(role) for role in self.given["roles"]]
        invitation, token = people.invite(
            lead=self.membership, roles=roles, email=self.given["email"]
        )
        address = reverse("screening:invitation", kwargs={"token": token})
        invitation.link = self.request.build_absolute_uri(address)  # type: ignore[attr-defined]
        return invitation


class OneInvitation(ReviewApi):
    """One invitation."""

    @endpoint(needs=Capability.MANAGE)
    def delete(self, invitation_id: int) -> None:
        """Revoke an unused link."""
        invitation = get_object_or_404(Invitation, pk=invitation_id, review=self.review)
        people.revoke_invitation(lead=self.membership, invitation=invitation)


class Audit(ReviewApi):
    """The audit trail."""

    @endpoint(AuditOut, many=True, asks=AuditQuery, needs=Capability.MANAGE)
    def get(self) -> QuerySet[AuditEvent]:
        """List the events, newest first; while a stage is blinded, without others' on records."""
        targets = ("target_type", "target_id")
        wanted = {name: self.asked[name] for name in targets if name in self.asked}
        names = ("action", "since", "before")
        asked: dict[str, Any] = {name: self.asked[name] for name in names if name in self.asked}
        if "actor" in self.asked:
            asked["actor"] = self._person(self.asked["actor"])
        events = audit_of(membership=self.membership, filters=AuditFilters(**asked))
        return events.filter(**wanted)

    def _person(self, member_id: int) -> int:
        member = get_object_or_404(Membership, pk=member_id, review=self.review)
        return member.user_id


class AuditChain(ReviewApi):
    """Whether the trail is what it was when it was written."""

    @endpoint(ChainOut, needs=Capability.MANAGE)
    def get(self) -> Chain:
        """Compute the hash of every event anew and follow it to the next."""
        return check_chain(review=self.review)
