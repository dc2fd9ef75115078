"""What every door into the app ends in: a second factor where there is one, then a session."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from screening.models import SignIn, User
from screening.permissions import has_second_factor

PENDING = "sign_in_pending"
PENDING_SECONDS = 300
BACKEND = "django.contrib.auth.backends.ModelBackend"


def safe_next(request: HttpRequest, given: str) -> str:
    """Where to go afterwards: a page of this installation, else the list of reviews."""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(given, hosts, require_https=request.is_secure())
    return given if given and is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def enter(request: HttpRequest, user: User, *, way: SignIn.Way, to: str) -> bool:
    """Sign the person in, or remember that the first step is done; tells whether they are in."""
    if not has_second_factor(user):
        let_in(request, user, way)
        return True
    request.session[PENDING] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),  # a password changed meanwhile ends it
        "at": int(time.time()),
        "way": way.value,
        "to": to,
    }
    return False


def pending_user(request: HttpRequest) -> User | None:
    """Who has done the first step in this browser within five minutes."""
    pending: dict[str, Any] = request.session.get(PENDING, {})
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == pending["proof"] else None


def enter_after_code(request: HttpRequest, user: User) -> str:
    """Sign in whoever has done both steps; tells where they wanted to go."""
    pending = request.session.pop(PENDING)
    let_in(request, user, SignIn.Way(pending["way"]))
    return str(pending["to"])


def let_in(request: HttpRequest, user: User, way: SignIn.Way) -> None:
    """Begin the session of somebody who has proved who they are in full."""
    request.sign_in_way = way  # type: ignore[attr-defined]  # noted with the session
    login(request, user, backend=BACKEND)
