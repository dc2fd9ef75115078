"""The list of records, a record's own page, and its tags and notes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import NoteForm, RecordsForm, TagForm
from screening.models import Membership, Note, Record, Tag
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.blinding import visible_notes, visible_tags
from screening.selectors.candidates import candidates
from screening.selectors.cards import card_of, duplicates_of
from screening.selectors.discussion import discussion_of
from screening.selectors.prior import may_see_raw
from screening.selectors.records import (
    STAGE_WORDS,
    Filters,
    record_or_404,
    records_list,
    trace_of,
)
from screening.selectors.shown import shown_fields
from screening.selectors.stages import is_in_stage, stage_of
from screening.services import labels
from screening.views.stages import in_words, said

PER_PAGE = 50


@require_safe
@review_view(Capability.VIEW)
def records(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All records of the review, narrowed by words, stage, status, source and tag."""
    form = RecordsForm(request.GET, membership=membership)
    values: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = records_list(membership=membership, filters=_filters(values))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": asked.urlencode(),
        "is_narrowed": any(values.values()),
        "narrowed_to": form.narrowed_to() if values else [],
    }
    return render(request, "screening/records.html", context)


def _filters(values: dict[str, Any]) -> Filters:
    rows = {name: values.get(name) for name in ("source", "tag", "batch", "reason")}
    return Filters(
        words=values.get("words", ""),
        stage=values.get("stage", ""),
        status=values.get("status", ""),
        standing=values.get("standing", ""),
        found_in=tuple(source.pk for source in values.get("found_in", ())),
        **{name: row.pk if row else None for name, row in rows.items()},
    )


@require_safe
@review_view(Capability.VIEW)
def record(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """All that is known of a record, as far as blinding allows."""
    found = record_or_404(membership, record_id)
    stage = stage_of(found)
    stages = [one for one in Stage if is_in_stage(found, one)]
    may_judge = membership.can(Capability.DEDUPLICATE)
    card = card_of(membership=membership, record=found, stage=stage)
    context = {
        "card": card,
        "fields": shown_fields(card.shown) if card.shown.duplicates else [],
        "stages": [_stage(membership, found, one) for one in stages],
        "duplicates": duplicates_of(found),
        "kept": found.duplicate_links.filter(undone_at__isnull=True).first(),
        "trace": trace_of(membership=membership, record=found),
        "may_see_raw": may_see_raw(membership, found.batch),
        "may_screen": membership.can(Capability.SCREEN),
        "may_judge": may_judge,
        "candidates": candidates(record=found, words="") if may_judge else [],
        "stage": stage,
    }
    return render(request, "screening/record.html", context)


def _stage(membership: Membership, found: Record, stage: Stage) -> tuple[Any, ...]:
    """A stage's word, its card, and the talk about the record as far as it is open."""
    card = card_of(membership=membership, record=found, stage=stage)
    thread = discussion_of(membership=membership, record=found, stage=stage, is_open=card.is_open)
    return STAGE_WORDS[stage], stage, card, thread


@require_POST
@review_view(Capability.VIEW)
def add_tag(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Put a tag of mine on a record."""
    found = record_or_404(membership, record_id)
    form = TagForm(request.POST)
    if not form.is_valid():
        return _labels(request, membership, found, in_words(form))
    try:
        labels.add_tag(membership=membership, record=found, label=form.cleaned_data["label"])
    except ValidationError as error:
        return _labels(request, membership, found, said(error))
    return _labels(request, membership, found)


@require_POST
@review_view(Capability.VIEW)
def remove_tag(
    request: HttpRequest, membership: Membership, record_id: int, tag_id: int
) -> HttpResponse:
    """Take a tag of mine off a record."""
    found = record_or_404(membership, record_id)
    tag = get_object_or_404(Tag, pk=tag_id, review=membership.review_id)
    try:
        labels.remove_tag(membership=membership, record=found, tag_id=tag.pk)
    except ValidationError as error:
        return _labels(request, membership, found, said(error))
    return _labels(request, membership, found)


@require_POST
@review_view(Capability.VIEW)
def add_note(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Write a note on a record."""
    found = record_or_404(membership, record_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _labels(request, membership, found, in_words(form))
    try:
        labels.add_note(membership=membership, record=found, **form.cleaned_data)
    except ValidationError as error:
        return _labels(request, membership, found, said(error))
    return _labels(request, membership, found)


@require_POST
@review_view(Capability.VIEW)
def remove_note(request: HttpRequest, membership: Membership, note_id: int) -> HttpResponse:
    """Delete a note of mine."""
    note = get_object_or_404(
        Note.objects.select_related("record"), pk=note_id, record__review=membership.review_id
    )
    try:
        labels.remove_note(membership=membership, note=note)
    except ValidationError as error:
        return _labels(request, membership, note.record, said(error))
    return _labels(request, membership, note.record)


def _labels(
    request: HttpRequest, membership: Membership, found: Record, error: str = ""
) -> HttpResponse:
    """The tags and notes again; as a plain form, the page one came from."""
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        if error:
            messages.error(request, error)
        return redirect(found)
    context = {
        "record": found,
        "tags": visible_tags(membership=membership, record=found),
        "notes": visible_notes(membership=membership, record=found),
        "error": error,
    }
    return render(request, "screening/_labels.html", context, status=400 if error else 200)
