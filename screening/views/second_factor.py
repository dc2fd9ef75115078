"""The second factor of a person's account: set up, recovery codes, removed."""

from collections.abc import Callable
from typing import Any, cast

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from screening.forms.base import StyledForm
from screening.forms.sign_in import CodeForm, NewCodeForm, ProofForm
from screening.models import SecondFactor, User
from screening.rules.one_time import key_address
from screening.services import second_factors as services

ISSUER = "Systematic reviews"
GROUP = 4


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The state of it; a POST names what to do."""
    user = cast("User", request.user)
    act = ACTIONS.get(request.POST.get("action", ""))
    if request.method == "POST" and act is not None:
        return act(request, user)
    return _page(request, user)


def _page(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    factor = SecondFactor.objects.filter(user=user).first()
    context: dict[str, Any] = {
        "factor": factor,
        "proof": ProofForm(user=user),
        "is_asked": "asked" in request.GET,
    }
    if factor is not None and (factor.confirmed_at is None or factor.next_secret):
        context["is_begun"] = True
        secret = services.secret_of(factor)
        address = key_address(secret, issuer=ISSUER, account=user.email)
        groups = [secret[i : i + GROUP] for i in range(0, len(secret), GROUP)]
        context |= {"code": NewCodeForm(), "qr": _drawn(address), "secret": " ".join(groups)}
    elif factor is not None:
        left = factor.recovery_codes.filter(used_at__isnull=True).count()
        context |= {"code": CodeForm(), "left": left, "has_app": factor.secret != ""}
    return render(request, "screening/second_factor.html", context | more, status=status)


def _drawn(address: str) -> SafeString:
    """The QR code as SVG; black on white in dark mode too, or no camera reads it."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=5, dark="#000", light="#fff", title="QR code of the key")
    return mark_safe(drawn)  # noqa: S308  (paths and numbers of our own drawing; the title is ours)


def _begin(request: HttpRequest, user: User) -> HttpResponse:
    proof = ProofForm(request.POST, user=user)
    if not proof.is_valid():
        return _page(request, user, status=400, proof=proof)
    try:
        services.begin_second_factor(user=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("screening:second-factor")


def _with_code(
    form_class: type[StyledForm], act: Callable[..., list[str] | None], done: str
) -> Callable[[HttpRequest, User], HttpResponse]:
    """An action that a code has to prove."""

    def answer(request: HttpRequest, user: User) -> HttpResponse:
        form = form_class(request.POST)
        if form.is_valid():
            try:
                codes = act(user=user, code=form.cleaned_data["code"])
            except ValidationError as error:
                form.add_error("code", error)
            else:
                messages.success(request, done)
                return _page(request, user, codes=codes) if codes else redirect(request.path)
        return _page(request, user, status=400, code=form)

    return answer


ACTIONS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "begin": _begin,
    "confirm": _with_code(
        NewCodeForm, services.confirm_second_factor, "The second factor is set up."
    ),
    "renew": _with_code(CodeForm, services.renew_recovery_codes, "There are new recovery codes."),
    "remove": _with_code(
        CodeForm, services.remove_second_factor, "The second factor is taken away."
    ),
}
