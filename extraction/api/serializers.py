"""What the API of extraction takes and gives."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from extraction.models import (
    Assignment,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    ExtractionSettings,
    Study,
    StudyReport,
)
from extraction.models.values import Location
from extraction.selectors.desk import DeskStudy
from extraction.selectors.own import Standing
from screening.api.fields import Number

MAX_TEXT = 12_000
MAX_TEXTS = 1000
TEXTS = {"type": "array", "items": {"type": "string"}, "maxItems": MAX_TEXTS}
MAX_PAGE = 2**31 - 1
EVIDENCE = ("page", "quote", "location", "rectangles", "full_text", "source_url")


class CellValueField(serializers.JSONField):
    """A value as the tables keep it: text, yes or no, a list of texts, or null when cleared."""


class EvidenceOut(serializers.ModelSerializer[Any]):
    """Where a value was read."""

    rectangles = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="[x0, y0, x1, y1] each, in shares of the page.",
    )


class ValueOut(EvidenceOut):
    """A value as one extractor read it."""

    value = CellValueField(allow_null=True)

    class Meta:
        model = ExtractedValue
        fields = ("id", "row", "field", "value", "unit", "note", *EVIDENCE, "created_at")


class BlindValueOut(EvidenceOut):
    """A value of side A or B; nothing in it tells whose it is."""

    value = CellValueField(allow_null=True)

    class Meta:
        model = ExtractedValue
        fields = ("value", "unit", "note", *EVIDENCE)


class SettledValueOut(EvidenceOut):
    """A settled value."""

    value = CellValueField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.user.name")

    class Meta:
        model = ConsensusValue
        fields = (
            "id",
            "row",
            "field",
            "value",
            "unit",
            "side",
            "rationale",
            "decided_by",
            *EVIDENCE,
            "created_at",
        )


class RowOut(serializers.ModelSerializer[ExtractionRow]):
    """A row of a repeating group."""

    class Meta:
        model = ExtractionRow
        fields = ("id", "group", "key", "position", "removed_at")


class ExtractionOut(serializers.ModelSerializer[Extraction]):
    """An extraction with its rows and the values that stand."""

    extractor = serializers.CharField(source="extractor.user.name")
    form_version = serializers.IntegerField(source="form.version")
    rows = RowOut(many=True)
    values = ValueOut(many=True, source="standing")

    class Meta:
        model = Extraction
        fields = (
            "id",
            "study",
            "extractor",
            "form_version",
            "origin",
            "created_at",
            "submitted_at",
            "rows",
            "values",
        )


class StandingOut(serializers.Serializer[Standing]):
    """How far somebody's extraction is."""

    id = serializers.IntegerField(source="extraction.pk")
    extractor = serializers.CharField(source="extraction.extractor.user.name")
    state = serializers.CharField(source="words")
    is_own = serializers.BooleanField()
    is_readable = serializers.BooleanField(help_text="Whether I may read its values.")
    submitted_at = serializers.DateTimeField(source="extraction.submitted_at", allow_null=True)


class StudyReportOut(serializers.ModelSerializer[StudyReport]):
    """A report of a study."""

    title = serializers.CharField(source="report.record.title")

    class Meta:
        model = StudyReport
        fields = ("report", "title", "is_main")


class StudyOut(serializers.ModelSerializer[Study]):
    """A study."""

    class Meta:
        model = Study
        fields = ("id", "title", "first_author", "year", "label", "note", "created_at")


class DeskStudyOut(serializers.Serializer[DeskStudy]):
    """A study with its state, and what it asks of me."""

    id = serializers.IntegerField(source="study.pk")
    title = serializers.CharField(source="study.title")
    first_author = serializers.CharField(source="study.first_author")
    year = serializers.IntegerField(source="study.year", allow_null=True)
    label = serializers.CharField(source="study.label")  # type: ignore[assignment]
    state = serializers.CharField()
    waits = serializers.CharField(help_text="What it waits for from me; empty for nothing.")
    can_start = serializers.BooleanField()


class StudyWholeOut(StudyOut):
    """A study with its reports and extractions."""

    reports = StudyReportOut(many=True)
    extractions = StandingOut(many=True, source="standings")

    class Meta(StudyOut.Meta):
        fields = (*StudyOut.Meta.fields, "reports", "extractions")  # type: ignore[assignment]


class StudyIn(serializers.Serializer[Any]):
    """An included report that becomes a study, or joins one."""

    report = Number()


class StudyPatchIn(serializers.Serializer[Any]):
    """What a study says of itself; what is not sent stays."""

    title = serializers.CharField(required=False, max_length=2000)
    first_author = serializers.CharField(required=False, allow_blank=True, max_length=200)
    year = serializers.IntegerField(required=False, allow_null=True, min_value=1800, max_value=2200)
    label = serializers.CharField(  # type: ignore[assignment]
        required=False, allow_blank=True, max_length=200
    )


