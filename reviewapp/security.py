"""How attempts to sign in are counted, and from where they come."""

from collections.abc import Mapping
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The email somebody tries, in lower case, so that its spelling opens no second door."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return given.strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """The address a request comes from, as the outermost of our own proxies saw it.

    Of `X-Forwarded-For` only what `PROXY_COUNT` proxies of ours wrote is believed; anybody can
    write what stands further left.
    """
    nearest = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        nearest = told[-min(settings.PROXY_COUNT, len(told))] or nearest
    try:
        return str(ip_address(nearest))
    except ValueError:
        return None
