"""The page of the order by relevance: how fresh it is, when to stop, what it learns from."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.base import StyledForm
from screening.forms.rankings import PriorForm, RankingForm, StopForm
from screening.models import Membership, Ranking, ScreeningStop, StageSettings
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.assignments import trace_of
from screening.selectors.completions import gap_counts
from screening.selectors.rankings.seeing import ranking_state, records_without_text, why_here
from screening.selectors.rankings.stopping import stopping_panel
from screening.selectors.rankings.texts import standing_prior
from screening.selectors.records import record_or_404
from screening.selectors.stages import settings_of
from screening.services.rankings.priors import forget_prior, learn_from_review, learn_from_table
from screening.services.rankings.stops import stop_screening, take_back_stop
from screening.services.settings import change_stage
from screening.views.stages import in_words, said, stage_context, stage_words

MOST_BARE = 50


@require_safe
@review_view(Capability.VIEW)
def page(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The state of the order, the stopping panel and, for a lead, the settings."""
    return _page(request, membership, stage, {})


def _page(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    forms: dict[str, StyledForm],
    status: int = 200,
) -> HttpResponse:
    settings = settings_of(membership.review, stage)
    is_first = stage == Stage.TITLE_ABSTRACT
    initial = {name: getattr(settings, name) for name in RankingForm.base_fields}
    bare = records_without_text(membership)
    context = stage_context(membership, stage, "ranking") | {
        "settings": settings,
        "state": ranking_state(membership, settings),
        "panel": stopping_panel(membership=membership) if is_first else None,
        "may_manage": membership.can(Capability.MANAGE),
        "order_form": forms.get("order") or RankingForm(initial=initial),
        "stop_form": forms.get("stop") or StopForm(),
        "prior_form": forms.get("prior") or PriorForm(membership=membership),
        "prior": standing_prior(membership.review),
        "bare": bare[:MOST_BARE],
        "bare_count": bare.count(),
        "gaps": gap_counts(membership.review),
        "vectors": membership.review.ranking_vectors.last(),
    }
    return render(request, "screening/ranking.html", context, status=status)


@require_safe
@review_view(Capability.SCREEN)
def why(request: HttpRequest, membership: Membership, stage: Stage, record_id: int) -> HttpResponse:
    """Why the queue hands me a record; by relevance also the words that pull it up and down."""
    record = record_or_404(membership, record_id)
    settings = settings_of(membership.review, stage)
    is_ranked = settings.order == StageSettings.Order.RELEVANCE
    context = stage_words(stage) | {
        "trace": trace_of(membership=membership, settings=settings, record=record),
        "why": why_here(membership, settings, record) if is_ranked else None,
        "record": record,
    }
    is_part = request.htmx  # type: ignore[attr-defined]  # set by django-htmx
    if not is_part:
        context |= stage_context(membership, stage, "ranking")
    return render(request, "screening/_why.html" if is_part else "screening/why.html", context)


@require_POST
@review_view(Capability.MANAGE)
def set_order(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Switch the order of a stage; verdicts, leases and earlier rankings stay."""
    form = RankingForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, stage, {"order": form}, 400)
    change_stage(lead=membership, stage=stage, **form.cleaned_data)
    messages.success(request, "The order is saved.")
    return _back(membership, stage)


@require_POST
@review_view(Capability.MANAGE)
def stop(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Record the lead's decision to stop."""
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, stage, {"stop": form}, 400)
    try:
        stopped = stop_screening(lead=membership, note=form.cleaned_data["note"])
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, membership, stage, {"stop": form}, 409)
    messages.success(request, f"Stopped: {stopped.removed} records are not screened.")
    return _back(membership, stage)


@require_POST
@review_view(Capability.MANAGE)
def resume(request: HttpRequest, membership: Membership, stop_id: int) -> HttpResponse:
    """Take a decision to stop back."""
    found = get_object_or_404(ScreeningStop, pk=stop_id, review=membership.review)
    try:
        take_back_stop(lead=membership, stop=found)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, f"{found.removed} records are screened again.")
    return _back(membership, Stage(found.stage))


@require_POST
@review_view(Capability.MANAGE)
def learn(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let an earlier review's final decisions train the first ranking."""
    form = PriorForm(request.POST, request.FILES, membership=membership)
    if not form.is_valid():
        messages.error(request, in_words(form))
        return _back(membership, Stage.TITLE_ABSTRACT)
    given: dict[str, Any] = form.cleaned_data
    try:
        if given["old_review"]:
            learn_from_review(lead=membership, old=given["old_review"])
        else:
            name = str(given["table"].name)
            learn_from_table(lead=membership, table=given["labelled"], name=name)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, "The ranking learns from those decisions in a moment.")
    return _back(membership, Stage.TITLE_ABSTRACT)


@require_POST
@review_view(Capability.MANAGE)
def forget(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Let the ranking learn from this review only again."""
    try:
        forget_prior(lead=membership)
    except ValidationError as error:
        messages.error(request, said(error))
    return _back(membership, Stage.TITLE_ABSTRACT)


@require_safe
@review_view(Capability.MANAGE)
def trainings(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Every training of a stage with what it was made of, the newest first, for the methods.

    A checksum of another's training set would let a guess of one verdict be checked, so while the
    stage is blinded only those of one's own and of the team's orders are shown.
    """
    is_blinded = settings_of(membership.review, stage).is_blinded
    rows = Ranking.objects.filter(review=membership.review, stage=stage)
    rows = rows.select_related("member__user", "vectors").order_by("-pk")
    context = stage_context(membership, stage, "ranking") | {
        "rankings": rows[:200],
        "open_members": {None, membership.pk} if is_blinded else None,
        "total": rows.count(),
    }
    return render(request, "screening/trainings.html", context)


def _back(membership: Membership, stage: Stage) -> HttpResponse:
    return redirect("screening:ranking", slug=membership.review.slug, stage=stage)
