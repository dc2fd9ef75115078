"""Numbers from before the import: declared and withdrawn by the lead, shown on the PRISMA page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.declared import DeclareForm
from screening.models import DeclaredRemoval, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services.declared import declare_removal, withdraw_removal


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def declare(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Declare how many records of a source were removed before the import."""
    sent = request.POST if request.method == "POST" else None
    form = DeclareForm(sent, review=membership.review)
    if sent is not None and form.is_valid():
        try:
            declare_removal(
                membership=membership, source=form.cleaned_data["source"], facts=form.facts()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The number is declared and counted in the flow.")
            return redirect("analytics:prisma", slug=membership.review.slug)
    status = 400 if sent is not None else 200
    return render(request, "screening/declare_removal.html", {"form": form}, status=status)


@require_POST
@review_view(Capability.MANAGE)
def withdraw(request: HttpRequest, membership: Membership, declared_id: int) -> HttpResponse:
    """Take a declared number back."""
    declared = get_object_or_404(DeclaredRemoval, pk=declared_id, source__review=membership.review)
    try:
        withdraw_removal(membership=membership, declared=declared)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The number is withdrawn.")
    return redirect("analytics:prisma", slug=membership.review.slug)
