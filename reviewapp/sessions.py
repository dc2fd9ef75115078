"""Sessions: noted when they begin, seen while in use, ended when idle or old."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from reviewapp.security import client_address
from screening.models import SignIn, User
from screening.services.sign_ins import begin_sign_in, forget_sign_in, see_sign_in

BEGAN, SEEN = "began_at", "seen_at"  # seconds, kept in the session itself: no query to read them
NOTED_EVERY = timedelta(minutes=5)


class SessionLimitMiddleware(MiddlewareMixin):
    """Ends a session that was idle for too long or is too old, before anything is asked of it."""

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> None:
        """Let probes and the sign-in page alone; they need no session."""
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            hold_to_limits(request)


def hold_to_limits(request: HttpRequest) -> None:
    """End the session, or note now and then that it is in use."""
    session, now = request.session, int(time.time())
    if BEGAN not in session:  # begun before sessions were noted
        note_sign_in(sender=None, request=request, user=request.user)
        return
    idle, age = now - session[SEEN], now - session[BEGAN]
    if idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif idle >= NOTED_EVERY.total_seconds():
        session[SEEN] = now
        see_sign_in(session_key=session.session_key or "")


def note_sign_in(*, sender: Any, request: HttpRequest, user: Any, **_facts: Any) -> None:
    """Note where somebody has just signed in, whichever door they took."""
    del sender
    session: SessionBase = request.session
    session[BEGAN] = session[SEEN] = int(time.time())
    if not session.session_key:
        session.create()
    begin_sign_in(
        user=user,
        session_key=session.session_key or "",
        device=request.headers.get("User-Agent", ""),
        address=client_address(request),
        way=getattr(request, "sign_in_way", SignIn.Way.PASSWORD),
    )


def note_sign_out(*, sender: Any, request: HttpRequest, user: User | None, **_facts: Any) -> None:
    """Drop the note of the session that is about to end."""
    del sender, user
    forget_sign_in(session_key=request.session.session_key)


def listen() -> None:
    """Hear of every sign-in and sign-out."""
    user_logged_in.connect(note_sign_in, dispatch_uid="note-sign-in")
    user_logged_out.connect(note_sign_out, dispatch_uid="note-sign-out")
