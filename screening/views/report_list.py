"""The reports that are sought: the list with its filters, one log line for several, a file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import AttemptForm
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.reasons import all_reasons
from screening.selectors.reports import RETRIEVALS, ReportFilters, retrieval_counts, sought
from screening.selectors.shown import shown_by_id
from screening.services.exports import export_reports
from screening.services.reports import Attempt, log_attempts
from screening.views.stages import number_in, said, stage_context

PER_PAGE = 50
ALL = "all"
WORDS = {
    "awaiting": ("To retrieve", "awaiting"),
    "retrieved": ("Retrieved", "include"),
    "not_retrieved": ("Not retrieved", "exclude"),
}


@require_safe
@review_view(Capability.VIEW)
def reports(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The reports that are sought, by where their retrieval stands."""
    return _page(request, membership, request.GET)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def add_attempts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Log the same attempt for the ticked reports, or for all that the filters leave."""
    asked = QueryDict(request.POST.get("back", ""))
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, asked, form)
    try:
        number = log_attempts(
            membership=membership,
            report_ids=_meant(membership, request.POST, asked),
            attempt=Attempt(**form.cleaned_data),
        )
    except ValidationError as error:
        form.add_error(None, said(error))
        return _page(request, membership, asked, form)
    messages.success(request, f"Logged for {number} report{'s' * (number != 1)}.")
    filters = _filters(membership, asked)
    return redirect(f"{_address(membership)}?{_query(filters)}")


@require_safe
@review_view(Capability.EXPORT)
def reports_file(
    request: HttpRequest, membership: Membership
) -> HttpResponse | StreamingHttpResponse:
    """The reports of the list as a file, for whoever fetches them."""
    try:
        file = export_reports(
            membership=membership,
            file_format=request.GET.get("format", "ris"),
            filters=_filters(membership, request.GET),
        )
    except ValidationError as error:
        return HttpResponse(said(error), status=400, content_type="text/plain")
    return StreamingHttpResponse(file.pieces, headers=file.headers)


def _page(
    request: HttpRequest,
    membership: Membership,
    asked: QueryDict,
    form: AttemptForm | None = None,
) -> HttpResponse:
    filters = _filters(membership, asked)
    page = Paginator(sought(membership=membership, filters=filters), PER_PAGE).get_page(
        asked.get("page")
    )
    counts = retrieval_counts(membership=membership)
    context = stage_context(membership, Stage.FULL_TEXT, "reports") | {
        "page": page,
        "shown": shown_by_id(page.object_list),
        "filters": filters,
        "retrieval": filters.retrieval,
        "words": filters.words,
        "reasons": all_reasons(membership),
        "query": _query(filters),
        "is_narrowed": bool(filters.words or filters.reason),
        "sought": counts["sought"],
        "retrievals": [(name, WORDS[name][0], counts[name]) for name in RETRIEVALS],
        "may_handle": membership.can(Capability.MANAGE_REPORTS),
        "attempt_form": form or AttemptForm(),
        "ticked": set(request.POST.getlist("reports")),
        "whole": request.POST.get("which") == ALL,
    }
    return render(request, "screening/reports.html", context, status=400 if form else 200)


def _filters(membership: Membership, asked: QueryDict) -> ReportFilters:
    """The filters of an address; what is not known narrows nothing."""
    retrieval = asked.get("retrieval", RETRIEVALS[0])
    reason = number_in(asked, "reason")
    known = {one.pk for one in all_reasons(membership)} if reason else set()
    return ReportFilters(
        retrieval=retrieval if retrieval in RETRIEVALS else "",
        words=asked.get("words", "")[:200],
        reason=reason if reason in known else None,
    )


def _meant(membership: Membership, sent: QueryDict, asked: QueryDict) -> list[int]:
    """The ticked reports, or all of the list."""
    if sent.get("which") == ALL:
        found = sought(membership=membership, filters=_filters(membership, asked))
        return list(found.values_list("report", flat=True))
    return [int(text) for text in sent.getlist("reports") if text.isdecimal()]


def _query(filters: ReportFilters) -> str:
    asked = {"retrieval": filters.retrieval or ALL, "words": filters.words}
    return urlencode(asked | ({"reason": filters.reason} if filters.reason else {}))


def _address(membership: Membership) -> str:
    return reverse("screening:reports", kwargs={"slug": membership.review.slug})
