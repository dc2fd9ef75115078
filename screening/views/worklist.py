"""The list view of a stage: many records as rows, each decided in its place or several together."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from screening.forms.screening import DecisionForm
from screening.forms.worklist import WorkListForm
from screening.models import Decision, Membership, PilotDecision, StageSettings
from screening.permissions import review_view
from screening.rules.consensus import Stage, Verdict
from screening.rules.roles import Capability
from screening.selectors.cards import reasons_of
from screening.selectors.decisions import last_decision
from screening.selectors.pilots import last_pilot_decision
from screening.selectors.records import place_or_404
from screening.selectors.stages import settings_of
from screening.selectors.worklist import rows_of, work_page
from screening.selectors.worklist_ways import Cursor
from screening.services.decisions import record_decision
from screening.services.leases import keep_fresh
from screening.services.preferences import choose_view as keep_view
from screening.services.together import checked_ticks, decide_together
from screening.services.undo import undo_decision
from screening.views.desk_keys import LIST_KEYS, key_names
from screening.views.stages import code_of, number_in, said, stage_context, stage_words
from screening.views.waiting import ways_back

KEPT = ("words", "state", "source", "tag", "year_from", "year_to", "sort", "before", "after")
PAST = {"include": "Included", "maybe": "Marked as maybe", "exclude": "Excluded"}


@require_safe
@review_view(Capability.SCREEN)
def worklist(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """My records of the stage as rows."""
    if number_in(request.GET, "record"):
        asked = {"record": number_in(request.GET, "record")}
        return redirect(f"{_at('screen', membership, stage)}?{urlencode(asked)}")
    settings = settings_of(membership.review, stage)
    context = stage_context(membership, stage, "screen") | list_context(membership, stage, request)
    context |= {
        "view_here": Membership.View.LIST,
        "settings": settings,
        "reasons": list(enumerate(reasons_of(membership), start=1)),
        "last": _last(membership, settings),
        "key_names": key_names(settings, *LIST_KEYS),
        "client_key": secrets.token_hex(10),
        "again": ways_back(request),
        "may_together": stage == Stage.TITLE_ABSTRACT and settings.is_together_allowed,
    }
    return render(request, "screening/worklist.html", context)


def list_context(membership: Membership, stage: Stage, request: HttpRequest) -> dict[str, Any]:
    """The filters, the rows that fit, and the addresses of the pages beside them."""
    asked = request.GET.copy()
    asked.setdefault("state", "todo")
    form = WorkListForm(asked, membership=membership)
    wanted = form.wanted()
    settings = settings_of(membership.review, stage)
    page = work_page(
        membership=membership, settings=settings, wanted=wanted, cursor=_cursor(request.GET)
    )
    filters = _kept(request.GET, without=("before", "after"))
    return {
        "form": form,
        "work_rows": [(row, secrets.token_hex(10)) for row in page.rows],
        "back": _kept(request.GET),
        "before": page.before and _joined(filters, before=page.before),
        "after": page.after and _joined(filters, after=page.after),
        "is_narrowed": bool(_kept(request.GET, without=("before", "after", "sort"))),
    }


def _last(membership: Membership, settings: StageSettings) -> Decision | PilotDecision | None:
    """My last verdict, the one that undo takes back."""
    pilot_id = settings.pilot_id
    in_pilot = last_pilot_decision(membership, pilot_id) if pilot_id is not None else None
    return in_pilot or last_decision(membership, Stage(settings.stage))


@require_POST
@review_view(Capability.SCREEN)
def decide_row(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """Record the verdict of a row; give the row back."""
    place_or_404(membership, record_id)
    try:
        decision = record_decision(
            membership=membership,
            record_id=record_id,
            stage=stage,
            answer=DecisionForm(request.POST).answer(),
        )
    except ValidationError as error:
        return _refused_row(request, membership, stage, (record_id, error))
    keep_fresh(membership=membership, stage=stage)
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return _row(request, membership, stage, record_id)
    messages.success(request, f"{PAST[decision.verdict]}: {decision.record.title}")
    return redirect(_list(membership, stage, request.POST))


@require_POST
@review_view(Capability.SCREEN)
def undo_row(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Take back my last verdict and show the list again."""
    try:
        undone = undo_decision(
            membership=membership,
            stage=stage,
            expected_id=number_in(request.POST, "decision") or None,
        )
    except ValidationError as error:
        messages.error(request, said(error))
        return redirect(_list(membership, stage, request.POST))
    keep_fresh(membership=membership, stage=stage)
    messages.success(request, f"Taken back: {undone.record.title}")
    return redirect(f"{_list(membership, stage, request.POST)}#row-{undone.record_id}")


