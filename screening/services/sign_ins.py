"""Writes about open sessions: begun, seen, ended; and the password, whose change ends them."""

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, SignIn, User

MAX_DEVICE = 300


@transaction.atomic
def begin_sign_in(
    *, user: User, session_key: str, device: str, address: str | None, way: SignIn.Way
) -> SignIn:
    """Note a session that has just begun, and forget those whose time is over."""
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    user.sign_ins.filter(began_at__lt=oldest).delete()
    sign_in, _ = SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "device": device[:MAX_DEVICE], "address": address, "way": way},
    )
    return sign_in


def see_sign_in(*, session_key: str) -> None:
    """Note that a session is in use."""
    SignIn.objects.filter(session_key=session_key).update(seen_at=timezone.now())


@transaction.atomic
def end_sign_in(*, user: User, sign_in_id: int) -> SignIn:
    """End one of the person's own sessions; its browser is signed out with its next request.

    Raises:
        SignIn.DoesNotExist: The person has no such session.
    """
    sign_in = user.sign_ins.get(pk=sign_in_id)
    end_sessions([sign_in])
    _audit(user, "sign_in.ended", ended=1)
    return sign_in


@transaction.atomic
def end_other_sign_ins(*, user: User, session_key: str | None) -> int:
    """End all of the person's sessions but the named one; tells how many."""
    others = list(user.sign_ins.exclude(session_key=session_key or ""))
    end_sessions(others)
    if others:
        _audit(user, "sign_in.others_ended", ended=len(others))
    return len(others)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Set the person's password and end every session, the one that asks too.

    The one that asks signs in anew afterwards, so that no former key of it is good for anything.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    ended = list(user.sign_ins.all())
    end_sessions(ended)
    _audit(user, "password.changed", sessions_ended=len(ended))


def forget_sign_in(*, session_key: str | None) -> None:
    """Drop the note of a session that its own browser has ended."""
    SignIn.objects.filter(session_key=session_key or "").delete()


def end_sessions(sign_ins: Iterable[SignIn]) -> None:
    """End sessions; their browsers are signed out with their next request."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for sign_in in sign_ins:
        store(sign_in.session_key).delete()
        sign_in.delete()


def _audit(user: User, action: str, **after: Any) -> None:
    AuditEvent.objects.append(action=action, target=user, actor=user, after=after)
