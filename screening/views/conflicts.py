"""Conflicts of a stage, and settling one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import SettleForm
from screening.models import Adjudication, Membership, Record
from screening.permissions import review_view
from screening.rules.consensus import Stage, Verdict
from screening.rules.roles import Capability
from screening.selectors.cards import card_of, reasons_of
from screening.selectors.conflicts import (
    conflict_counts,
    conflicts,
    may_settle,
    settled_conflicts,
)
from screening.selectors.records import record_or_404
from screening.selectors.shown import shown_by_id
from screening.selectors.stages import settings_of
from screening.services.conflicts import adjudicate, withdraw_ruling
from screening.views.stages import number_in, said, stage_context

MOST = 500


@require_safe
@review_view(Capability.VIEW)
def conflicts_page(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The open conflicts that I may see, the first or the asked one opened."""
    asked = number_in(request.GET, "record")
    record = record_or_404(membership, asked) if asked else None
    return _page(request, membership, stage, record)


@require_POST
@review_view(Capability.ADJUDICATE)
def settle(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """An adjudicator's ruling, or the consensus an adjudicator records."""
    return _settle(request, membership, stage, record_or_404(membership, record_id))


@require_POST
@review_view(Capability.SCREEN)
def agree(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """The consensus of those who decided, recorded by one of them."""
    data = request.POST.copy()
    data["kind"] = Adjudication.Kind.CONSENSUS
    return _settle(request, membership, stage, record_or_404(membership, record_id), data)


@require_POST
@review_view(Capability.ADJUDICATE)
def withdraw(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """Take my own ruling back."""
    record = record_or_404(membership, record_id)
    try:
        withdraw_ruling(membership=membership, record_id=record.pk, stage=stage)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, "The ruling is taken back.")
    return redirect("screening:conflicts", slug=membership.review.slug, stage=stage)


def _settle(
    request: HttpRequest, membership: Membership, stage: Stage, record: Record, data: Any = None
) -> HttpResponse:
    form = SettleForm(data or request.POST)
    if not form.is_valid():
        return _page(request, membership, stage, record, form)
    try:
        ruling = adjudicate(
            membership=membership,
            record_id=record.pk,
            stage=stage,
            settlement=form.settlement(),
        )
    except ValidationError as error:
        form.add_error(None, said(error))
        return _page(request, membership, stage, record, form)
    word = "Included" if ruling.verdict == Verdict.INCLUDE else "Excluded"
    messages.success(request, f"Settled. {word}: {record.title}")
    return redirect("screening:conflicts", slug=membership.review.slug, stage=stage)


def _page(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    record: Record | None,
    form: SettleForm | None = None,
) -> HttpResponse:
    settings = settings_of(membership.review, stage)
    found = list(conflicts(membership=membership, stage=stage)[:MOST])
    if record is None:
        record = next((one for one in found if not _is_barred(one, settings)), None)
        record = record or next(iter(found), None)
    elif form is None and record not in found:
        raise Http404("This record is in no conflict that you may see.")
    settled = settled_conflicts(membership=membership, stage=stage)
    context = stage_context(membership, stage, "conflicts") | {
        "conflicts": found,
        "shown": shown_by_id([*found, *(one.record for one in settled)]),
        "conflict_counts": conflict_counts(membership=membership, stage=stage),
        "settled": settled,
        "settings": settings,
        "reasons": list(enumerate(reasons_of(membership), start=1)),
        "form": form or SettleForm(),
        "card": card_of(membership=membership, record=record, stage=stage) if record else None,
        "may_rule": record and may_settle(membership, record, settings, "ruling"),
        "may_agree": record and may_settle(membership, record, settings, "consensus"),
        "adjudicates": membership.can(Capability.ADJUDICATE),
    }
    return render(request, "screening/conflicts.html", context, status=400 if form else 200)


def _is_barred(record: Record, settings: Any) -> bool:
    return bool(settings.is_own_ruling_barred and getattr(record, "is_party", False))
