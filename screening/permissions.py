"""The guards. Who may not see a review gets 404; a member without the capability gets 403."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from screening.models import Membership, User
from screening.rules.roles import Capability

P = ParamSpec("P")
ReviewView = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]
SlugView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

REFUSALS = {
    Capability.MANAGE: "Only a lead may change this review.",
    Capability.IMPORT: "Only a lead may import records.",
    Capability.DEDUPLICATE: "Only leads and screeners may judge duplicates.",
    Capability.COMPLETE: "Only leads and screeners may look up what a record lacks.",
    Capability.SCREEN: "Only screeners may decide on records.",
    Capability.ADJUDICATE: "Only adjudicators may settle conflicts.",
    Capability.MANAGE_REPORTS: "Only leads, screeners and extractors may handle full texts.",
    Capability.EXTRACT: "Only extractors may extract data.",
    Capability.VERIFY: "Only leads, extractors and adjudicators may verify values.",
    Capability.RECONCILE: "Only leads and adjudicators may reconcile values.",
}


def require(membership: Membership, capability: Capability) -> None:
    """Ask whether a member may do something.

    Raises:
        PermissionDenied: With a sentence that says who may.
    """
    if not membership.can(capability):
        raise PermissionDenied(REFUSALS.get(capability, "You are not a member of this review."))


def membership_or_404(user: User, slug: str) -> Membership:
    """The person's active membership of the review with that slug.

    Raises:
        Http404: There is no such review, or the person is no active member of it: a stranger
            cannot tell the two apart.
    """
    found = (
        Membership.objects.active()
        .select_related("review", "user")
        .filter(user=user, review__slug=slug)
        .first()
    )
    if found is None:
        raise Http404("There is no such review.")
    return found


def review_view(capability: Capability) -> Callable[[ReviewView[P]], SlugView[...]]:
    """Turn `view(request, membership, ...)` into a view of `/r/<slug>/...` with its guard."""

    def decorate(view: ReviewView[P]) -> SlugView[...]:
        @wraps(view)
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            membership = membership_or_404(cast("User", request.user), slug)
            request.membership = membership  # type: ignore[attr-defined]  # read by navigation
            require(membership, capability)
            return view(request, membership, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]  # read by the URL table test
        return guarded

    return decorate
