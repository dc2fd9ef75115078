"""Lists in pages by cursor: `{"next", "previous", "results"}`."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import exceptions, serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

PAGE_SIZE, MAX_PAGE_SIZE = 50, 500


class PageQuery(serializers.Serializer[Any]):
    """Which page of a list."""

    cursor = serializers.CharField(
        required=False, max_length=500, help_text="Out of `next` or `previous`; the first without."
    )
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, help_text=f"{PAGE_SIZE} by default."
    )


class Cursors(CursorPagination):
    """Pages of a table: what comes and goes meanwhile moves nothing else."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE


def page_of(
    rows: QuerySet[Any] | Sequence[Any], request: Request, view: APIView, order: Sequence[str]
) -> dict[str, Any]:
    """One page of a table, or of a list that is made in the app."""
    if not isinstance(rows, QuerySet):
        return _page_of_list(rows, request)
    pages = Cursors()
    pages.ordering = tuple(order)
    try:
        results = pages.paginate_queryset(rows, request, view=view)
    except (exceptions.NotFound, ValueError, TypeError) as error:
        raise _bad_cursor() from error
    return {
        "next": pages.get_next_link(),
        "previous": pages.get_previous_link(),
        "results": results,
    }


def _page_of_list(rows: Sequence[Any], request: Request) -> dict[str, Any]:
    size = int(request.query_params.get("page_size") or PAGE_SIZE)
    start = _offset(request.query_params.get("cursor", ""))
    here = request.build_absolute_uri()

    def link(offset: int) -> str:
        text = base64.urlsafe_b64encode(f"o={offset}".encode()).decode()
        return replace_query_param(here, "cursor", text)

    return {
        "next": link(start + size) if start + size < len(rows) else None,
        "previous": link(max(start - size, 0)) if start else None,
        "results": rows[start : start + size],
    }


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        name, _, digits = base64.urlsafe_b64decode(cursor.encode()).decode().partition("=")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise _bad_cursor() from error
    if name != "o" or not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
        raise _bad_cursor()
    return int(digits)


def _bad_cursor() -> exceptions.ValidationError:
    return exceptions.ValidationError({"cursor": ["This is no cursor of this list."]})
