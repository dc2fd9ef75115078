"""Signing in by one's institution (OpenID Connect), and connecting an account with it."""

import hmac
import time
from dataclasses import asdict
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from screening.models import SignIn, User
from screening.online.openid import (
    Asked,
    Claims,
    OpenIdError,
    Provider,
    asking_address,
    claims_of,
    discover,
    new_asked,
)
from screening.services.identities import connect_identity, disconnect_identity, person_of
from screening.views.entering import enter, safe_next
from screening.views.stages import said

BEGUN, CONNECTS = "institution_begun", "institution_connects"
MAX_SECONDS = 600


def _provider() -> Provider:
    if not settings.OIDC_ISSUER:
        raise Http404("No institution is named in the settings.")
    return Provider(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        transport=settings.OIDC_TRANSPORT,
    )


def _back_to(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("screening:institution-back"))


@login_not_required
@never_cache
@require_safe
def institution(request: HttpRequest) -> HttpResponse:
    """Send the browser to the institution."""
    provider, asked = _provider(), new_asked()
    connects = request.session.pop(CONNECTS, None)
    if request.user.is_authenticated and connects != request.user.pk:
        return redirect("screening:account")
    try:
        places = discover(provider)
    except OpenIdError as error:
        return _refused(request, str(error))
    request.session[BEGUN] = asdict(asked) | {
        "at": int(time.time()),
        "to": safe_next(request, request.GET.get("next", "")),
        "connects": connects,
    }
    return HttpResponseRedirect(asking_address(provider, places, asked, _back_to(request)))


@login_not_required
@never_cache
@require_safe
def institution_back(request: HttpRequest) -> HttpResponse:
    """Take what the institution sent the browser back with."""
    provider = _provider()
    begun: dict[str, Any] = request.session.pop(BEGUN, {})
    try:
        claims = _claims(request, provider, begun)
        return _arrived(request, provider, begun, claims)
    except OpenIdError as error:
        return _refused(request, str(error))
    except ValidationError as error:
        return _refused(request, said(error))


def _claims(request: HttpRequest, provider: Provider, begun: dict[str, Any]) -> Claims:
    is_same = hmac.compare_digest(
        request.GET.get("state", "").encode(), begun.get("state", "").encode()
    )
    if not begun or not is_same or time.time() - begun["at"] > MAX_SECONDS:
        raise OpenIdError("This sign-in was not begun here, or too long ago. Begin again.")
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise OpenIdError("Another institution answered than was asked.")
    if "code" not in request.GET:
        raise OpenIdError("The institution did not sign you in.")
    asked = Asked(begun["state"], begun["nonce"], begun["verifier"])
    code, back_to = request.GET["code"], _back_to(request)
    return claims_of(provider, discover(provider), asked, code=code, back_to=back_to)


def _arrived(
    request: HttpRequest, provider: Provider, begun: dict[str, Any], claims: Claims
) -> HttpResponse:
    if begun["connects"] is not None:
        if begun["connects"] != request.user.pk:
            raise OpenIdError("You signed out meanwhile. Begin again.")
        user = cast("User", request.user)
        connect_identity(user=user, issuer=provider.issuer, claims=claims)
        messages.success(request, f"{settings.OIDC_NAME} is connected with your account.")
        return redirect("screening:account")
    may_create = settings.OIDC_CREATES_ACCOUNTS
    user = person_of(issuer=provider.issuer, claims=claims, may_create=may_create)
    is_in = enter(request, user, way=SignIn.Way.INSTITUTION, to=begun["to"])
    return HttpResponseRedirect(begun["to"]) if is_in else redirect("screening:sign-in-code")


@never_cache
@require_POST
def connect_institution(request: HttpRequest) -> HttpResponse:
    """Ask once more before the browser leaves for the institution; or disconnect."""
    provider, user = _provider(), cast("User", request.user)
    if request.POST.get("action") == "disconnect":
        try:
            disconnect_identity(user=user, issuer=provider.issuer)
        except ValidationError as error:
            messages.error(request, said(error))
        else:
            messages.success(request, f"{settings.OIDC_NAME} is disconnected.")
        return redirect("screening:account")
    request.session[CONNECTS] = user.pk
    context = {"institution": settings.OIDC_NAME}
    return render(request, "screening/connect_institution.html", context)


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    is_in = request.user.is_authenticated
    return redirect("screening:account" if is_in else "screening:login")
