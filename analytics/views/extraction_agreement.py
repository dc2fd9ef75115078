"""How far the extractors agree: the page and its CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.extraction_agreement import agreement_rows, extraction_agreement
from analytics.tables.agreement import rows_as_csv
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def agreement(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Field by field: percent, kappa for categories, intraclass and limits for numbers."""
    context = {"agreement": extraction_agreement(membership.review)}
    return render(request, "analytics/extraction_agreement.html", context)


@require_safe
@review_view(Capability.EXPORT)
def agreement_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The same table as CSV, numbers in full digits."""
    rows = agreement_rows(extraction_agreement(membership.review))
    name = f"extraction-agreement-{membership.review.slug}.csv"
    return HttpResponse(
        rows_as_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
