"""Verdicts that waited in a browser for the line or for a new session, sent one by one."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.screening import DecisionForm
from screening.models import Membership, Passkey, SignIn, User
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.records import place_or_404
from screening.services.decisions import Answer
from screening.services.leases import keep_fresh
from screening.services.path import decide
from screening.services.second_factors import check_second_factor
from screening.views.entering import PENDING, enter, enter_after_code, let_in, pending_user
from screening.views.passkeys import proved_by_passkey, site_of, ways_of
from screening.views.stages import code_of, number_in, said

OTHER_PASSKEY = "This passkey is of another account."
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


def ways_back(request: HttpRequest) -> dict[str, Any]:
    """By what the person can sign in again over a page, should their session end."""
    user = cast("User", request.user)
    mine = Passkey.objects.filter(factor__user=user.pk, host=site_of(request).host)
    return {
        "has_password": user.has_usable_password(),
        "has_passkeys": mine.exists(),
        "institution": settings.OIDC_NAME,
        "next": request.get_full_path(),
    }


@login_not_required
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, with a token for what follows; a POST signs in where one is."""
    if request.method == "POST":
        enters = _enter_by_passkey if "credential" in request.POST else _enter_by_password
        try:
            refused = enters(request)
        except ValidationError as error:
            refused = {"error": said(error)}
        if refused:
            return JsonResponse(refused, status=400)
    return JsonResponse({"account": request.user.pk, "token": get_token(request)})


def _enter_by_password(request: HttpRequest) -> dict[str, Any]:
    """Sign in with the password, and the code where there is one; else ask for the second step."""
    form = AuthenticationForm(request, request.POST)
    if not form.is_valid():
        return {"error": "That did not match. Check the password."}
    user = form.get_user()
    if enter(request, user, way=SignIn.Way.PASSWORD, to=""):
        return {}
    code, ways = request.POST.get("code", "").strip(), ways_of(request, user)
    if not code:
        return {"error": _second_step(**ways), "needs_code": True} | ways
    try:
        check_second_factor(user=user, code=code)
    except ValidationError as error:
        return {"error": said(error), "needs_code": True} | ways
    enter_after_code(request, user)
    return {}


def _second_step(*, has_app: bool, has_passkeys: bool) -> str:
    """What is asked after the password."""
    if has_app:
        extra = " Or use a passkey." if has_passkeys else ""
        return f"Now the code of your app, or a recovery code.{extra}"
    if has_passkeys:
        return "Now use your passkey, or type a recovery code."
    return "Your passkeys are for another address of this installation: type a recovery code."


def _enter_by_passkey(request: HttpRequest) -> dict[str, Any]:
    """Sign in with a passkey, alone or after the password; nobody but whose page it is."""
    pending = pending_user(request) if request.POST.get("step") == "second" else None
    user = proved_by_passkey(request, pending)
    if user.email != request.POST.get("username", ""):
        raise ValidationError(OTHER_PASSKEY, code="other_person")
    if pending is not None:
        enter_after_code(request, user)
    else:
        request.session.pop(PENDING, None)
        let_in(request, user, SignIn.Way.PASSKEY)
    return {}
