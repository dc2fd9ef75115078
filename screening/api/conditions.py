"""Conditions of requests: `If-None-Match`, `If-Match` and `Idempotency-Key`."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from screening.api.problems import PreconditionFailed
from screening.models import Review, User
from screening.services.idempotency import Answered, Asked, once

Act = Callable[[], HttpResponseBase]


def etag_of(content: bytes) -> str:
    """The strong validator of what is sent."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def mark(request: Request, response: HttpResponse) -> HttpResponse:
    """Give a rendered answer its ETag, or turn it into a 304; a post-render callback."""
    response["ETag"] = etag_of(response.content)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization", "Cookie"])
    told = get_conditional_response(request, etag=response["ETag"], response=response)
    return told or response


def matched(request: Request, review: Review | None, read: Act | None, act: Act) -> Act:
    """`act` under `If-Match`: refused when the resource is not as the caller read it."""
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        return act

    def guarded() -> HttpResponseBase:
        with transaction.atomic():
            if review is not None:  # writers of the review's audit trail wait here
                Review.objects.select_for_update().filter(pk=review.pk).first()
            now = _etag_now(read)
            if now is None or (wanted != "*" and now not in [w.strip() for w in wanted.split(",")]):
                raise PreconditionFailed
            return act()

    return guarded


def _etag_now(read: Act | None) -> str | None:
    response = read() if read is not None else None
    if not isinstance(response, Response):
        return None
    return etag_of(JSONRenderer().render(response.data))


def idempotent(request: Request, act: Act, *, is_long: bool) -> Act:
    """`act` under `Idempotency-Key`: the same request gets the same answer and acts once."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act

    def answered() -> Answered:
        response = act()
        body = response.data if isinstance(response, Response) else None
        plain = json.loads(JSONRenderer().render(body)) if body is not None else None
        return Answered(response.status_code, plain)

    def guarded() -> HttpResponseBase:
        asked = Asked(cast("User", request.user), key, _hash_of(request))
        answer = once(asked, answered, is_long=is_long)
        headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
        return Response(answer.body, status=answer.status, headers=headers)

    return guarded


def _hash_of(request: Request) -> str:
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for name, value in sorted(_parts(request)):
        told.update(f"{name}\n".encode())
        told.update(value)
    return told.hexdigest()


def _parts(request: Request) -> list[tuple[str, bytes]]:
    data = request.data
    if not hasattr(data, "lists"):
        return [("", json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder).encode())]
    given: Mapping[str, list[Any]] = dict(data.lists())
    return [(name, _digest(value)) for name, values in given.items() for value in values]


def _digest(value: Any) -> bytes:
    if not isinstance(value, UploadedFile):
        return str(value).encode()
    told = hashlib.sha256()
    for chunk in value.chunks():
        told.update(chunk)
    value.seek(0)
    return told.digest()
