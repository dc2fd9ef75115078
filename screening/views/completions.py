"""Looking up what records lack: one record, or all of a review, and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from screening.forms.online import CompletionForm
from screening.models import Job, Membership, Record, RecordCompletion
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors import completions as reads
from screening.selectors.cards import card_of
from screening.selectors.records import record_or_404
from screening.selectors.stages import settings_of, stage_of
from screening.services import completions as services
from screening.services.pasting import paste_abstract
from screening.views.stages import in_words, said

_PER_PAGE = 50


@require_safe
@review_view(Capability.VIEW)
def missing(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How many abstracts are missing, what was filled from where, and why the rest was not."""
    review = membership.review
    job = reads.completion_job(review)
    asked = request.GET
    context = {
        "counts": reads.gap_counts(review),
        "form": CompletionForm(review=review, initial={"batch": asked.get("batch")}),
        "job": job,
        "is_running": job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING},
        "filled": Paginator(reads.completions_of(review), _PER_PAGE).get_page(asked.get("filled")),
        "unfilled": Paginator(reads.incomplete_records(review), _PER_PAGE).get_page(
            asked.get("unfilled")
        ),
        "may_import": membership.can(Capability.IMPORT),
        "may_complete": membership.can(Capability.COMPLETE),
    }
    return render(request, "screening/missing.html", context)


@require_POST
@review_view(Capability.IMPORT)
def complete_all(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let a worker look up what is missing."""
    form = CompletionForm(request.POST, review=membership.review)
    if not form.is_valid():
        messages.error(request, in_words(form))
        return redirect("screening:missing", slug=membership.review.slug)
    try:
        services.start_completion(
            membership=membership,
            fields=form.cleaned_data["fields_wanted"],
            batch=form.cleaned_data["batch"],
        )
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect("screening:missing", slug=membership.review.slug)


@require_POST
@review_view(Capability.COMPLETE)
def complete_one(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Look one record's abstract up now."""
    record = record_or_404(membership, record_id)
    try:
        why = services.complete_record(membership=membership, record=record)
    except ValidationError as error:
        why = said(error)
    return _abstract(request, membership, record, why)


@require_POST
@review_view(Capability.COMPLETE)
def paste(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Take the abstract that somebody pastes."""
    record = record_or_404(membership, record_id)
    given, error = request.POST, ""
    try:
        paste_abstract(
            membership=membership,
            record=record,
            text=given.get("abstract", ""),
            found_in=given.get("found_in", ""),
        )
    except ValidationError as refused:
        error = said(refused)
    return _abstract(request, membership, record, error)


@require_POST
@review_view(Capability.COMPLETE)
def undo(request: HttpRequest, membership: Membership, completion_id: int) -> HttpResponse:
    """Empty a field again that was filled from outside."""
    completions = RecordCompletion.objects.select_related("record")
    found = get_object_or_404(completions, pk=completion_id, record__review=membership.review)
    error = ""
    try:
        services.undo_completion(membership=membership, completion=found)
    except ValidationError as refused:
        error = said(refused)
    return _abstract(request, membership, record_or_404(membership, found.record_id), error)


def _abstract(
    request: HttpRequest, membership: Membership, record: Record, error: str
) -> HttpResponse:
    """The abstract as it stands now; as a plain form, the page one came from."""
    record.refresh_from_db(fields=["abstract"])
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        if error:
            messages.error(request, error)
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if is_ours else record.get_absolute_url())
    stage = stage_of(record)
    card = card_of(membership=membership, record=record, stage=stage)
    context = {
        "card": card,
        "text": card.text,
        "stage": stage,
        "settings": settings_of(membership.review, stage),
        "lookup_error": error,
        "pasted": request.POST.get("abstract", "") if error else "",
        "found_in": request.POST.get("found_in", "") if error else "",
    }
    return render(request, "screening/_abstract.html", context)
