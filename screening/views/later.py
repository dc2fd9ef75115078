"""Views that are loaded when they are first asked for, so that numpy is not loaded at the start."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string


def later(name: str) -> Callable[..., HttpResponse]:
    """A view by its dotted name, imported at its first request."""

    def view(request: HttpRequest, **parts: object) -> HttpResponse:
        response: HttpResponse = import_string(name)(request, **parts)
        return response

    return view
