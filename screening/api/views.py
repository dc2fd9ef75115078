"""Endpoints of screening: records with their status, the next record, a verdict, undo."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from screening.api.base import ReviewApi
from screening.api.serializers import CardOut, DecisionIn, DecisionOut, RecordOut, UndoIn
from screening.models import Record
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.cards import Card, card_of
from screening.selectors.records import Filters, record_or_404, records_list
from screening.services.decisions import record_decision
from screening.services.leases import hand_out, keep_fresh
from screening.services.undo import undo_decision

STAGE = OpenApiParameter("stage", str, OpenApiParameter.PATH, enum=["title-abstract", "full-text"])
WORDS = OpenApiParameter("words", str, description="Words of title, abstract or authors")
STATUS = OpenApiParameter("status", str, enum=[status.value for status in Status])


class Pages(PageNumberPagination):
    """Fifty records a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class Records(ReviewApi):
    """The records of a stage."""

    @extend_schema(parameters=[STAGE, WORDS, STATUS], responses=RecordOut(many=True))
    def get(self, request: Request, slug: str, stage: Stage) -> Response:
        """List the records, each with the status that I may know."""
        asked = request.query_params
        status = asked.get("status", "")
        filters = Filters(
            words=asked.get("words", "")[:200],
            stage=stage,
            status=status if status in list(Status) else "",
        )
        found = records_list(membership=self.membership, filters=filters)
        pages = Pages()
        page: list[Record] = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(RecordOut(page, many=True).data)


class RecordDetail(ReviewApi):
    """One record."""

    @extend_schema(parameters=[STAGE], responses=CardOut)
    def get(self, request: Request, slug: str, stage: Stage, record_id: int) -> Response:
        """Show a record with my verdict, and others' as far as blinding allows."""
        return Response(CardOut(self._card(record_id, stage)).data)

    def _card(self, record_id: int, stage: Stage) -> Card:
        record = record_or_404(self.membership, record_id)
        return card_of(membership=self.membership, record=record, stage=stage)


class NextRecord(ReviewApi):
    """The record to decide next."""

    capability = Capability.SCREEN

    @extend_schema(parameters=[STAGE], request=None, responses={200: CardOut, 204: None})
    def post(self, request: Request, slug: str, stage: Stage) -> Response:
        """Hand me a record and lease it for a while; no content when nothing is left."""
        record = hand_out(membership=self.membership, stage=stage)
        if record is None:
            return Response(status=204)
        card = card_of(membership=self.membership, record=record, stage=stage)
        return Response(CardOut(card).data)


class Decisions(ReviewApi):
    """My verdict on one record."""

    capability = Capability.SCREEN

    @extend_schema(parameters=[STAGE], request=DecisionIn, responses={201: DecisionOut})
    def post(self, request: Request, slug: str, stage: Stage, record_id: int) -> Response:
        """Record my verdict; sending it again with the same `client_key` stores one."""
        record = record_or_404(self.membership, record_id)
        given = DecisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        decision = record_decision(
            membership=self.membership, record_id=record.pk, stage=stage, answer=given.answer()
        )
        keep_fresh(membership=self.membership, stage=stage)
        return Response(DecisionOut(decision).data, status=201)


class Undo(ReviewApi):
    """My last verdict, taken back."""

    capability = Capability.SCREEN

    @extend_schema(parameters=[STAGE], request=UndoIn, responses=DecisionOut)
    def post(self, request: Request, slug: str, stage: Stage) -> Response:
        """Take back my own last verdict at the stage."""
        given = UndoIn(data=request.data)
        given.is_valid(raise_exception=True)
        meant: dict[str, Any] = given.validated_data
        undone = undo_decision(
            membership=self.membership, stage=stage, expected_id=meant["decision"]
        )
        keep_fresh(membership=self.membership, stage=stage)
        return Response(DecisionOut(undone).data)
