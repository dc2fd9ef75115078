"""Screening: records with their status, the next record, a verdict, undo, own verdicts."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.pages import PageQuery
from screening.api.serializers import (
    CardOut,
    CountsOut,
    DecisionIn,
    DecisionOut,
    OwnDecisionOut,
    RecordOut,
    UndoIn,
)
from screening.models import Decision, PilotDecision, Record
from screening.rules.consensus import Stage, Status, Verdict
from screening.rules.roles import Capability
from screening.selectors.cards import Card, card_of
from screening.selectors.counts import QueueCounts, queue_counts
from screening.selectors.decisions import own_decisions
from screening.selectors.records import Filters, record_or_404, records_list
from screening.services.leases import hand_out, keep_fresh
from screening.services.path import decide
from screening.services.undo import undo_decision


class RecordsQuery(PageQuery):
    """Which records of a stage."""

    words = serializers.CharField(
        required=False, max_length=200, help_text="Words of title, abstract or authors."
    )
    status = serializers.ChoiceField(
        required=False, choices=[status.value for status in Status], help_text="As I may know it."
    )
    source = Number(required=False, help_text="Number of a source.")  # type: ignore[assignment]
    batch = Number(required=False, help_text="Number of an import.")
    reason = Number(required=False, help_text="Number of an exclusion reason (full text).")
    tag = Number(required=False, help_text="Number of a tag that I have put on records.")


class OwnQuery(PageQuery):
    """Which of my verdicts."""

    words = serializers.CharField(required=False, max_length=200)
    verdict = serializers.ChoiceField(
        required=False, choices=[verdict.value for verdict in Verdict]
    )


FILTERS = ("words", "status", "source", "batch", "reason", "tag")


class Records(ReviewApi):
    """The records of a stage."""

    @endpoint(RecordOut, many=True, asks=RecordsQuery, order=("pk",))
    def get(self, stage: Stage) -> QuerySet[Record]:
        """List the records, each with the status that I may know."""
        asked = {name: self.asked[name] for name in self.asked if name in FILTERS}
        filters = Filters(stage=stage, **asked)
        return records_list(membership=self.membership, filters=filters)


class RecordAtStage(ReviewApi):
    """One record."""

    @endpoint(CardOut)
    def get(self, stage: Stage, record_id: int) -> Card:
        """Show a record with my verdict, and others' as far as blinding allows."""
        record = record_or_404(self.membership, record_id)
        return card_of(membership=self.membership, record=record, stage=stage)


class NextRecord(ReviewApi):
    """The record to decide next."""

    @endpoint(CardOut, needs=Capability.SCREEN, may_be_empty=True)
    def post(self, stage: Stage) -> Card | None:
        """Hand me a record and lease it for a while; no content when nothing is left."""
        record = hand_out(membership=self.membership, stage=stage)
        if record is None:
            return None
        return card_of(membership=self.membership, record=record, stage=stage)


class Decisions(ReviewApi):
    """My verdict on one record."""

    @endpoint(DecisionOut, takes=DecisionIn, status=201, needs=Capability.SCREEN)
    def post(self, stage: Stage, record_id: int) -> Decision | PilotDecision:
        """Record my verdict; sending it again with the same `client_key` stores one."""
        record = record_or_404(self.membership, record_id)
        decision = decide(
            membership=self.membership,
            record_id=record.pk,
            stage=stage,
            answer=DecisionIn.answer(self.given),
            answers={one["question"]: one["answer"] for one in self.given["answers"]},
        )
        transaction.on_commit(partial(keep_fresh, membership=self.membership, stage=stage))
        return decision


class Undo(ReviewApi):
    """My last verdict, taken back."""

    @endpoint(DecisionOut, takes=UndoIn, needs=Capability.SCREEN)
    def post(self, stage: Stage) -> Decision | PilotDecision:
        """Take back my own last verdict at the stage."""
        undone = undo_decision(
            membership=self.membership, stage=stage, expected_id=self.given["decision"]
        )
        transaction.on_commit(partial(keep_fresh, membership=self.membership, stage=stage))
        return undone


class OwnDecisions(ReviewApi):
    """My verdicts of a stage."""

    @endpoint(OwnDecisionOut, many=True, asks=OwnQuery, order=("-created_at", "-pk"))
    def get(self, stage: Stage) -> QuerySet[Decision]:
        """List what I have decided, newest first."""
        asked = {name: self.asked.get(name, "") for name in ("words", "verdict")}
        return own_decisions(membership=self.membership, stage=stage, **asked)


class Counts(ReviewApi):
    """My share of a stage."""

    @endpoint(CountsOut)
    def get(self, stage: Stage) -> QueueCounts:
        """Count what I have decided and what is left for me."""
        return queue_counts(membership=self.membership, stage=stage)
