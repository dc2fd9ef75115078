"""The overview of a review: where it stands and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.overview import overview_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Numbers that open their rows, and the first steps of an empty review."""
    context = {
        "overview": overview_of(membership=membership),
        "is_managing": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/overview.html", context)
