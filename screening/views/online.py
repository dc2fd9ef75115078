"""Searching outside databases: write, count, fetch, run again, forget."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.forms.online import SearchForm
from screening.models import Membership, SavedSearch
from screening.online.registry import DATABASES
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.online import lines_of
from screening.services import online as services
from screening.views.stages import number_in, said


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def new_search(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Write a search; sending it counts it."""
    is_sent = request.method == "POST"
    form = SearchForm(request.POST if is_sent else None, initial=_former(request, membership))
    if is_sent and form.is_valid():
        try:
            saved = services.save_search(membership=membership, **form.cleaned_data)
            services.count_search(membership=membership, saved=saved)
            return _page_of(membership, saved.pk)
        except ValidationError as error:
            form.add_error("query", error)
    context = {
        "form": form,
        "databases": DATABASES,
        "is_off": not settings.ONLINE_SERVICES,
        "has_contact": bool(settings.ONLINE_EMAIL),
        "has_openalex_key": bool(settings.ONLINE_API_KEYS.get("openalex")),
    }
    return render(request, "screening/new_search.html", context, status=400 if form.errors else 200)


@require_safe
@review_view(Capability.VIEW)
def saved_search(request: HttpRequest, membership: Membership, search_id: int) -> HttpResponse:
    """A saved search: its last count, how far its fetching is, and what came of it."""
    found = lines_of(SavedSearch.objects.filter(pk=search_id, review=membership.review))
    if not found:
        raise Http404("There is no such search.")
    (line,) = found
    context = {
        "line": line,
        "saved": line.saved,
        "running": line.running,
        "newest": line.fetches[0] if line.fetches else None,
        "may_import": membership.can(Capability.IMPORT),
    }
    return render(request, "screening/saved_search.html", context)


@require_POST
@review_view(Capability.IMPORT)
def count(request: HttpRequest, membership: Membership, search_id: int) -> HttpResponse:
    """Ask the database for the number again."""
    del request  # the guard has read it
    saved = _saved(membership, search_id)
    services.count_search(membership=membership, saved=saved)
    return _page_of(membership, saved.pk)


@require_POST
@review_view(Capability.IMPORT)
def fetch(request: HttpRequest, membership: Membership, search_id: int) -> HttpResponse:
    """Let a worker fetch the records and import them."""
    saved = _saved(membership, search_id)
    try:
        services.start_fetch(membership=membership, saved=saved)
    except ValidationError as error:
        messages.error(request, said(error))
    return _page_of(membership, saved.pk)


@require_POST
@review_view(Capability.IMPORT)
def forget(request: HttpRequest, membership: Membership, search_id: int) -> HttpResponse:
    """Remove a search that nothing came of."""
    saved = _saved(membership, search_id)
    try:
        services.forget_search(membership=membership, saved=saved)
    except ValidationError as error:
        messages.error(request, said(error))
        return _page_of(membership, search_id)
    messages.success(request, "The search was removed.")
    return redirect("screening:sources", slug=membership.review.slug)


def _former(request: HttpRequest, membership: Membership) -> dict[str, str]:
    """The search that is to be changed, if one is named."""
    number = number_in(request.GET, "from")
    former = SavedSearch.objects.filter(pk=number, review=membership.review).first()
    return {"database": former.database, "query": former.query} if former else {}


def _saved(membership: Membership, search_id: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=search_id, review=membership.review)


def _page_of(membership: Membership, search_id: int) -> HttpResponse:
    return redirect("screening:saved-search", slug=membership.review.slug, search_id=search_id)
