"""One report: the log of its retrieval, and its PDFs."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import AttemptForm, FullTextForm
from screening.models import Membership, Report, RetrievalAttempt
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.cards import card_of
from screening.selectors.reports import report_or_404
from screening.selectors.stages import is_in_stage, was_included_before
from screening.services.full_texts import store_full_text
from screening.services.reports import log_attempt
from screening.views.report_list import WORDS
from screening.views.stages import said, stage_context


@require_safe
@review_view(Capability.VIEW)
def report(request: HttpRequest, membership: Membership, report_id: int) -> HttpResponse:
    """One report: its PDF, the attempts to get it, and where it stands."""
    return _page(request, membership, report_or_404(membership, report_id))


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def add_attempt(request: HttpRequest, membership: Membership, report_id: int) -> HttpResponse:
    """Log an attempt to get the report."""
    found = report_or_404(membership, report_id)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, found, attempt=form)
    try:
        log_attempt(membership=membership, report=found, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, said(error))
        return _page(request, membership, found, attempt=form)
    messages.success(request, "The attempt is logged.")
    return redirect(found)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def upload(request: HttpRequest, membership: Membership, report_id: int) -> HttpResponse:
    """Store a PDF as the report's full text."""
    found = report_or_404(membership, report_id)
    form = FullTextForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, membership, found, upload=form)
    try:
        stored = store_full_text(
            membership=membership, report=found, upload=form.cleaned_data["file"]
        )
    except ValidationError as error:
        form.add_error("file", said(error))
        return _page(request, membership, found, upload=form)
    pages = "page" if stored.page_count == 1 else "pages"
    text = f"{stored.original_name} is stored: {stored.page_count} {pages}."
    messages.success(request, text)
    return redirect(found)


def _page(
    request: HttpRequest,
    membership: Membership,
    found: Report,
    *,
    attempt: AttemptForm | None = None,
    upload: FullTextForm | None = None,
) -> HttpResponse:
    attempts = list(found.attempts.select_related("created_by__user"))
    outcome = attempts[-1].outcome if attempts else RetrievalAttempt.Outcome.PENDING
    texts = found.full_texts.select_related("uploaded_by__user").order_by("-pk")
    record = found.record
    context = stage_context(membership, Stage.FULL_TEXT, "reports") | {
        "report": found,
        "card": card_of(membership=membership, record=record, stage=Stage.FULL_TEXT),
        "attempts": attempts,
        "retrieval": WORDS.get(outcome, WORDS["awaiting"]),
        "full_texts": texts,
        "is_sought": is_in_stage(record, Stage.FULL_TEXT),
        "is_previous": was_included_before(record),
        "attempt_form": attempt or AttemptForm(),
        "upload_form": upload or FullTextForm(),
        "may_handle": membership.can(Capability.MANAGE_REPORTS),
    }
    status = 400 if attempt or upload else 200
    return render(request, "screening/report.html", context, status=status)
