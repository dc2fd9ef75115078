"""The overview of a review: where it stands and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.overview import overview_of
from analytics.selectors.waiting import waiting, waiting_places
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def overview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Numbers that open their rows, and the first steps of an empty review."""
    context = {
        "overview": overview_of(membership=membership),
        "waiting": waiting(membership=membership),
        "is_managing": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/overview.html", context)


@require_safe
@review_view(Capability.VIEW)
def waiting_counts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The counts beside the navigation, fetched after the page so that no page waits for them."""
    places = waiting_places(membership=membership)
    return render(request, "analytics/_waiting.html", {"places": places})
