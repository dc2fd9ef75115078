"""The PRISMA 2020 checklist and the PRISMA-S report: a preview, and downloads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.prisma.reporting.checklist import checklist_of
from analytics.prisma.reporting.searches import SEARCH_COLUMNS, search_report_of, search_rows
from analytics.prisma.reporting.writers import CHECKLIST, KINDS, SEARCHES, written
from analytics.selectors.reporting import facts_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def checklist(request: HttpRequest, membership: Membership, report: str) -> HttpResponse:
    """One of the two reports with every cell computed now."""
    _known(report)
    facts = facts_of(review=membership.review, membership=membership)
    is_search = report == SEARCHES
    table = search_report_of(facts) if is_search else checklist_of(facts)
    context = {
        "report": report,
        "table": table,
        "search_columns": SEARCH_COLUMNS if is_search else (),
        "searches": search_rows(facts) if is_search else [],
    }
    return render(request, "analytics/checklist.html", context)


@require_safe
@review_view(Capability.EXPORT)
def checklist_export(
    request: HttpRequest, membership: Membership, report: str, file_format: str
) -> HttpResponse:
    """One of the two reports as a file."""
    del request  # the guard has read it
    _known(report)
    if file_format not in KINDS:
        raise Http404("The reports come as DOCX or CSV.")
    facts = facts_of(review=membership.review, membership=membership)
    name = f"prisma-{report}-{membership.review.slug}.{file_format}"
    return HttpResponse(
        written(facts, report, file_format),
        content_type=KINDS[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _known(report: str) -> None:
    if report not in {CHECKLIST, SEARCHES}:
        raise Http404("There is the checklist and there are the searches.")
