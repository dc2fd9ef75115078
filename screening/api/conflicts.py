"""Conflicts of a stage and what settles them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.serializers import RulingOut
from screening.models import Adjudication, Record
from screening.rules.consensus import Stage, Verdict
from screening.rules.roles import Capability
from screening.selectors.conflicts import conflicts, settled_conflicts
from screening.selectors.records import record_or_404
from screening.services.conflicts import Settlement, adjudicate, withdraw_ruling

FINAL = [Verdict.INCLUDE.value, Verdict.EXCLUDE.value]


class ConflictOut(serializers.ModelSerializer[Record]):
    """A record in conflict; its verdicts stand at the record's address of the stage."""

    class Meta:
        model = Record
        fields = ("id", "title", "year", "venue")


class SettlementIn(serializers.Serializer[Any]):
    """What settles a conflict."""

    verdict = serializers.ChoiceField(choices=FINAL)
    reason = Number(required=False, allow_null=True, default=None)
    rationale = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class RulingIn(SettlementIn):
    """A ruling of the adjudicator, or a consensus that they record."""

    kind = serializers.ChoiceField(
        choices=[Adjudication.Kind.RULING.value, Adjudication.Kind.CONSENSUS.value],
        default=Adjudication.Kind.RULING.value,
    )


class Conflicts(ReviewApi):
    """The open conflicts of a stage."""

    @endpoint(ConflictOut, many=True, order=("pk",))
    def get(self, stage: Stage) -> QuerySet[Record]:
        """List the conflicts that I may see."""
        return conflicts(membership=self.membership, stage=stage)


class Settled(ReviewApi):
    """The settled conflicts of a stage."""

    @endpoint(RulingOut, many=True)
    def get(self, stage: Stage) -> list[Adjudication]:
        """List the rulings that I may see."""
        return list(settled_conflicts(membership=self.membership, stage=stage))


class SettleApi(ReviewApi):
    """What both ways of settling share."""

    def settle(self, stage: Stage, record_id: int, given: Mapping[str, Any]) -> Adjudication:
        """Write the ruling."""
        values = dict(given)
        record = record_or_404(self.membership, record_id)
        settlement = Settlement(reason_id=values.pop("reason"), **values)
        return adjudicate(
            membership=self.membership, record_id=record.pk, stage=stage, settlement=settlement
        )


class Ruling(SettleApi):
    """The ruling on a record in conflict."""

    @endpoint(RulingOut, takes=RulingIn, status=201, needs=Capability.ADJUDICATE)
    def post(self, stage: Stage, record_id: int) -> Adjudication:
        """Settle a conflict, or replace the ruling that settled it."""
        return self.settle(stage, record_id, self.given)

    @endpoint(needs=Capability.ADJUDICATE)
    def delete(self, stage: Stage, record_id: int) -> None:
        """Take my ruling back; the conflict is open again."""
        record = record_or_404(self.membership, record_id)
        withdraw_ruling(membership=self.membership, record_id=record.pk, stage=stage)


class Consensus(SettleApi):
    """What those who decided agreed on."""

    @endpoint(RulingOut, takes=SettlementIn, status=201, needs=Capability.SCREEN)
    def post(self, stage: Stage, record_id: int) -> Adjudication:
        """Record the consensus of those who decided; one of them does."""
        kind = Adjudication.Kind.CONSENSUS.value
        return self.settle(stage, record_id, dict(self.given) | {"kind": kind})
