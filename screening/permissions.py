"""The guards. Who may not see a review gets 404; a member without the capability gets 403.

A member of whom a second factor is asked and who has none is let into nothing but their account.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from screening.models import Membership, Review, SecondFactor, User
from screening.models.people import MembershipQuerySet, ReviewQuerySet
from screening.rules.one_look import one_look
from screening.rules.roles import Capability, Role

P = ParamSpec("P")
ReviewView = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]
SlugView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

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


READING = frozenset({Capability.EXPORT})  # changes nothing of the review, whatever the method
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ARCHIVED = (
    "This review is archived: everything can be read and nothing changed. A lead can reopen it."
)
LEAVING = (
    "This review is about to be deleted: everything can be read and nothing changed. "
    "A lead can take the deletion back."
)


class ReviewIsReadOnly(PermissionDenied):
    """The person might, but the review is archived or about to be deleted."""

    default_code = "review_read_only"


class SecondFactorNeeded(PermissionDenied):
    """The review or the installation asks this member for a second factor that is not there."""

    default_code = "second_factor_needed"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This review asks you for a second factor. Set one up on your account.")


def admit(membership: Membership, capability: Capability) -> None:
    """Ask whether a member may do something, to read what belongs to it.

    Raises:
        PermissionDenied: With a sentence that says who may.
    """
    if not membership.can(capability):
        raise PermissionDenied(REFUSALS.get(capability, "You are not a member of this review."))


def require(membership: Membership, capability: Capability) -> None:
    """Ask whether a member may do something now; every write of a review asks here.

    Raises:
        PermissionDenied: With a sentence that says who may.
        ReviewIsReadOnly: Nobody may, since the review is archived or about to be deleted.
    """
    admit(membership, capability)
    if capability not in READING:
        refuse_read_only(membership.review)


def refuse_read_only(review: Review) -> None:
    """Refuse to change a review that is kept as it is.

    Raises:
        ReviewIsReadOnly: It is archived or about to be deleted.
    """
    if review.is_read_only:
        raise ReviewIsReadOnly(LEAVING if review.deletes_at else ARCHIVED)


def has_second_factor(user: User) -> bool:
    """Whether a confirmed one is asked for at each sign-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def lacks_second_factor(membership: Membership) -> bool:
    """Whether one is asked of this member that is not there."""
    return asks_second_factor(membership) and not has_second_factor(membership.user)


def asks_second_factor(membership: Membership) -> bool:
    """Whether the review or the installation asks one of this member."""
    asked = {membership.review.second_factor_of, settings.REQUIRE_SECOND_FACTOR}
    is_leading = Role.LEAD in membership.roles or membership.user.is_superuser
    return Review.SecondFactorOf.EVERYONE in asked or (
        Review.SecondFactorOf.LEADS in asked and is_leading
    )


def open_memberships(user: User) -> MembershipQuerySet:
    """The person's active memberships, without those that ask for a second factor not there.

    Whatever lists the reviews of a person starts here, so that not even a title is told.
    """
    mine = Membership.objects.active().filter(user=user)
    if has_second_factor(user):
        return mine
    closed = [one.pk for one in mine.select_related("review", "user") if asks_second_factor(one)]
    return mine.exclude(pk__in=closed)


def open_reviews(user: User) -> ReviewQuerySet:
    """The reviews of a person's open memberships."""
    return Review.objects.filter(pk__in=open_memberships(user).values("review"))


def is_kept_waiting(user: User) -> bool:
    """Whether some review of the person stays closed until there is a second factor."""
    return Membership.objects.active().filter(user=user).count() > open_memberships(user).count()


def second_factor_first(view: PlainView[P]) -> PlainView[P]:
    """Lead whom a review asks for a second factor to it first; for pages of all one's reviews."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_kept_waiting(cast("User", request.user)):
            return redirect(f"{reverse('screening:second-factor')}?asked=1")
        return view(request, *args, **kwargs)

    return cast("PlainView[P]", guarded)


def membership_or_404(user: User, slug: str) -> Membership:
    """The person's active membership of the review with that slug.

    Raises:
        Http404: There is no such review, or the person is no active member of it: a stranger
            cannot tell the two apart.
        SecondFactorNeeded: The member has to set one up first.
    """
    found = (
        Membership.objects.active()
        .select_related("review", "user")
        .filter(user=user, review__slug=slug)
        .first()
    )
    if found is None:
        raise Http404("There is no such review.")
    if lacks_second_factor(found):
        raise SecondFactorNeeded
    return found


def guard_of(method: str, *, even_archived: bool) -> Callable[[Membership, Capability], None]:
    """Which of the two a request is asked: whether its person may, or also whether now."""
    return admit if even_archived or method in SAFE_METHODS else require


def review_view(
    capability: Capability, *, even_archived: bool = False
) -> Callable[[ReviewView[P]], SlugView[...]]:
    """Turn `view(request, membership, ...)` into a view of `/r/<slug>/...` with its guard.

    Args:
        capability: What the member must be able to do.
        even_archived: Its POST is answered in an archived review too; its service decides.
    """

    def decorate(view: ReviewView[P]) -> SlugView[...]:
        @wraps(view)
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            try:
                membership = membership_or_404(cast("User", request.user), slug)
            except SecondFactorNeeded:
                return redirect(f"{reverse('screening:second-factor')}?asked=1")
            request.membership = membership  # type: ignore[attr-defined]  # read by navigation
            guard_of(str(request.method), even_archived=even_archived)(membership, capability)
            if request.method not in SAFE_METHODS:
                return view(request, membership, *args, **kwargs)
            with one_look():
                return view(request, membership, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]  # read by the URL table test
        return guarded

    return decorate