class PlaceIn(serializers.Serializer[Any]):
    """Which cell, and which value of it the caller knows."""

    field = serializers.CharField(max_length=60)
    row = Number(required=False, allow_null=True, default=None)
    expected = Number(
        required=False,
        allow_null=True,
        default=None,
        help_text="Number of the value that stands; null for an empty cell.",
    )


@extend_schema_field({"oneOf": [{"type": "string"}, TEXTS]})
class EnteredField(serializers.Field[Any, Any, Any, Any]):
    """A text, or a list of texts for a field of several choices."""

    def to_internal_value(self, data: Any) -> str | list[str]:
        """Take text or texts."""
        texts = data if isinstance(data, list) else [data]
        if len(texts) > MAX_TEXTS or not all(isinstance(text, str) for text in texts):
            raise serializers.ValidationError("Send a text, or a list of texts.")
        if any("\x00" in text or len(text) > MAX_TEXT for text in texts):
            raise serializers.ValidationError(f"A text has at most {MAX_TEXT} characters.")
        return texts if isinstance(data, list) else str(data)

    def to_representation(self, value: Any) -> Any:
        """As it is."""
        return value


class CellIn(PlaceIn):
    """One cell as entered; empty text clears it."""

    value = EnteredField(help_text="A text, or a list of texts.")
    unit = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")


class EvidenceFieldsIn(serializers.Serializer[Any]):
    """A passage that proves a cell."""

    page = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_PAGE
    )
    quote = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")
    location = serializers.ChoiceField(
        required=False, allow_blank=True, choices=Location.choices, default=""
    )
    rectangles = serializers.ListField(
        required=False,
        default=list,
        max_length=200,
        child=serializers.ListField(
            child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4
        ),
    )
    full_text = Number(required=False, allow_null=True, default=None)
    source_url = serializers.URLField(required=False, allow_blank=True, default="")


class EvidenceIn(PlaceIn, EvidenceFieldsIn):
    """A passage that proves a cell, and which cell."""


class SavedOut(serializers.Serializer[Any]):
    """The value that stands now, and what should be asked about it."""

    value = ValueOut()
    questions = serializers.ListField(child=serializers.CharField())


class RowIn(serializers.Serializer[Any]):
    """A new row: empty, or a copy of another row's values."""

    group = serializers.CharField(max_length=60)
    copy_of = Number(required=False, allow_null=True, default=None)


class FormIn(serializers.Serializer[Any]):
    """A version of the form."""

    definition = serializers.DictField(help_text="As `forms/current/` gives it.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class FormOut(serializers.ModelSerializer[ExtractionForm]):
    """A version of the form."""

    definition = serializers.DictField()

    class Meta:
        model = ExtractionForm
        fields = ("id", "version", "note", "definition", "created_at")


class FormLineOut(serializers.ModelSerializer[ExtractionForm]):
    """A version of the form, without its questions."""

    class Meta:
        model = ExtractionForm
        fields = ("id", "version", "note", "created_at")


class ConfirmIn(serializers.Serializer[Any]):
    """Which cell is right."""

    field = serializers.CharField(max_length=60)
    row = Number(required=False, allow_null=True, default=None)


class WhyIn(serializers.Serializer[Any]):
    """Why something is opened again."""

    reason = serializers.CharField(max_length=2000)


class NamePersonIn(serializers.Serializer[Any]):
    """Who is to do what with a study."""

    member = Number()
    task = serializers.ChoiceField(choices=Assignment.Task.choices)


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    """Who is named for a study."""

    name = serializers.CharField(source="member.user.name")

    class Meta:
        model = Assignment
        fields = ("id", "member", "name", "task", "created_at")


class SettingsIn(serializers.Serializer[Any]):
    """How this review extracts and reconciles; what is not sent stays."""

    mode = serializers.ChoiceField(required=False, choices=ExtractionSettings.Mode.choices)
    evidence_needed = serializers.ChoiceField(
        required=False, choices=ExtractionSettings.Evidence.choices
    )
    is_extraction_blinded = serializers.BooleanField(required=False)
    is_reconciliation_blinded = serializers.BooleanField(required=False)
    is_assigned_only = serializers.BooleanField(required=False)


class SettingsOut(serializers.Serializer[Any]):
    """How this review extracts and reconciles."""

    mode = serializers.ChoiceField(choices=ExtractionSettings.Mode.choices)
    evidence_needed = serializers.ChoiceField(choices=ExtractionSettings.Evidence.choices)
    is_extraction_blinded = serializers.BooleanField()
    is_reconciliation_blinded = serializers.BooleanField()
    is_assigned_only = serializers.BooleanField()
