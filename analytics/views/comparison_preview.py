"""What publishing a draft of the form would do to the gains."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.comparison_preview import preview_of_comparison
from extraction.selectors.forms import form_draft
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.MANAGE)
def comparison_preview(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Gains of the stored results with the draft's comparison, as a part or as a page."""
    draft = form_draft(membership.review)
    if draft is None:
        raise Http404("No draft is open.")
    is_part = request.headers.get("HX-Request") == "true"
    name = "_comparison_preview" if is_part else "comparison_preview"
    context = {"preview": preview_of_comparison(draft), "draft": draft}
    return render(request, f"analytics/{name}.html", context)
