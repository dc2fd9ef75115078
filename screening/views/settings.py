"""The settings of a review."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from screening.forms.base import StyledForm
from screening.forms.settings import HighlightsForm, StageForm, TextsForm
from screening.models import HighlightTerm, Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.cards import reasons_of
from screening.selectors.settings_effects import Effect, effect_of
from screening.services import settings as services

STAGE_TITLES = {Stage.TITLE_ABSTRACT: "Title & abstract", Stage.FULL_TEXT: "Full text"}


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def settings(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Texts, stages and highlighted words of the review."""
    sent = request.POST if request.method == "POST" else None
    forms = _forms(membership, sent)
    is_valid = [form.is_valid() for form in forms.values()]  # all of them, to show every error
    if sent is not None and all(is_valid):
        effects = _effects(membership, forms)
        if effects and sent.get("seen") != _mark(effects):
            return _preview(request, effects)
        try:
            _save(membership, forms)
        except ValidationError as error:
            forms["texts"].add_error(None, error)
        else:
            messages.success(request, "The settings are saved.")
            return redirect("screening:settings", slug=membership.review.slug)
    context = {
        "forms": forms,
        "reasons": reasons_of(membership),
        "stages": [(stage, STAGE_TITLES[stage], forms[stage.value]) for stage in Stage],
    }
    return render(request, "screening/settings.html", context, status=400 if sent else 200)


def _forms(membership: Membership, sent: Any) -> dict[str, StyledForm]:
    review = membership.review
    not_stored = {"criteria_note"}
    texts = {n: getattr(review, n) for n in TextsForm.base_fields if n not in not_stored}
    forms: dict[str, StyledForm] = {
        "texts": TextsForm(sent, initial=texts),
        "highlights": HighlightsForm(sent, initial=_words(membership, None), prefix="highlights"),
    }
    for row in review.stage_settings.all():
        values = {name: getattr(row, name) for name in StageForm.base_fields}
        values["settlers"] = list(row.settlers.values_list("pk", flat=True))
        forms[row.stage] = StageForm(sent, initial=values, prefix=row.stage, review=review)
    return forms


def _wanted(forms: dict[str, StyledForm], stage: Stage) -> dict[str, Any]:
    """The stage's own settings; an exclusion at full text always needs its reason."""
    left_out = {"settlers"} | ({"is_together_allowed"} if stage == Stage.FULL_TEXT else set())
    wanted = {k: v for k, v in forms[stage.value].cleaned_data.items() if k not in left_out}
    group = wanted.pop("required_group")
    wanted["required_group_id"] = group.pk if group else None
    return wanted | ({"is_reason_required": True} if stage == Stage.FULL_TEXT else {})


def _effects(membership: Membership, forms: dict[str, StyledForm]) -> list[Effect]:
    found = (
        effect_of(membership=membership, stage=stage, wanted=_wanted(forms, stage))
        for stage in Stage
    )
    return [effect for effect in found if effect is not None]


def _mark(effects: list[Effect]) -> str:
    return " | ".join(effect.mark for effect in effects)


def _preview(request: HttpRequest, effects: list[Effect]) -> HttpResponse:
    """What the change would move, with the whole form kept in it for the confirmation."""
    hidden = ("csrfmiddlewaretoken", "seen")
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in hidden
        for value in values
    ]
    effects_shown = [(STAGE_TITLES[effect.stage], effect) for effect in effects]
    context = {"effects": effects_shown, "mark": _mark(effects), "sent": sent}
    return render(request, "screening/settings_preview.html", context)


def _words(membership: Membership, owner: Membership | None) -> dict[str, list[str]]:
    """The highlighted words of the review, or one member's own, by list."""
    terms = HighlightTerm.objects.filter(review=membership.review, member=owner)
    return {
        name: [term.pattern for term in terms if term.list == name]
        for name in HighlightTerm.List.values
    }


@require_http_methods(["GET", "POST"])
@review_view(Capability.SCREEN)
def own_words(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A screener's own highlighted words, beside those of the review; nobody else sees them."""
    form = HighlightsForm(request.POST or None, initial=_words(membership, membership))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_highlight_terms(member=membership, terms=form.cleaned_data, is_own=True)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Your words are saved.")
            return redirect("screening:own-words", slug=membership.review.slug)
    context = {"form": form, "shared": _words(membership, None)}
    status = 400 if form.errors else 200
    return render(request, "screening/own_words.html", context, status=status)


@transaction.atomic
def _save(membership: Membership, forms: dict[str, StyledForm]) -> None:
    texts = dict(forms["texts"].cleaned_data)
    services.change_review(lead=membership, **texts)
    for stage in Stage:
        services.change_stage(lead=membership, stage=stage, **_wanted(forms, stage))
        settlers = list(forms[stage.value].cleaned_data["settlers"])
        services.name_settlers(lead=membership, stage=stage, members=settlers)
    services.set_highlight_terms(
        member=membership, terms=forms["highlights"].cleaned_data, is_own=False
    )
