"""Refuses what is too large to take in with a page that says so, before a view reads it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from reviewapp.errors import too_large

FORM_OVERHEAD_BYTES = 1024 * 1024  # the other fields and the boundaries of a form with a file


class UploadLimitMiddleware:
    """Answers 413 to a body above the limit of its kind: forms are small, uploads may be large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Measure by the declared length; servers hand over no more than that."""
        limit = body_limit(request)
        slack = FORM_OVERHEAD_BYTES if is_upload(request) else 0
        if declared_length(request) > limit + slack:
            return too_large(request, limit_bytes=limit)
        return self._get_response(request)


def is_upload(request: HttpRequest) -> bool:
    """Whether the body is a form that may hold files."""
    return request.content_type == "multipart/form-data"


def body_limit(request: HttpRequest) -> int:
    """Bytes that a request of this content type may have."""
    if is_upload(request):
        return int(settings.UPLOAD_LIMIT_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def declared_length(request: HttpRequest) -> int:
    """The body's length in bytes as the server states it; 0 without a body."""
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(stated) if stated.isdigit() else 0
