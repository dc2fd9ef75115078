"""Where a person is signed in; each session can be ended."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from screening.models import SignIn, User
from screening.rules.devices import device_words
from screening.services.sign_ins import end_other_sign_ins, end_sign_in

DAY, HOUR = 24 * 3600, 3600


@never_cache
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """List the person's open sessions, this one first."""
    here = request.session.session_key
    mine = cast("User", request.user).sign_ins.order_by("-seen_at", "-pk")
    lines = [(one, device_words(one.device), one.session_key == here) for one in mine]
    context = {
        "lines": sorted(lines, key=lambda line: not line[2]),
        "days": settings.SESSION_COOKIE_AGE // DAY,
        "idle_hours": settings.SESSION_IDLE_SECONDS // HOUR,
    }
    return render(request, "screening/sign_ins.html", context)


@require_POST
def end(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """End one session."""
    try:
        ended = end_sign_in(user=cast("User", request.user), sign_in_id=sign_in_id)
    except SignIn.DoesNotExist as error:
        raise Http404("You have no such session.") from error
    messages.success(request, f"{device_words(ended.device)} is signed out.")
    return redirect("screening:sign-ins")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    user = cast("User", request.user)
    ended = end_other_sign_ins(user=user, session_key=request.session.session_key)
    words = f"{ended} other session{'' if ended == 1 else 's'} ended."
    messages.success(request, words if ended else "There was no other session.")
    return redirect("screening:sign-ins")
