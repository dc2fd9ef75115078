"""Verdicts that waited in a browser for the line or for a new session, sent one by one."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.screening import DecisionForm
from screening.models import Membership, SignIn, User
from screening.permissions import has_second_factor, review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.records import place_or_404
from screening.services.decisions import Answer
from screening.services.leases import keep_fresh
from screening.services.path import decide
from screening.services.second_factors import check_second_factor
from screening.views.entering import let_in
from screening.views.stages import code_of, number_in, said

OTHER_PERSON = "This verdict was given by somebody else, who has to sign in to send it."


@require_POST
@review_view(Capability.SCREEN)
def decide_waiting(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> JsonResponse:
    """Record a verdict that waited; the same key again gives the stored one back."""
    place_or_404(membership, record_id)
    try:
        answer = _answer(request.POST, membership)
        decision = decide(
            membership=membership,
            record_id=record_id,
            stage=stage,
            answer=answer,
            answers=DecisionForm(request.POST).answers(),
        )
    except ValidationError as error:
        status = 409 if code_of(error) else 400
        return JsonResponse({"error": said(error), "code": code_of(error)}, status=status)
    keep_fresh(membership=membership, stage=stage)
    return JsonResponse({"decision": decision.pk})


def _answer(given: QueryDict, membership: Membership) -> Answer:
    """The verdict of the person who is signed in, with the key it was first sent with."""
    if number_in(given, "member") != membership.pk:
        raise ValidationError(OTHER_PERSON, code="other_person")
    answer = DecisionForm(given).answer()
    if not answer.client_key:
        raise ValidationError("A verdict that waited needs its key.")
    return answer


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, with a token for what follows; a POST signs in where one is."""
    if request.method == "POST":
        form = AuthenticationForm(request, request.POST)
        if not form.is_valid():
            return JsonResponse({"error": "That did not match. Check the password."}, status=400)
        refused = _enter(request, form.get_user())
        if refused:
            return JsonResponse({"error": refused, "needs_code": True}, status=400)
    return JsonResponse({"account": request.user.pk, "token": get_token(request)})


def _enter(request: HttpRequest, user: User) -> str:
    """Sign in with the code that came along, or say what is wrong with it."""
    if has_second_factor(user):
        code = request.POST.get("code", "")
        if not code.strip():
            return "Now the code of your second factor, or a recovery code."
        try:
            check_second_factor(user=user, code=code)
        except ValidationError as error:
            return said(error)
    let_in(request, user, SignIn.Way.PASSWORD)
    return ""
