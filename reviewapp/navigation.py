"""What the navigation of a review shows: the stages in their order, each with what waits."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from screening.models import Membership
from screening.rules.roles import Capability


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    label: str
    icon: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of the navigation leads."""

    label: str
    icon: str
    view: str
    stage: str = ""
    needs: Capability = Capability.VIEW


GROUPS = (
    (
        Place("Overview", "overview", "analytics:overview"),
        Place("Sources", "sources", "screening:sources"),
        Place("Duplicates", "duplicates", "screening:duplicates"),
    ),
    (
        Place("Title & abstract", "screening", "screening:screen", "title-abstract"),
        Place("Full text", "fulltext", "screening:screen", "full-text"),
        Place("Extraction", "extraction", "extraction:studies"),
    ),
    (
        Place("Table 1", "table", "analytics:table1"),
        Place("Figures", "figures", "analytics:figures"),
        Place("PRISMA", "prisma", "analytics:prisma"),
        Place("Agreement", "agreement", "analytics:agreement"),
    ),
    (
        Place("Members", "members", "screening:members"),
        Place("Work", "awaiting", "screening:jobs"),
        Place("Audit trail", "lock", "analytics:audit", needs=Capability.MANAGE),
        Place("Settings", "settings", "screening:settings", needs=Capability.MANAGE),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The membership, the review and the navigation's entries of the page."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {"membership": None, "review": None, "navigation_groups": []}
    return {
        "membership": membership,
        "review": membership.review,
        "navigation_groups": partial(_groups, membership, request.path),  # parts of pages need none
    }


def _groups(membership: Membership, path: str) -> list[list[Entry]]:
    return [
        [_entry(place, membership, path) for place in group if membership.can(place.needs)]
        for group in GROUPS
    ]


def _entry(place: Place, membership: Membership, path: str) -> Entry:
    slug = membership.review.slug
    arguments = {"slug": slug} | ({"stage": place.stage} if place.stage else {})
    url = reverse(place.view, kwargs=arguments)
    is_overview = place.view == "analytics:overview"
    is_here = path == url if is_overview else path.startswith(url)
    return Entry(place.label, place.icon, url, is_here)
