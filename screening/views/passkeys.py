"""Passkeys: listed, added, named and removed on the account, and signing in with one."""

import time
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.passkeys import AnswerForm, NameForm, NewPasskeyForm
from screening.forms.sign_in import ProofForm
from screening.models import Passkey, SecondFactor, SignIn, User
from screening.services import passkeys as services
from screening.services.passkeys import Site
from screening.views.entering import (
    PENDING,
    enter_after_code,
    let_in,
    pending_user,
    safe_next,
)
from screening.views.stages import number_in, said

ASKED = "passkey_asked"
SECONDS = 300


def site_of(request: HttpRequest) -> Site:
    """The host and the origin by which the browser sees this installation."""
    host = request.get_host()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return Site(name, f"{request.scheme}://{host}")


def offers_passkeys(request: HttpRequest) -> bool:
    """Whether somebody has a passkey for the host of this address."""
    return Passkey.objects.filter(host=site_of(request).host).exists()


def ways_of(request: HttpRequest, user: User) -> dict[str, bool]:
    """By what the person can do the second step here."""
    mine = Passkey.objects.filter(factor__user=user, host=site_of(request).host)
    apps = SecondFactor.objects.filter(user=user).exclude(secret="")
    return {"has_app": apps.exists(), "has_passkeys": mine.exists()}


def proved_by_passkey(request: HttpRequest, user: User | None) -> User:
    """Whose passkey answered what this browser was asked.

    Args:
        request: The answer, as `credential`.
        user: Who has given the password already; without one it is a sign-in by the passkey alone.

    Raises:
        ValidationError: It is no answer to what was asked.
    """
    form, state = AnswerForm(request.POST), _asked(request, user)
    if state is None or not form.is_valid():
        raise ValidationError(services.REFUSED, code="refused")
    return services.check_passkey(
        site=site_of(request), state=state, response=form.cleaned_data["credential"], user=user
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def passkeys(request: HttpRequest) -> HttpResponse:
    """The person's passkeys; a POST names what to do."""
    user = cast("User", request.user)
    acts = {"add": _add, "rename": _rename, "remove": _remove}
    act = acts.get(request.POST.get("action", ""))
    return act(request, user) if act else _page(request, user)


def _page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "passkeys": Passkey.objects.filter(factor__user=user),
        "site": site_of(request),
        "form": NameForm(),
        "proof": ProofForm(user=user),
    }
    return render(request, "screening/passkeys.html", context | more, status=status)


@require_POST
@sensitive_post_parameters("password")
def new_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to make a passkey; the password comes first."""
    user = cast("User", request.user)
    proof = ProofForm(request.POST, user=user)
    if not proof.is_valid():
        words = [str(one) for field in proof.errors.values() for one in field]
        return JsonResponse({"error": " ".join(words)}, status=400)
    try:
        options, state = services.ask_registration(user=user, site=site_of(request))
    except ValidationError as refused:
        return JsonResponse({"error": said(refused)}, status=400)
    _remember(request, state, user)
    return JsonResponse(options)


def _add(request: HttpRequest, user: User) -> HttpResponse:
    form = NewPasskeyForm(request.POST)
    state = _asked(request, user)
    if state is None or not form.is_valid():
        return _page(request, user, status=400, error=services.REFUSED)
    try:
        passkey, codes = services.add_passkey(
            user=user,
            site=site_of(request),
            state=state,
            name=form.cleaned_data["name"],
            response=form.cleaned_data["credential"],
        )
    except ValidationError as refused:
        return _page(request, user, status=400, error=said(refused))
    messages.success(request, f"The passkey “{passkey.name}” is added.")
    return _page(request, user, codes=codes) if codes else redirect("screening:passkeys")


def _rename(request: HttpRequest, user: User) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, user, status=400, error="A passkey needs a name.")
    try:
        services.rename_passkey(
            user=user, passkey_id=_number(request), name=form.cleaned_data["name"]
        )
    except Passkey.DoesNotExist as error:
        raise Http404("You have no such passkey.") from error
    return redirect("screening:passkeys")


def _remove(request: HttpRequest, user: User) -> HttpResponse:
    proof = ProofForm(request.POST, user=user)
    if not proof.is_valid():
        return _page(request, user, status=400, error="This is not your password.")
    try:
        services.remove_passkey(user=user, passkey_id=_number(request))
    except Passkey.DoesNotExist as error:
        raise Http404("You have no such passkey.") from error
    messages.success(request, "The passkey opens nothing any more.")
    return redirect("screening:passkeys")


@login_not_required
@never_cache
@require_POST
def sign_in_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to sign in: alone, or as the second step after the password."""
    user = pending_user(request) if request.POST.get("step") == "second" else None
    options, state = services.ask_sign_in(site=site_of(request), user=user)
    _remember(request, state, user)
    return JsonResponse(options)


@login_not_required
@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whom a passkey proves."""
    user = pending_user(request) if request.POST.get("step") == "second" else None
    back = "screening:sign-in-code" if user else "screening:login"
    try:
        proved = proved_by_passkey(request, user)
    except ValidationError as refused:
        messages.error(request, said(refused))
        return redirect(back)
    if user is not None:
        return HttpResponseRedirect(enter_after_code(request, proved))
    request.session.pop(PENDING, None)
    let_in(request, proved, SignIn.Way.PASSKEY)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _remember(request: HttpRequest, state: dict[str, Any], user: User | None) -> None:
    request.session[ASKED] = {
        "state": state | {"user_verification": str(state["user_verification"])},
        "user": user.pk if user else None,
        "at": int(time.time()),
    }


def _asked(request: HttpRequest, user: User | None) -> dict[str, Any] | None:
    """What this browser was asked, once, within five minutes and for the same person."""
    asked: dict[str, Any] | None = request.session.pop(ASKED, None)
    if asked is None or asked["user"] != (user.pk if user else None):
        return None
    state: dict[str, Any] = asked["state"]
    return state if time.time() - asked["at"] <= SECONDS else None


def _number(request: HttpRequest) -> int:
    return number_in(request.POST, "passkey")
