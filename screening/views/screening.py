"""The screening page: one record, one verdict, the next record."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import DecisionForm
from screening.models import GivenAnswer, Membership, PilotDecision, Record, StageSettings
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.cards import Card, card_of, open_card, reasons_of
from screening.selectors.counts import queue_counts
from screening.selectors.decisions import last_decision
from screening.selectors.path import path_of, pilot_answers_of
from screening.selectors.pilots import (
    is_todo,
    last_pilot_decision,
    own_pilot_decision,
    pilot_state,
)
from screening.selectors.queue import asker_of
from screening.selectors.records import place_or_404, record_or_404
from screening.selectors.reports import retrieval_counts
from screening.selectors.stages import settings_of
from screening.selectors.worklist import rows_of
from screening.services.leases import hand_out, hold, keep_fresh
from screening.services.path import decide as record_answer
from screening.services.undo import undo_decision
from screening.views.desk_keys import key_names
from screening.views.progress import progress_page
from screening.views.stages import code_of, number_in, said, stage_context, stage_words, tabs_of
from screening.views.waiting import ways_back
from screening.views.worklist import list_context

MOVES_ON = {"settled", "in_conflict", "not_in_stage", "not_retrieved"}
WORDS = {"include": "Included", "maybe": "Marked as maybe", "exclude": "Excluded"}


@require_safe
@review_view(Capability.VIEW)
def screen(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The next record, or the one asked for; who does not screen sees the stage's progress."""
    if not membership.can(Capability.SCREEN) or membership.review.is_read_only:
        return progress_page(request, membership, stage)
    if "ahead" in request.GET:
        return _ahead(request, membership, stage)
    if membership.screening_view == Membership.View.LIST and not {"record", "near"} & {
        *request.GET
    }:
        return redirect("screening:worklist", slug=membership.review.slug, stage=stage)
    panes = _panes(request, membership, stage)
    asked = request.GET.copy()
    if panes.get("work_rows") and not {"record", "near"} & {*asked}:
        asked["record"] = str(panes["work_rows"][0][0].record.pk)
    return _desk(
        request, membership, stage, panes | {"record": _asked_record(membership, stage, asked)}
    )


