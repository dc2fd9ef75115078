"""How attempts to sign in are counted."""

from collections.abc import Mapping

from django.http import HttpRequest


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The email somebody tries, in lower case, so that its spelling opens no second door."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return given.strip().lower()
