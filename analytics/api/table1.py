"""Table 1, the gains behind it, and the experiments that are reported."""

import json
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from analytics.api.reporting import ReportedOut
from analytics.models import Footnote, ReportedChoice
from analytics.selectors.days import moment_asked
from extraction.models import Study
from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.rules.roles import Capability

MANAGE = Capability.MANAGE


class FormQuery(serializers.Serializer[Any]):
    """Which form of the table."""

    long = serializers.BooleanField(
        required=False,
        default=False,
        help_text="One row per experiment instead of per study; where the form compares nothing "
        "one per row of each repeating group.",
    )
    provenance = serializers.BooleanField(
        required=False, default=False, help_text="With page, quote and who reconciled."
    )
    as_of = serializers.DateField(required=False, help_text="The end of this day; now without.")


class GainOut(serializers.Serializer[Any]):
    """One experiment; numbers that do not exist are null."""

    study_id = serializers.IntegerField()
    first_author = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    task = serializers.CharField()
    dataset = serializers.CharField()
    metric = serializers.CharField()
    fraction = serializers.CharField()
    ssl = serializers.FloatField(allow_null=True, help_text="The arm, on the common scale.")
    supervised = serializers.FloatField(allow_null=True, help_text="The comparator.")
    absolute_gain = serializers.FloatField(
        allow_null=True,
        help_text="Percentage points; above 0 is always better.",
    )
    relative_gain = serializers.FloatField(allow_null=True, help_text="Percent.")
    refused_reason = serializers.CharField(help_text="Why there is no gain; empty with one.")
    value_ids = serializers.ListField(child=serializers.IntegerField())


class ChoiceIn(serializers.Serializer[Any]):
    """The experiments that are reported instead of the policy's, and why."""

    full = serializers.CharField(max_length=60, help_text="Key of the row for the full data.")
    subset = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    rationale = serializers.CharField(max_length=5000)


class ChoiceOut(serializers.ModelSerializer[ReportedChoice]):
    """A choice by hand."""

    class Meta:
        model = ReportedChoice
        fields = ("id", "study", "full_row", "subset_row", "rationale")


class FootnoteIn(serializers.Serializer[Any]):
    """A footnote of a row, one of its cells, or a column's head."""

    text = serializers.CharField(max_length=5000)
    column = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    study = Number(required=False, allow_null=True, default=None)


class FootnoteOut(serializers.ModelSerializer[Footnote]):
    """A footnote."""

    class Meta:
        model = Footnote
        fields = ("id", "text", "column", "study")


class Table1(ReviewApi):
    """Table 1."""

    @endpoint(OpenApiTypes.OBJECT, asks=FormQuery)
    def get(self) -> dict[str, Any]:
        """Give the table with the evidence of each value."""
        from analytics.tables.writers import to_json  # noqa: PLC0415

        return cast("dict[str, Any]", json.loads(to_json(table_of(self))))


class Table1File(ReviewApi):
    """Table 1 as a file."""

    @endpoint(OpenApiTypes.BINARY, asks=FormQuery, needs=Capability.EXPORT)
    def get(self, file_format: str) -> HttpResponse:
        """Write the table as csv, csv-excel, xlsx, docx, latex, markdown, html or json."""
        from analytics.tables.formats import FORMATS  # noqa: PLC0415
        from extraction.selectors.memory import collection_paused  # noqa: PLC0415

        if file_format not in FORMATS:
            raise Http404(f"Table 1 comes as {', '.join(FORMATS)}.")
        made = FORMATS[file_format]
        long = "-long" if self.asked["long"] else ""
        name = f"table-1{long}-{self.review.slug}.{made.ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        with collection_paused():
            written = made.encoded(table_of(self))
        return HttpResponse(written, content_type=made.kind, headers=headers)


class Gains(ReviewApi):
    """Every experiment with its gain."""

    @endpoint(GainOut, many=True)
    def get(self) -> list[dict[str, object]]:
        """List the experiments of reconciled and imported studies."""
        from analytics.selectors.exports import gain_rows  # noqa: PLC0415

        return gain_rows(self.review)


class ReportedExperiments(ReviewApi):
    """Which experiments of a study are reported."""

    def study(self, study_id: int) -> Study:
        """A study of the review."""
        return get_object_or_404(Study, pk=study_id, review=self.review)

    @endpoint(ReportedOut)
    def get(self, study_id: int) -> Any:
        """Show a study's experiments, the reported ones, and the rules that chose them."""
        from analytics.selectors.reported import reported_study  # noqa: PLC0415
        from analytics.selectors.table1 import NO_FORM  # noqa: PLC0415

        found = reported_study(self.review, self.study(study_id).pk)
        if found is None:
            raise Http404(NO_FORM)
        return found

    @endpoint(ChoiceOut, takes=ChoiceIn, needs=MANAGE)
    def put(self, study_id: int) -> ReportedChoice:
        """Choose a study's reported experiments instead of the policy."""
        from analytics.services.reporting import choose_experiments  # noqa: PLC0415

        study = self.study(study_id)
        return choose_experiments(lead=self.membership, study=study, **self.given)

    @endpoint(needs=MANAGE)
    def delete(self, study_id: int) -> None:
        """Let the policy choose again."""
        from analytics.services.reporting import take_back_choice  # noqa: PLC0415

        take_back_choice(lead=self.membership, study=self.study(study_id))


class Footnotes(ReviewApi):
    """The footnotes of Table 1."""

    @endpoint(FootnoteOut, many=True)
    def get(self) -> list[Footnote]:
        """List the footnotes that stand."""
        return list(Footnote.objects.standing().filter(review=self.review).order_by("pk"))

    @endpoint(FootnoteOut, takes=FootnoteIn, status=201, needs=MANAGE)
    def post(self) -> Footnote:
        """Add a footnote."""
        from analytics.services.reporting import add_footnote  # noqa: PLC0415

        given = dict(self.given)
        study_id = given.pop("study")
        study = get_object_or_404(Study, pk=study_id, review=self.review) if study_id else None
        return add_footnote(lead=self.membership, study=study, **given)


class OneFootnote(ReviewApi):
    """One footnote."""

    @endpoint(needs=MANAGE)
    def delete(self, footnote_id: int) -> None:
        """Take a footnote away."""
        from analytics.services.reporting import remove_footnote  # noqa: PLC0415

        footnote = get_object_or_404(Footnote, pk=footnote_id, review=self.review)
        remove_footnote(lead=self.membership, footnote=footnote)


def table_of(api: ReviewApi) -> Any:
    """The table in the form asked for.

    Raises:
        Http404: The review has no form.
    """
    from analytics.selectors.table1 import NO_FORM, table1_of  # noqa: PLC0415

    table = table1_of(
        review=api.review,
        is_long=api.asked["long"],
        has_provenance=api.asked["provenance"],
        as_of=moment_asked(api.asked.get("as_of")),
    )
    if table is None:
        raise Http404(NO_FORM)
    return table
