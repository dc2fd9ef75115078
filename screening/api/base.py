"""What every endpoint of a review shares: its guard, and problems said in one form (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import ValidationError
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from screening.models import Membership, User
from screening.permissions import membership_or_404, require
from screening.rules.roles import Capability

PROBLEM = "application/problem+json"
CONFLICT_CODES = {"settled", "in_conflict", "not_last", "nothing", "key_reused", "not_retrieved"}


class ReviewApi(APIView):
    """An endpoint under `/api/v1/reviews/<slug>/`; a stranger finds nothing there."""

    capability = Capability.VIEW
    membership: Membership

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the membership and ask for the capability."""
        super().initial(request, *args, **kwargs)
        self.membership = membership_or_404(cast("User", request.user), kwargs["slug"])
        require(self.membership, self.capability)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Say every problem in the same form."""
        return problem


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error into `{"type", "title", "status", "detail", "code"}`."""
    if isinstance(error, ValidationError):
        code = str(getattr(error, "code", "") or "invalid")
        status = HTTPStatus.CONFLICT if code in CONFLICT_CODES else HTTPStatus.BAD_REQUEST
        return _told(status, " ".join(error.messages), code)
    found = exception_handler(error, context)
    if found is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        wrong = [f"{name}: {' '.join(map(str, why))}" for name, why in found.data.items()]
        return _told(HTTPStatus.BAD_REQUEST, " ".join(wrong), "invalid")
    detail = str(error) or str(found.data.get("detail", ""))
    return _told(HTTPStatus(found.status_code), detail, getattr(error, "default_code", ""))


def _told(status: HTTPStatus, detail: str, code: str) -> Response:
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return Response(body | {"code": code}, status=status, content_type=PROBLEM)
