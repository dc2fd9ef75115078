"""The error pages: a sentence on what happened, one on what to do, and a way back."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from reviewapp.files import FilesAwayError

FILES_AWAY = "The storage that keeps imported files and PDFs does not answer."
API = "/api/v1/"
RETRY_SECONDS = 5
MEGABYTE = 1024 * 1024


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    del exception  # its text may quote what an attacker sent
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a member without the capability; the guard's own sentence says who may."""
    return _page(request, HTTPStatus.FORBIDDEN, reason=str(exception or ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection token is missing or stale."""
    del reason  # written for developers
    text = "This form has expired, perhaps because you signed in or out in another tab."
    return _page(request, HTTPStatus.FORBIDDEN, reason=text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing this person may know of."""
    del exception  # it may name what a stranger must not learn
    return _page(request, HTTPStatus.NOT_FOUND)


def too_large(request: HttpRequest, *, limit_bytes: int) -> HttpResponse:
    """413: a body above the limit."""
    reason = f"What you sent is larger than the limit of {limit_bytes // MEGABYTE} MB."
    return _page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason=reason)


def disk_full(request: HttpRequest) -> HttpResponse:
    """507: there is no room for what should be stored."""
    return _page(request, HTTPStatus.INSUFFICIENT_STORAGE)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the log knows more. 503 while database or files cannot be asked."""
    fault = sys.exception()
    if not isinstance(fault, (OperationalError, InterfaceError, FilesAwayError)):
        return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    reason = FILES_AWAY if isinstance(fault, FilesAwayError) else ""
    answer = _page(request, HTTPStatus.SERVICE_UNAVAILABLE, reason)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _page(request: HttpRequest, status: HTTPStatus, reason: str = "") -> HttpResponse:
    """Render without context processors: the page must not need a database or a session."""
    if request.path.startswith(API):
        return _problem(status, reason)
    html = render_to_string(f"reviewapp/{status.value}.html", {"reason": reason})
    return HttpResponse(html, status=status)


def _problem(status: HTTPStatus, reason: str) -> HttpResponse:
    """What a program is told (RFC 9457), in the form of `screening.api.problems`."""
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": reason or status.description or status.phrase,
        "code": status.name.lower(),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