@require_POST
@review_view(Capability.SCREEN)
def together(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Say how many records get which verdict; record it once that is confirmed."""
    ids = [int(text) for text in request.POST.getlist("records") if text.isdecimal()]
    settings = settings_of(membership.review, stage)
    try:
        ids = checked_ticks(settings, ids)
        answer = DecisionForm(request.POST).answer()
        if "confirmed" not in request.POST:
            return _confirm(request, membership, stage, (ids, answer.verdict, ""))
        done = decide_together(membership=membership, stage=stage, record_ids=ids, answer=answer)
    except ValidationError as error:
        if code_of(error) == "reason_missing":
            verdict = Verdict.EXCLUDE.value
            return _confirm(request, membership, stage, (ids, verdict, said(error)))
        messages.error(request, said(error))
        return redirect(_list(membership, stage, request.POST))
    keep_fresh(membership=membership, stage=stage)
    number = len(done.decisions)
    messages.success(request, f"{PAST[answer.verdict]}: {number} record{'s' * (number != 1)}.")
    for record_id, why in done.refused:
        messages.warning(request, f"Record {record_id} was left out. {why}")
    return redirect(_list(membership, stage, request.POST))


@require_POST
@review_view(Capability.SCREEN)
def choose_view(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Keep how I like to see the records, and show them so."""
    try:
        member = keep_view(membership=membership, view=request.POST.get("view", ""))
    except ValidationError as error:
        messages.error(request, said(error))
        return redirect(_at("screen", membership, stage))
    if member.screening_view == Membership.View.LIST:
        return redirect(_at("worklist", membership, stage))
    record = number_in(request.POST, "record")
    query = f"?{urlencode({'record': record})}" if record else ""
    return redirect(_at("screen", membership, stage) + query)


def _row(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    record_id: int,
    refusal: ValidationError | None = None,
) -> HttpResponse:
    settings = settings_of(membership.review, stage)
    rows = rows_of(membership=membership, settings=settings, ids=[record_id])
    if not rows:
        raise Http404("There is no such record.")
    context = stage_words(stage) | {
        "row": rows[0],
        "key": secrets.token_hex(10),
        "settings": settings,
        "back": request.POST.get("back", ""),
        "error": said(refusal) if refusal else "",
        "may_together": stage == Stage.TITLE_ABSTRACT and settings.is_together_allowed,
    }
    status = 200 if refusal is None else 409 if code_of(refusal) else 400
    return render(request, "screening/_work_row.html", context, status=status)


def _refused_row(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    refusal: tuple[int, ValidationError],
) -> HttpResponse:
    record_id, error = refusal
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return _row(request, membership, stage, record_id, error)
    messages.error(request, said(error))
    if code_of(error) == "reason_missing":  # the record's own page offers the reasons
        return redirect(f"{_at('screen', membership, stage)}?{urlencode({'record': record_id})}")
    return redirect(_list(membership, stage, request.POST))


def _confirm(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    asked: tuple[list[int], str, str],
) -> HttpResponse:
    ids, verdict, error = asked
    settings = settings_of(membership.review, stage)
    rows = rows_of(membership=membership, settings=settings, ids=ids)
    context = stage_context(membership, stage, "screen") | {
        "rows": rows,
        "changed": sum(row.mine is not None and row.mine.verdict != verdict for row in rows),
        "verdict": verdict,
        "word": verdict.title(),
        "settings": settings,
        "reasons": list(enumerate(reasons_of(membership), start=1)),
        "reason": number_in(request.POST, "reason"),
        "client_key": request.POST.get("client_key", ""),
        "back": request.POST.get("back", ""),
        "error": error,
    }
    return render(request, "screening/together.html", context, status=400 if error else 200)


def _cursor(asked: QueryDict) -> Cursor | None:
    for name, is_backwards in (("after", False), ("before", True)):
        if number_in(asked, name):
            return Cursor(number_in(asked, name), is_backwards=is_backwards)
    return None


def _kept(asked: QueryDict, without: tuple[str, ...] = ()) -> str:
    """The filters of an address, to come back to it."""
    pairs = [(name, str(asked[name])) for name in KEPT if asked.get(name) and name not in without]
    return urlencode(pairs)


def _joined(filters: str, **cursor: int) -> str:
    return "&".join(part for part in (filters, urlencode(cursor)) if part)


def _at(name: str, membership: Membership, stage: Stage) -> str:
    place = {"slug": membership.review.slug, "stage": stage}
    return reverse(f"screening:{name}", kwargs=place)


def _list(membership: Membership, stage: Stage, sent: QueryDict) -> str:
    """The list that a form was sent from."""
    back = _kept(QueryDict(sent.get("back", "")))
    return _at("worklist", membership, stage) + (f"?{back}" if back else "")
