"""Marking a record as a duplicate of another one, which is found by title, DOI or number."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from screening.forms.duplicates import DuplicateOfForm
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.candidates import candidates
from screening.selectors.records import record_or_404
from screening.services import duplicates

MOST = 300


@require_safe
@review_view(Capability.DEDUPLICATE)
def duplicate_of(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Look for the record that another one is a duplicate of."""
    record = record_or_404(membership, record_id)
    words = request.GET.get("words", "")[:MOST]
    context = {
        "record": record,
        "words": words,
        "found": candidates(record=record, words=words),
        "back": _back(request.GET.get("back", "")),
    }
    is_part = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    page = "_duplicate_candidates.html" if is_part else "duplicate_of.html"
    return render(request, f"screening/{page}", context)


@require_POST
@review_view(Capability.DEDUPLICATE)
def mark_duplicate(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Mark a record as a duplicate of another one of the review."""
    record = record_or_404(membership, record_id)
    form = DuplicateOfForm(request.POST, review=membership.review)
    back = _back(request.POST.get("back", ""))
    try:
        kept = form.chosen()
        link = duplicates.link_records(membership=membership, kept=kept, duplicate=record)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(record)
    messages.success(
        request, f"Record {link.record_id} is now a duplicate of record {link.kept_id}."
    )
    if not back:
        return redirect(record)
    slug = membership.review.slug
    return redirect(reverse("screening:screen", kwargs={"slug": slug, "stage": back}))


def _back(asked: str) -> Stage | None:
    """The stage whose queue one came from."""
    return Stage(asked) if asked in set(Stage) else None
