"""What the navigation of a review shows."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The membership and review of the page, for the shell's navigation."""
    membership = getattr(request, "membership", None)
    return {"membership": membership, "review": membership.review if membership else None}
