"""Removing a screener, with what it would do shown first."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from screening.forms.removal import RemovalForm
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.records import STAGE_WORDS
from screening.selectors.removal import removal_preview
from screening.services.removal import Fate, remove_screener


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def remove_member(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """What keeping, withdrawing or handing over would do; the choice removes the person."""
    member = get_object_or_404(Membership, pk=member_id, review=membership.review)
    form = RemovalForm(request.POST or None, member=member)
    if form.is_bound and form.is_valid():
        try:
            remove_screener(
                lead=membership,
                member=member,
                fate=Fate(form.cleaned_data["fate"]),
                successor=form.cleaned_data["successor"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{member} is removed. The history says what was done.")
            return redirect("screening:members", slug=membership.review.slug)
    preview = removal_preview(membership=membership, member=member)
    stages = [(STAGE_WORDS[one.stage], one) for one in preview.stages]
    context = {"member": member, "form": form, "preview": preview, "stages": stages}
    status = 400 if form.errors else 200
    return render(request, "screening/remove_member.html", context, status=status)
