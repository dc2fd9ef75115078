"""The members of a review and their invitations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from screening.forms.people import ROLE_CHOICES, InvitationForm, RolesForm
from screening.models import Invitation, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services import people


@require_safe
@review_view(Capability.VIEW)
def members(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Who works on the review; a lead also sees open invitations."""
    return _page(request, membership, InvitationForm())


def _page(
    request: HttpRequest, membership: Membership, form: InvitationForm, link: str = ""
) -> HttpResponse:
    review = membership.review
    everybody = review.memberships.select_related("user").order_by("deactivated_at", "user__name")
    context = {
        "members": everybody,
        "is_managing": membership.can(Capability.MANAGE),
        "invitations": [
            invitation
            for invitation in review.invitations.select_related("created_by").order_by("-pk")
            if invitation.is_open
        ],
        "form": form,
        "link": link,
        "role_choices": ROLE_CHOICES,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "screening/members.html", context, status=status)


@require_POST
@review_view(Capability.MANAGE)
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make an invitation and show its link once."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form)
    _, token = people.invite(
        lead=membership, roles=form.chosen_roles(), email=form.cleaned_data["email"]
    )
    link = request.build_absolute_uri(reverse("screening:invitation", kwargs={"token": token}))
    return _page(request, membership, InvitationForm(), link)


@require_POST
@review_view(Capability.MANAGE)
def revoke_invitation(
    request: HttpRequest, membership: Membership, invitation_id: int
) -> HttpResponse:
    """Make an open invitation worthless."""
    invitation = get_object_or_404(Invitation, pk=invitation_id, review=membership.review)
    try:
        people.revoke_invitation(lead=membership, invitation=invitation)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("screening:members", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def change_member(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Change a member's roles, close or reopen the member's way in."""
    member = get_object_or_404(Membership, pk=member_id, review=membership.review)
    try:
        _apply(request, membership, member)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("screening:members", slug=membership.review.slug)


def _apply(request: HttpRequest, lead: Membership, member: Membership) -> None:
    action = request.POST.get("action")
    if action == "deactivate":
        people.deactivate_member(lead=lead, member=member)
        messages.success(
            request,
            f"{member.user.name} can no longer open the review. What was done stays and counts.",
        )
    elif action == "reactivate":
        people.reactivate_member(lead=lead, member=member)
        messages.success(
            request, f"{member.user.name} can open the review again, with the roles as before."
        )
    else:
        form = RolesForm(request.POST)
        if not form.is_valid():
            raise ValidationError(list(form.errors["roles"]))
        people.change_roles(lead=lead, member=member, roles=form.chosen_roles())
        messages.success(request, f"The roles of {member.user.name} are changed.")
