"""Bundles of a review for its leads: asked for, followed, taken."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from screening.forms.bundles import BundleForm
from screening.models import Membership, Review
from screening.permissions import review_view
from screening.rules.bundles import Files
from screening.rules.roles import Capability
from screening.selectors.bundles import bundles_of, hidden_parts
from screening.services.bundles import HEADERS, start_bundle, take_bundle
from screening.views.stages import said


def told_of_life(review: Review, form: BundleForm | None = None) -> dict[str, Any]:
    """What the page of a review's life shows, and its part about bundles."""
    found = bundles_of(review)
    return {
        "days": settings.DELETION_GRACE_DAYS,
        "bundles": found,
        "is_moving": any(one.is_moving for one in found),
        "hidden": [] if review.deletes_at else hidden_parts(review),
        "bundle_form": form or BundleForm(),
    }


@require_http_methods(["GET", "POST"])
@never_cache
@review_view(Capability.MANAGE, even_archived=True)
def bundles(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Ask for one; the moving part of the page when the page itself asks for it."""
    if request.method != "POST":
        if request.headers.get("HX-Request") != "true":
            return redirect("screening:life", slug=membership.review.slug)
        return render(request, "screening/_bundles.html", told_of_life(membership.review))
    form = BundleForm(request.POST)
    error = _ask(membership, form) if form.is_valid() else ""
    if form.errors or error:
        context = {"error": error, "typed": ""} | told_of_life(membership.review, form)
        return render(request, "screening/life.html", context, status=400)
    return redirect("screening:life", slug=membership.review.slug)


def _ask(lead: Membership, form: BundleForm) -> str:
    given = form.cleaned_data
    try:
        start_bundle(
            lead=lead, files=Files(given["files"]), has_pseudonyms=bool(given["pseudonyms"])
        )
    except ValidationError as refused:
        return said(refused)
    return ""


@require_safe
@review_view(Capability.MANAGE)
def bundle_file(_request: HttpRequest, membership: Membership, bundle_id: int) -> FileResponse:
    """A bundle as a file; who took it is noted."""
    taken = take_bundle(lead=membership, bundle_id=bundle_id)
    return FileResponse(taken.stream, filename=taken.name, as_attachment=True, headers=HEADERS)
