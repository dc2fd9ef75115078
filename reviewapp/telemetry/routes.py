"""What an address is called in logs and metrics: its pattern, never what somebody put into it."""

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "(no such address)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """The pattern of the request's address; slugs, ids and tokens stay out of it."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    is_file = request.path.startswith(str(settings.STATIC_URL))
    return f"{settings.STATIC_URL}..." if is_file else UNKNOWN


def method_of(request: HttpRequest) -> str:
    """The request's method; one that HTTP does not know is not repeated."""
    return request.method if request.method in METHODS else "OTHER"
