"""The versions of the criteria: who changed them, when and why."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.pilots import CriteriaForm
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.criteria import criteria_versions
from screening.services.criteria import revise_criteria


@require_safe
@review_view(Capability.VIEW)
def criteria(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every version, the newest first; a lead revises them here."""
    present = {"criteria": membership.review.inclusion_criteria}
    return _page(request, membership, CriteriaForm(initial=present))


@require_POST
@review_view(Capability.MANAGE)
def revise(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a new version of the criteria."""
    form = CriteriaForm(request.POST)
    if form.is_valid():
        before = membership.review.criteria_version
        values = form.cleaned_data
        try:
            review = revise_criteria(
                lead=membership, criteria=values["criteria"], note=values["note"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if review.criteria_version == before and membership.review.inclusion_criteria:
                messages.info(request, "These are the present criteria; nothing has changed.")
            else:
                messages.success(request, f"Version {review.criteria_version} holds from now on.")
            return redirect("screening:criteria", slug=membership.review.slug)
    return _page(request, membership, form, status=400)


def _page(
    request: HttpRequest, membership: Membership, form: CriteriaForm, status: int = 200
) -> HttpResponse:
    context = {
        "versions": criteria_versions(membership.review),
        "form": form if membership.can(Capability.MANAGE) else None,
    }
    return render(request, "screening/criteria.html", context, status=status)
