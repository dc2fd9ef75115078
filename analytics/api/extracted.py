"""What was extracted and judged, as files, and what a draft's comparison would make of it."""

from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from extraction.selectors.forms import form_draft
from screening.api.base import ReviewApi, endpoint
from screening.rules.roles import Capability


class ValuesQuery(serializers.Serializer[Any]):
    """Whose answers."""

    values = serializers.ChoiceField(
        required=False,
        choices=["reconciled", "raw"],
        default="reconciled",
        help_text="The team's, or each person's that I may read.",
    )


class JudgementOut(serializers.Serializer[Any]):
    """One settled judgement."""

    domain = serializers.CharField()
    judges = serializers.CharField(help_text="bias, applicability or overall.")
    level = serializers.CharField(help_text="low, some, high or unclear.")
    words = serializers.CharField()
    reason = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)
    quote = serializers.CharField()
    status = serializers.CharField()


class AssessmentOut(serializers.Serializer[Any]):
    """A study, or one result of it, with its judgements."""

    study = serializers.CharField()
    row = serializers.CharField()
    judgements = JudgementOut(many=True)


class RiskToolOut(serializers.Serializer[Any]):
    """A tool of the form with what was settled with it."""

    key = serializers.CharField()
    name = serializers.CharField()
    missing = serializers.IntegerField(help_text="Studies without an assessment.")
    reading = serializers.CharField()
    assessments = AssessmentOut(many=True)


class OutcomeOut(serializers.Serializer[Any]):
    """What a comparison makes of the stored results."""

    rows = serializers.IntegerField()
    gains = serializers.IntegerField()
    refused = serializers.DictField(
        child=serializers.IntegerField(), help_text="Why others have no gain, and how many."
    )


class ComparisonPreviewOut(serializers.Serializer[Any]):
    """The stored results with the form in force, and with the draft."""

    now = OutcomeOut(allow_null=True)
    then = OutcomeOut(allow_null=True)
    problems = serializers.ListField(child=serializers.CharField())


class ExtractedFile(ReviewApi):
    """Everything that was extracted, as a file."""

    @endpoint(OpenApiTypes.BINARY, asks=ValuesQuery, needs=Capability.EXPORT)
    def get(self, shape: str, file_format: str) -> HttpResponse:
        """Write `long`, `studies`, a part with rows, or `all` (xlsx), as csv, csv-excel or xlsx."""
        from analytics.selectors import extracted  # noqa: PLC0415

        asked = {"values": self.asked["values"], "shape": shape, "file_format": file_format}
        try:
            content = extracted.extracted_file(self.membership, **asked)
        except ValueError as error:
            raise Http404(str(error)) from error
        return as_file(
            content, extracted.FORMATS[file_format], extracted.extracted_name(self.review, **asked)
        )


class RiskOfBias(ReviewApi):
    """Risk of bias."""

    @endpoint(RiskToolOut, many=True)
    def get(self) -> list[dict[str, Any]]:
        """List the form's risk-of-bias tools with every settled judgement."""
        from analytics.selectors.risk_of_bias import risk_of_bias  # noqa: PLC0415

        return [_tool(one) for one in risk_of_bias(self.review)]


class RiskFile(ReviewApi):
    """Risk of bias as a file."""

    @endpoint(OpenApiTypes.BINARY)
    def get(self, tool: str, kind: str) -> HttpResponse:
        """Write a tool's judgements (csv), or draw them (traffic-light, summary) as SVG."""
        from analytics.selectors.risk_of_bias import risk_file_of  # noqa: PLC0415

        file = risk_file_of(self.review, tool, kind)
        if file is None:
            raise Http404("There is no such tool or file.")
        return as_file(file.text, file.content_type, file.name)


class ComparisonPreview(ReviewApi):
    """A draft's comparison, tried on what is stored."""

    @endpoint(ComparisonPreviewOut, needs=Capability.MANAGE)
    def get(self) -> dict[str, Any]:
        """Compute the stored results with the draft's comparison, beside the form in force."""
        from analytics.selectors.comparison_preview import preview_of_comparison  # noqa: PLC0415

        draft = form_draft(self.review)
        if draft is None:
            raise Http404("No draft is open.")
        found = preview_of_comparison(draft)
        return {
            "now": _outcome(found.now),
            "then": _outcome(found.then),
            "problems": [one.message for one in found.problems],
        }


def as_file(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _outcome(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"rows": found.rows, "gains": found.gains, "refused": dict(found.refused)}


def _tool(found: Any) -> dict[str, Any]:
    return {
        "key": found.slug,
        "name": found.tool.name,
        "missing": found.missing,
        "reading": found.reading,
        "assessments": [_assessment(found.tool, one) for one in found.assessments],
    }


def _assessment(tool: Any, found: Any) -> dict[str, Any]:
    judged = [
        {
            "domain": column.label,
            "judges": column.judges.value,
            "level": judgement.level.value,
            "words": judgement.words,
            "reason": judgement.reason,
            "page": judgement.page,
            "quote": judgement.quote,
            "status": judgement.status,
        }
        for column in tool.columns
        if (judgement := found.judgements.get(column.key)) is not None
    ]
    return {"study": found.study, "row": found.row, "judgements": judged}
