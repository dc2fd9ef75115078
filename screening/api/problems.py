"""Every refusal in one form: problem details for HTTP APIs (RFC 9457)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM = "application/problem+json"
CONFLICT_CODES = frozenset(
    {
        "settled",
        "in_conflict",
        "not_last",
        "nothing",
        "not_retrieved",
        "in_progress",
        "changed_elsewhere",
    }
)
STATUS_OF_CODE = dict.fromkeys(CONFLICT_CODES, HTTPStatus.CONFLICT) | {
    "key_reused": HTTPStatus.UNPROCESSABLE_ENTITY
}


class ProblemOut(serializers.Serializer[Any]):
    """Why a request was refused, in words for people and a code for programs."""

    type = serializers.CharField(help_text="Always about:blank; the code tells the kind.")
    title = serializers.CharField(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do.")
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # shadows DRF's property
        required=False, help_text="Per field what is wrong with it, as lists of sentences."
    )


class PreconditionFailed(exceptions.APIException):
    """The resource is not as the caller knows it."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "It was changed meanwhile. Read it again, then send what you want anew."
    default_code = "precondition_failed"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error into a problem; None for one that is our fault."""
    if isinstance(error, ValidationError):
        return _told_validation(error)
    if isinstance(error, ObjectDoesNotExist):
        error = Http404("There is nothing here.")
    found = exception_handler(error, context)
    if found is None:
        return None
    kept = {name: found[name] for name in ("Retry-After", "WWW-Authenticate") if name in found}
    if isinstance(error, exceptions.ValidationError):
        errors = dict(_sentences(found.data))
        wrong = " ".join(f"{name}: {' '.join(why)}" for name, why in errors.items())
        return _told(HTTPStatus.BAD_REQUEST, wrong, "invalid", errors=errors)
    detail = str(error) or str(found.data.get("detail", ""))
    return _told(HTTPStatus(found.status_code), detail, _code_of(error), headers=kept)


def _code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    return str(getattr(error, "default_code", "") or "permission_denied")


def _told_validation(error: ValidationError) -> Response:
    code = str(getattr(error, "code", "") or "invalid")
    status = STATUS_OF_CODE.get(code, HTTPStatus.BAD_REQUEST)
    fields = error.message_dict if hasattr(error, "error_dict") else {}
    errors = {name: why for name, why in fields.items() if name != "__all__"}
    return _told(status, " ".join(error.messages), code, errors=errors)


def _sentences(data: Any, place: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested errors of serializers as `rows.0.value` -> sentences."""
    if isinstance(data, Mapping):
        for name, why in data.items():
            yield from _sentences(why, f"{place}.{name}" if place else str(name))
    elif isinstance(data, list) and any(isinstance(one, Mapping | list) for one in data):
        for number, why in enumerate(data):
            yield from _sentences(why, f"{place}.{number}" if place else str(number))
    elif data:
        yield place or "body", [str(one) for one in (data if isinstance(data, list) else [data])]


def _told(
    status: HTTPStatus,
    detail: str,
    code: str,
    *,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = problem_body(status, detail, code) | ({"errors": dict(errors)} if errors else {})
    return Response(body, status=status, content_type=PROBLEM, headers=dict(headers or {}))


def problem_body(status: HTTPStatus, detail: str, code: str) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
