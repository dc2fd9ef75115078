"""The page of Table 1 and its downloads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.forms.moment import MomentForm
from analytics.selectors.table1 import NO_FORM, table1_of
from analytics.selectors.table1_page import page_of
from analytics.tables.formats import FORMATS
from extraction.selectors.memory import collection_paused
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def table1(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The table of now or of a past day, grouped; each value opens its evidence."""
    form = MomentForm(request.GET)
    with collection_paused():
        table = table1_of(review=membership.review, as_of=form.moment)
        page = page_of(membership.review, table, form.query) if table else None
    context = {
        "form": form,
        "page": page,
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/table1.html", context)


@require_safe
@review_view(Capability.EXPORT)
def table1_export(request: HttpRequest, membership: Membership, file_format: str) -> HttpResponse:
    """The table as a file; `?long=1`, `?provenance=1` and `?as_of=` choose its form and day."""
    if file_format not in FORMATS:
        raise Http404(f"Table 1 comes as {', '.join(FORMATS)}.")
    made = FORMATS[file_format]
    with collection_paused():
        table = table1_of(
            review=membership.review,
            is_long=bool(request.GET.get("long")),
            has_provenance=bool(request.GET.get("provenance")),
            as_of=MomentForm(request.GET).moment,
        )
        if table is None:
            raise Http404(NO_FORM)
        written = made.encoded(table)
    long = "-long" if request.GET.get("long") else ""
    name = f"table-1{long}-{membership.review.slug}.{made.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written, content_type=made.kind, headers=headers)
