"""The question path of a stage, question by question: added, reworded, moved, taken out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.models import Membership, PathQuestion
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.cards import reasons_of
from screening.selectors.path import all_questions, question_or_404
from screening.selectors.stages import settings_of
from screening.services import questions as services
from screening.services.settings import change_stage
from screening.views.stages import number_in, said, stage_words


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.MANAGE)
def questions(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The path of a stage; a POST adds a question, or switches the path on or off."""
    asked = ""
    if request.method == "POST":
        try:
            _add_or_switch(membership, stage, request.POST)
        except ValidationError as error:
            messages.error(request, said(error))
            asked = request.POST.get("text", "")
        else:
            return redirect("screening:questions", slug=membership.review.slug, stage=stage)
    found = all_questions(membership, stage)
    context = stage_words(stage) | {
        "settings": settings_of(membership.review, stage),
        "used": [one for one in found if one.retired_at is None],
        "retired": [one for one in found if one.retired_at is not None],
        "reasons": reasons_of(membership),
        "asked": asked,
        "asked_reason": number_in(request.POST, "reason"),
    }
    return render(request, "screening/questions.html", context, status=400 if asked else 200)


@require_POST
@review_view(Capability.MANAGE)
def change_question(request: HttpRequest, membership: Membership, question_id: int) -> HttpResponse:
    """Reword, move or take out a question, as `action` says."""
    question = question_or_404(membership, question_id)
    try:
        _act(membership, question, request.POST)
    except ValidationError as error:
        messages.error(request, said(error))
    stage = Stage(question.stage)
    return redirect("screening:questions", slug=membership.review.slug, stage=stage)


def _add_or_switch(lead: Membership, stage: Stage, sent: QueryDict) -> None:
    if "switch" in sent:
        change_stage(lead=lead, stage=stage, has_question_path=sent["switch"] == "on")
        return
    services.add_question(
        lead=lead, stage=stage, text=sent.get("text", ""), reason_id=number_in(sent, "reason")
    )


def _act(lead: Membership, question: PathQuestion, sent: QueryDict) -> None:
    match sent.get("action"):
        case "change":
            text, reason_id = sent.get("text", ""), number_in(sent, "reason")
            services.change_question(lead=lead, question=question, text=text, reason_id=reason_id)
        case "up" | "down" as way:
            services.move_question(lead=lead, question=question, is_up=way == "up")
        case "retire":
            services.retire_question(lead=lead, question=question)
        case _:
            raise ValidationError("Choose what to do with the question.")
