"""Published dashboards: the lead's list of links, and the page a visitor sees."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from analytics.figures.model import FIRST_ROWS, MOST_ROWS
from analytics.figures.packing import packed
from analytics.figures.theme import THEMES
from analytics.forms.publications import PublicationForm
from analytics.models import Publication
from analytics.selectors.experiments import selection_of
from analytics.selectors.publications import (
    open_publication,
    outside_selection,
    publications_of,
)
from analytics.services.publications import publish_dashboard, withdraw_dashboard
from analytics.views.figures import PLOTLY_STYLES
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

NONE, SELF = "'none'", "'self'"
PUBLIC_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
    **PLOTLY_STYLES,
}
UNKNOWN = "This link is unknown, has expired or was withdrawn."
PUBLIC_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


class PublicRate(SimpleRateThrottle):
    """So many requests for published dashboards an address of the network."""

    scope = "public"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        """By the address."""
        del view
        return f"throttle_public_{self.get_ident(request)}"  # type: ignore[arg-type]


@require_safe
@review_view(Capability.MANAGE)
def publications(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The links of the review, and a form for another one with the filters of the address."""
    query = request.GET.urlencode()
    start = {"title": membership.review.title[:200], "query": query, "life": "90"}
    day = request.GET.get("as_of", "")
    return _page(request, membership, PublicationForm(initial=start | {"day": day}))


@require_POST
@review_view(Capability.MANAGE)
def publish(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Publish the figures."""
    form = PublicationForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form, 400)
    try:
        publish_dashboard(
            lead=membership,
            title=form.cleaned_data["title"],
            asked=_asked(form.cleaned_data["query"]),
            day=form.cleaned_data["day"],
            days=form.days,
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, membership, form, 400)
    messages.success(request, "Published. Whoever has the link can read the dashboard.")
    return redirect("analytics:publications", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def withdraw(request: HttpRequest, membership: Membership, publication_id: int) -> HttpResponse:
    """Make a link worthless."""
    made = get_object_or_404(Publication, pk=publication_id, review=membership.review)
    withdraw_dashboard(lead=membership, publication=made)
    messages.success(request, "Withdrawn: the link opens nothing any more.")
    return redirect("analytics:publications", slug=membership.review.slug)


@never_cache
@require_safe
@csp_replace(PUBLIC_POLICY)
def dashboard(request: HttpRequest, token: str = "") -> HttpResponse:
    """The published figures, for everybody with the link, signed in or not."""
    rate = PublicRate()
    if not rate.allow_request(request, None):  # type: ignore[arg-type]  # asks no view
        wait = {"Retry-After": str(round(rate.wait() or 1)), **PUBLIC_HEADERS}
        words = "Too many requests from your network. Wait a minute and load the page again."
        return HttpResponse(words, status=429, content_type="text/plain", headers=wait)
    found = open_publication(token)
    if found is None:
        raise Http404(UNKNOWN)
    selection = outside_selection(found.review, found.filters, found.as_of)
    if selection is None:
        raise Http404(UNKNOWN)
    drawn = selection.plain_figures()
    context = {
        "publication": found,
        "selection": selection,
        "figures": drawn,
        "sentences": selection.plain_sentences(),
        "plots": packed(drawn, ""),
        "themes": {name: dict(colours) for name, colours in THEMES.items()},
        "most": MOST_ROWS,
        "few": FIRST_ROWS,
    }
    response = render(request, "analytics/public_dashboard.html", context)
    for name, value in PUBLIC_HEADERS.items():
        response.headers[name] = value
    return response


def _page(
    request: HttpRequest, membership: Membership, form: PublicationForm, status: int = 200
) -> HttpResponse:
    query = str(form["query"].value() or "")
    shown = outside_selection(membership.review, _asked(query), None)
    inside = selection_of(membership.review, shown.chosen) if shown else None
    context = {
        "waiting": len(inside.experiments) - len(shown.experiments) if inside and shown else 0,
        "form": form,
        "links": publications_of(membership.review),
        "filters": dict(shown.chosen) if shown else {},
        "shown": shown,
    }
    return render(request, "analytics/publications.html", context, status=status)


def _asked(query: str) -> dict[str, list[str]]:
    return {key: [str(one) for one in values] for key, values in QueryDict(query).lists()}
