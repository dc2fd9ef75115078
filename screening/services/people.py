"""Writes about people: reviews, invitations, members."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from screening.models import AuditEvent, Invitation, Membership, Review, StageSettings, User
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability, Role
from screening.services.pilots import end_pilots_without_more

INVITATION_LIFE = timedelta(days=14)


@transaction.atomic
def create_review(*, creator: User, title: str, question: str = "", slug: str = "") -> Review:
    """Make a review whose creator leads it, with the settings of both stages.

    Raises:
        ValidationError: The title is empty or the given slug is taken.
    """
    review = Review(title=title.strip(), question=question, slug=slug or free_slug(title))
    review.full_clean()
    review.save()
    for stage in Stage:
        is_first = stage == Stage.TITLE_ABSTRACT
        StageSettings.objects.create(
            review=review, stage=stage, is_maybe_allowed=is_first, is_reason_required=not is_first
        )
    Membership.objects.create(review=review, user=creator, is_lead=True, is_screener=True)
    AuditEvent.objects.append(
        action="review.created", target=review, review=review, actor=creator, after={"title": title}
    )
    return review


def free_slug(title: str) -> str:
    """An address made of the title that no review has yet."""
    base = slugify(title)[:70] or "review"
    taken = set(Review.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def hash_of(token: str) -> str:
    """What is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, lead: Membership, roles: Collection[Role], email: str = "") -> tuple[Invitation, str]:
    """Make a link that makes its holder a member once within 14 days.

    Returns:
        The invitation and its token, which is shown once and never stored.

    Raises:
        PermissionDenied: The member may not manage the review.
        ValidationError: No role is named.
    """
    require(lead, Capability.MANAGE)
    if not roles:
        raise ValidationError("Choose at least one role.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        review=lead.review,
        token_hash=hash_of(token),
        email=email.strip().lower(),
        roles=sorted(role.value for role in roles),
        created_by=lead.user,
        expires_at=timezone.now() + INVITATION_LIFE,
    )
    invitation.full_clean()
    invitation.save()
    AuditEvent.objects.append(
        action="member.invited",
        target=invitation,
        review=lead.review,
        actor=lead.user,
        after={"roles": invitation.roles, "email": invitation.email},
    )
    return invitation, token


@transaction.atomic
def revoke_invitation(*, lead: Membership, invitation: Invitation) -> None:
    """Make an unused link worthless."""
    require(lead, Capability.MANAGE)
    if invitation.review_id != lead.review_id or not invitation.is_open:
        raise ValidationError("This invitation was used, has expired or was revoked already.")
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    AuditEvent.objects.append(
        action="invitation.revoked", target=invitation, review=lead.review, actor=lead.user
    )


@transaction.atomic
def accept_invitation(*, user: User, token: str) -> Membership:
    """Make the person a member with the invitation's roles; a former member comes back.

    Raises:
        ValidationError: The link is unknown, used, expired, revoked or meant for another email.
    """
    invitation = (
        Invitation.objects.select_for_update()
        .select_related("review")
        .filter(token_hash=hash_of(token))
        .first()
    )
    if invitation is None or not invitation.is_open:
        raise ValidationError("This invitation was used, has expired or was revoked.")
    if invitation.review.is_read_only:
        raise ValidationError(
            "This review is archived or about to be deleted, so nobody can join it now. "
            "Ask a lead to reopen it; the link goes on working until it expires."
        )
    if invitation.email and invitation.email != user.email:
        raise ValidationError(f"This invitation is for {invitation.email}. Sign in as that person.")
    flags = {f"is_{role}": True for role in invitation.roles}
    membership, is_new = Membership.objects.get_or_create(
        review=invitation.review, user=user, defaults=flags
    )
    if not is_new:
        for flag in flags:
            setattr(membership, flag, True)
        membership.deactivated_at = None
        membership.save()
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    AuditEvent.objects.append(
        action="member.joined",
        target=membership,
        review=invitation.review,
        actor=user,
        after={"roles": sorted(membership.roles)},
    )
    return membership


@transaction.atomic
def create_invited_user(*, token: str, email: str, name: str, password: str) -> Membership:
    """Make an account for the holder of an invitation and let it join, both or neither.

    Raises:
        ValidationError: The email has an account already, or the invitation does not work.
    """
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ValidationError("There is an account with this email already. Sign in first.")
    user = User.objects.create_user(email, password, name=name)
    return accept_invitation(user=user, token=token)


@transaction.atomic
def change_roles(*, lead: Membership, member: Membership, roles: Collection[Role]) -> None:
    """Set what a member is; takes effect with their next request.

    Raises:
        ValidationError: No role is named, or the review would be left without a lead.
    """
    require(lead, Capability.MANAGE)
    if not roles:
        raise ValidationError("A member has at least one role. Deactivate the member instead.")
    same_review(lead, member)
    if Role.LEAD not in roles:
        keep_a_lead(member)
    before = sorted(member.roles)
    for role in Role:
        setattr(member, f"is_{role.value}", role in roles)
    member.save()
    end_pilots_without_more(member.review)
    AuditEvent.objects.append(
        action="member.roles_changed",
        target=member,
        review=lead.review,
        actor=lead.user,
        before={"roles": before},
        after={"roles": sorted(member.roles)},
    )


@transaction.atomic
def deactivate_member(*, lead: Membership, member: Membership) -> None:
    """Close a member's way in; everything the person did stays as it is and goes on counting.

    Raises:
        ValidationError: The review would be left without a lead.
    """
    require(lead, Capability.MANAGE)
    same_review(lead, member)
    keep_a_lead(member)
    member.deactivated_at = timezone.now()
    member.save(update_fields=["deactivated_at"])
    member.leases.all().delete()
    end_pilots_without_more(member.review)
    AuditEvent.objects.append(
        action="member.deactivated", target=member, review=lead.review, actor=lead.user
    )


@transaction.atomic
def reactivate_member(*, lead: Membership, member: Membership) -> None:
    """Open a former member's way in again."""
    require(lead, Capability.MANAGE)
    same_review(lead, member)
    member.deactivated_at = None
    member.save(update_fields=["deactivated_at"])
    AuditEvent.objects.append(
        action="member.reactivated", target=member, review=lead.review, actor=lead.user
    )


def same_review(lead: Membership, member: Membership) -> None:
    """Refuse somebody who is no member of the lead's review."""
    if lead.review_id != member.review_id:
        raise ValidationError("This person is not a member of the review.")


def keep_a_lead(leaving: Membership) -> None:
    """Refuse to let the last lead go."""
    leads = Membership.objects.active().filter(review=leaving.review_id, is_lead=True)
    if leaving.is_lead and not leads.exclude(pk=leaving.pk).exists():
        raise ValidationError("A review needs a lead. Make somebody else a lead first.")
