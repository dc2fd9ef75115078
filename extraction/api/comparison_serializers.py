"""What programs send and get where two readings are settled."""

from typing import Any

from rest_framework import serializers

from extraction.api.serializers import (
    MAX_TEXT,
    BlindValueOut,
    EvidenceFieldsIn,
    PlaceIn,
    SettledValueOut,
)
from extraction.models import (
    ConsensusValue,
    Reconciliation,
)
from extraction.selectors.comparison import ComparedCell, ComparedGroup, ComparedRow, Comparison
from screening.api.fields import Number


class ReconciliationOut(serializers.ModelSerializer[Reconciliation]):
    """How far a study's reconciliation is."""

    class Meta:
        model = Reconciliation
        fields = ("id", "study", "created_at", "finalised_at")


class ComparedCellOut(serializers.Serializer[ComparedCell]):
    """One question: what both extractors say, how it stands, and the settled value."""

    field = serializers.CharField(source="field.key")
    state = serializers.CharField(source="state.value")
    a = BlindValueOut(allow_null=True)
    b = BlindValueOut(allow_null=True)
    settled = SettledValueOut(allow_null=True)


class ComparedRowOut(serializers.Serializer[ComparedRow]):
    """One row of a repeating group on both sides."""

    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    has_a = serializers.BooleanField(source="row_a")
    has_b = serializers.BooleanField(source="row_b")
    settled = serializers.IntegerField(source="settled.pk", allow_null=True, default=None)
    is_left_out = serializers.BooleanField()
    cells = ComparedCellOut(many=True)


class ComparedGroupOut(serializers.Serializer[ComparedGroup]):
    """One group of the form."""

    group = serializers.CharField(source="group.key")
    cells = ComparedCellOut(many=True)
    rows = ComparedRowOut(many=True)


class ComparisonOut(serializers.Serializer[Comparison]):
    """Two extractions of a study side by side; who is A was drawn and is not told."""

    study = serializers.IntegerField(source="study.pk")
    reconciliation = ReconciliationOut(allow_null=True)
    groups = ComparedGroupOut(many=True)


class CellRulingIn(PlaceIn, EvidenceFieldsIn):
    """What settles a cell: a side's value, or a third one with its reason."""

    side = serializers.ChoiceField(choices=ConsensusValue.Side.choices)
    value = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT, default="")
    unit = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    rationale = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")


class UnsettleIn(serializers.Serializer[Any]):
    """Which cell."""

    field = serializers.CharField(max_length=60)
    row = Number(required=False, allow_null=True, default=None)


class SettleRowIn(serializers.Serializer[Any]):
    """What to do with a row of both sides."""

    action = serializers.ChoiceField(choices=["a", "b", "leave_out", "take_in", "split", "pair"])
    other = Number(required=False, help_text="Of `pair`: the row that is the same.")


class VerifyRowIn(serializers.Serializer[Any]):
    """What to do with a row of the extraction that is verified."""

    action = serializers.ChoiceField(choices=["a", "leave_out", "take_in"])


class SettledCountOut(serializers.Serializer[Any]):
    """How many cells were settled."""

    settled = serializers.IntegerField()
