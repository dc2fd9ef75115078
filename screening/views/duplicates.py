"""The duplicates desk: pairs to check, links and rulings, each with its way back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from screening.models import DuplicateLink, DuplicateSuggestion, Membership, NotDuplicate
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors import duplicates as reads
from screening.selectors.questions import connected_heads
from screening.selectors.twins import twin_of
from screening.services import accepting, detection, duplicates
from screening.views.stages import number_in

PAGE = 50
TABS = ("suggested", "linked", "rejected")


@require_safe
@review_view(Capability.VIEW)
def desk(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Two records side by side, and the list they come from."""
    review = membership.review
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    rows = _rows(membership, tab)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page") or _page_with(rows, request.GET))
    position, current = _current(list(page), request.GET.get("pair", ""))
    context = {
        "tab": tab,
        "page": page,
        "current": current,
        "position": page.start_index() + position,
        "previous": page[position - 1] if position else None,
        "next": page[position + 1] if position + 1 < len(page) else None,
        "twin": twin_of(membership=membership, row=current) if current else None,
        "connected": _connected(membership, current),
        "counts": reads.duplicate_counts(review=review),
        "job": reads.running_detection(review=review),
        "last_act_url": _undo_url(membership),
        "may_judge": membership.can(Capability.DEDUPLICATE),
        "has_records": review.records.exists(),
    }
    return render(request, "screening/duplicates.html", context)


def _connected(membership: Membership, row: Any) -> int:
    """How many records open questions connect with a pair that waits; 0 for links and rulings."""
    if not isinstance(row, DuplicateSuggestion):
        return 0
    heads, _ = connected_heads(review=membership.review, head=reads.head_of(row.first).pk)
    return len(heads)


def _undo_url(membership: Membership) -> str:
    """Where to take back what the member did last; empty when there is nothing."""
    act = reads.last_act(membership=membership)
    if act is None:
        return ""
    name, argument = (
        ("undo-link", "link_id")
        if isinstance(act, DuplicateLink)
        else ("undo-rejection", "ruling_id")
    )
    arguments = {"slug": membership.review.slug, argument: act.pk}
    return reverse(f"screening:{name}", kwargs=arguments)


def _rows(membership: Membership, tab: str) -> Any:
    review = membership.review
    if tab == "linked":
        return reads.standing_links(review=review)
    if tab == "rejected":
        return reads.standing_rulings(review=review)
    return reads.open_suggestions(review=review)


def _page_with(rows: Any, asked: QueryDict) -> int:
    """The page on which the pair stands that is asked for."""
    ids = list(rows.values_list("pk", flat=True)) if "pair" in asked else []
    wanted = number_in(asked, "pair")
    return ids.index(wanted) // PAGE + 1 if wanted in ids else 1


def _current(rows: list[Any], wanted: str) -> tuple[int, Any]:
    for position, row in enumerate(rows):
        if str(row.pk) == wanted:
            return position, row
    return 0, rows[0] if rows else None


def _question_of(one: int, two: int) -> int | None:
    """The pair that asks about two records."""
    pairs = DuplicateSuggestion.objects.filter(first__in=(one, two), second__in=(one, two))
    return pairs.values_list("pk", flat=True).first()


def _act(
    request: HttpRequest,
    membership: Membership,
    act: Callable[[], object],
    *,
    again: tuple[int, int] | None = None,
) -> HttpResponse:
    """Do one thing, say why not when it is refused, and go back to the desk.

    Args:
        request: The request.
        membership: Who acts.
        act: What is done.
        again: The records of which the question is open again: it is shown.
    """
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    tab = request.POST.get("tab", "")
    following = request.POST.get("next", "") or str((again and _question_of(*again)) or "")
    query = f"?tab={tab}" if tab in TABS[1:] else ""
    if following.isdecimal() and not query:
        query = f"?pair={following}"
    url = reverse("screening:duplicates", kwargs={"slug": membership.review.slug})
    return redirect(f"{url}{query}")  # one of our tabs or a number, never text of the request


@require_POST
@review_view(Capability.DEDUPLICATE)
def find(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let a worker look for duplicates."""
    return _act(request, membership, lambda: detection.start_detection(membership=membership))


@require_POST
@review_view(Capability.DEDUPLICATE)
def link_pair(request: HttpRequest, membership: Membership, suggestion_id: int) -> HttpResponse:
    """Say that the two records of a suggestion are of one report."""
    pair = _suggestion(membership, suggestion_id)
    best = reads.best_of((pair.first, pair.second))
    is_first = request.POST.get("kept", str(best.pk)) == str(pair.first_id)
    kept, gone = (pair.first, pair.second) if is_first else (pair.second, pair.first)
    return _act(
        request,
        membership,
        lambda: duplicates.link_records(membership=membership, kept=kept, duplicate=gone),
    )


@require_POST
@review_view(Capability.DEDUPLICATE)
def reject_pair(request: HttpRequest, membership: Membership, suggestion_id: int) -> HttpResponse:
    """Rule that the two records of a suggestion are different reports."""
    pair = _suggestion(membership, suggestion_id)
    return _act(
        request,
        membership,
        lambda: duplicates.reject_pair(membership=membership, one=pair.first, two=pair.second),
    )


def _suggestion(membership: Membership, suggestion_id: int) -> DuplicateSuggestion:
    pairs = DuplicateSuggestion.objects.select_related("first", "second")
    return get_object_or_404(pairs, pk=suggestion_id, review=membership.review)


@require_POST
@review_view(Capability.DEDUPLICATE)
def undo_link(request: HttpRequest, membership: Membership, link_id: int) -> HttpResponse:
    """Take a link back."""
    link = get_object_or_404(DuplicateLink, pk=link_id, review=membership.review)
    return _act(
        request,
        membership,
        lambda: accepting.undo_links(membership=membership, link=link),
        again=(link.record_id, link.kept_id),
    )


@require_POST
@review_view(Capability.DEDUPLICATE)
def swap_kept(request: HttpRequest, membership: Membership, link_id: int) -> HttpResponse:
    """Make the duplicate of a link the kept record."""
    links = DuplicateLink.objects.select_related("record")
    link = get_object_or_404(links, pk=link_id, review=membership.review)
    return _act(
        request,
        membership,
        lambda: duplicates.keep_instead(membership=membership, record=link.record),
    )


@require_POST
@review_view(Capability.DEDUPLICATE)
def undo_rejection(request: HttpRequest, membership: Membership, ruling_id: int) -> HttpResponse:
    """Take back the ruling that two records differ."""
    rulings = NotDuplicate.objects.select_related("first", "second", "review")
    ruling = get_object_or_404(rulings, pk=ruling_id, review=membership.review)
    return _act(
        request,
        membership,
        lambda: accepting.undo_rejections(membership=membership, ruling=ruling),
        again=(ruling.first_id, ruling.second_id),
    )