@require_POST
@review_view(Capability.SCREEN)
def decide(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """Record a verdict and show the next record."""
    try:
        form = DecisionForm(request.POST)
        decision = record_answer(
            membership=membership,
            record_id=record_id,
            stage=stage,
            answer=form.answer(),
            answers=form.answers(),
        )
    except ValidationError as error:
        record = record_or_404(membership, record_id)
        return _refused(request, membership, stage, (record, error))
    record = decision.record
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        messages.success(request, f"{WORDS[decision.verdict]}: {record.title}")
        return redirect(_address(membership, stage, near=record.pk))
    settings = settings_of(membership.review, stage)
    following = _wished(membership, settings, request.POST)
    if following is None:
        following = hand_out(membership=membership, stage=stage, near=record, settings=settings)
    context: dict[str, Any] = {"record": following, "settings": settings}
    context |= {"toast": decision, "last": decision} | _row_beside(
        membership, settings, request.POST, record
    )
    if following is not None:
        card = open_card(membership=membership, record=following, settings=settings)
        context["card"] = card
    return _desk(request, membership, stage, context)


@require_POST
@review_view(Capability.SCREEN)
def undo(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Take back my last verdict and show its record again."""
    meant = number_in(request.POST, "decision") or None
    try:
        undone = undo_decision(membership=membership, stage=stage, expected_id=meant)
    except ValidationError as error:
        return _refused(request, membership, stage, (None, error))
    keep_fresh(membership=membership, stage=stage)
    hold(membership=membership, record=undone.record, stage=stage)
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        messages.success(request, f"Taken back: {undone.record.title}")
        return redirect(_address(membership, stage, record=undone.record_id))
    context = {"record": undone.record, "notice": "Your verdict is taken back."}
    settings = settings_of(membership.review, stage)
    context |= _row_beside(membership, settings, request.POST, undone.record)
    return _desk(request, membership, stage, context)


@require_safe
@review_view(Capability.VIEW)
def counts(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The tabs of a stage with their present counts, fetched beside the work."""
    found = queue_counts(membership=membership, stage=stage)
    here = request.GET.get("here", "")
    tabs = tabs_of(membership, stage, here, found)
    return render(request, "screening/_tabs.html", {"tabs": tabs, "counts": found, "here": here})


def _panes(request: HttpRequest, membership: Membership, stage: Stage) -> dict[str, Any]:
    """The list beside the record, for who works in three panes."""
    is_part = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    if is_part or membership.screening_view != Membership.View.PANES:
        return {}
    beside = list_context(membership, stage, request)
    return beside | {"is_panes": True, "view_here": Membership.View.PANES}


def _wished(membership: Membership, settings: StageSettings, sent: QueryDict) -> Record | None:
    """The record that follows in the list beside, when it is open to the person."""
    wished, stage = number_in(sent, "then"), Stage(settings.stage)
    if not wished:
        return None
    record = record_or_404(membership, wished)
    if not is_todo(asker_of(membership, settings), wished):
        return None
    hold(membership=membership, record=record, stage=stage)
    return record


def _row_beside(
    membership: Membership, settings: StageSettings, sent: QueryDict, record: Record
) -> dict[str, Any]:
    """The record's new line in the list beside, for a page that shows one."""
    if not number_in(sent, "panes"):
        return {}
    rows = rows_of(membership=membership, settings=settings, ids=[record.pk])
    return {"row_beside": rows[0]} if rows else {}


def _asked_record(membership: Membership, stage: Stage, asked: QueryDict) -> Record | None:
    """The record an address names, its neighbour, or the next one."""
    if number_in(asked, "record"):
        record = record_or_404(membership, number_in(asked, "record"))
        hold(membership=membership, record=record, stage=stage)
        return record
    near = _near(membership, asked)
    return hand_out(membership=membership, stage=stage, near=near, backwards="back" in asked)


def _near(membership: Membership, asked: QueryDict) -> Record | None:
    near_id = number_in(asked, "near")
    return place_or_404(membership, near_id) if near_id else None


def _ahead(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Only the record that follows, for the page to keep until it is needed."""
    settings = settings_of(membership.review, stage)
    record = _wished(membership, settings, request.GET)
    if record is None:
        near = _near(membership, request.GET)
        record = hand_out(
            membership=membership, stage=stage, near=near, is_ahead=True, settings=settings
        )
    if record is None:
        return HttpResponse()
    context = stage_words(stage) | {
        "card": open_card(membership=membership, record=record, settings=settings),
        "settings": settings,
        "criteria": membership.review.inclusion_criteria,
        "reasons": list(enumerate(reasons_of(membership), start=1)),
        "client_key": secrets.token_hex(16),
    }
    context |= _ranking(membership, settings) | _path(settings, context["card"])
    return render(request, "screening/_ahead.html", context)


def _desk(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    record: Record | None = context["record"]
    if "card" not in context:
        context["card"] = record and card_of(membership=membership, record=record, stage=stage)
    settings = context.setdefault("settings", None) or settings_of(membership.review, stage)
    is_part = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    around = stage_words(stage) if is_part else stage_context(membership, stage, "screen")
    if record is None:
        around["counts"] = queue_counts(membership=membership, stage=stage, is_exact=True)
        if stage == Stage.FULL_TEXT:
            around["to_retrieve"] = retrieval_counts(membership=membership)["awaiting"]
    if "last" not in context:
        context["last"] = last_decision(membership, stage)
    if settings.pilot_id is not None:
        context |= _in_pilot(membership, settings, context)
    context |= around | {
        "settings": settings,
        "criteria": membership.review.inclusion_criteria,
        "reasons": list(enumerate(reasons_of(membership), start=1)),
        "client_key": secrets.token_hex(16),
    }
    context["key_names"] = key_names(context["settings"])
    if record is not None:
        context |= _ranking(membership, context["settings"])
        context |= _path(context["settings"], context["card"])
    if not is_part:
        context["again"] = ways_back(request)
    template = "screening/_desk.html" if is_part else "screening/screen.html"
    return render(request, template, context, status=status)


def _in_pilot(
    membership: Membership, settings: StageSettings, context: dict[str, Any]
) -> dict[str, Any]:
    """How far the pilot round is, and what the person said in it of the record on screen."""
    pilot_id = settings.pilot_id or 0
    card: Card | None = context["card"]
    mine = card and own_pilot_decision(membership, pilot_id, card.record.pk)
    return {
        "pilot": pilot_state(membership, settings),
        "card": replace(card, mine=mine) if card and mine else card,
        "last": last_pilot_decision(membership, pilot_id) or context["last"],
    }


def _path(settings: StageSettings, card: Card) -> dict[str, Any]:
    """The questions of the stage with what I answered, where it has a path."""
    questions = path_of(settings)
    given = _my_answers(card) if questions else ()
    mine = {one.question_id: one.answer for one in given}
    return {"path": [(one, mine.get(one.pk, "")) for one in questions]}


def _my_answers(card: Card) -> Sequence[GivenAnswer]:
    if card.mine is None:
        return ()
    if isinstance(card.mine, PilotDecision):
        return pilot_answers_of([card.mine]).get(card.mine.pk, ())
    return card.answers.get(card.mine.pk, ())


def _ranking(membership: Membership, settings: StageSettings) -> dict[str, Any]:
    """How fresh the order by relevance is, where it is used."""
    if settings.order != StageSettings.Order.RELEVANCE:
        return {}
    # here, since numpy and SciPy are wanted by this order only
    from screening.selectors.rankings.seeing import ranking_state  # noqa: PLC0415

    return {"ranking": ranking_state(membership, settings)}


def _refused(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    refusal: tuple[Record | None, ValidationError],
) -> HttpResponse:
    """Say what is wrong; a record that is no longer mine to decide makes room for the next."""
    record, error = refusal
    if record is None or code_of(error) in MOVES_ON:
        record = hand_out(membership=membership, stage=stage, near=record)
    context = {"record": record, "error": said(error)}
    return _desk(request, membership, stage, context, status=409 if code_of(error) else 400)


def _address(membership: Membership, stage: Stage, **asked: int) -> str:
    place = {"slug": membership.review.slug, "stage": stage}
    return f"{reverse('screening:screen', kwargs=place)}?{urlencode(asked)}"
