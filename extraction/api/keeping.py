"""What keeps extraction in order: data sets, sharing work, splitting reports, cells in doubt."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from extraction.api import serializers as shapes
from extraction.api.extracting import ExtractionApi
from extraction.api.studies import StudyApi
from extraction.models import Assignment, DataSet, Study
from extraction.selectors.assignments import Plan, plan_of
from extraction.selectors.data_sets import DataSetUse, data_set_list
from extraction.selectors.reports import ReportMove, joining, splitting
from extraction.selectors.revisits import revisits_of
from extraction.selectors.standing import LostQuote, lost_quotes
from extraction.services.assignments import share_studies
from extraction.services.data_sets import add_data_sets, change_data_set, retire_data_set
from extraction.services.reports import split_report
from extraction.services.revisits import confirm_cell
from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.models import Membership
from screening.rules.roles import Capability

MANAGE, EXTRACT = Capability.MANAGE, Capability.EXTRACT
MAX_AT_ONCE = 10_000


class SplitOut(serializers.Serializer[Any]):
    """The study that a report belongs to now."""

    study = serializers.IntegerField(source="pk")


class ReportMoveOut(serializers.Serializer[ReportMove]):
    """What joining or splitting a report would do; values stay where they were read."""

    report = serializers.IntegerField(source="report.pk")
    study = serializers.IntegerField(
        source="study.pk", allow_null=True, default=None, help_text="Where it stands; null: free."
    )
    target = serializers.IntegerField(
        source="target.pk", allow_null=True, default=None, help_text="Null: a study of its own."
    )
    is_last = serializers.BooleanField(help_text="Its study would have no report left.")
    kept = serializers.IntegerField(help_text="Values of its study, which stay there.")
    quoting = serializers.IntegerField(help_text="Of these, how many quote this report.")


class UnknownWordsOut(serializers.Serializer[Any]):
    """Words in use that no data set is called."""

    words = serializers.CharField()
    studies = serializers.IntegerField(help_text="How many use them.")


class DataSetOut(serializers.Serializer[DataSetUse]):
    """A data set, its other names, and the studies that use it."""

    id = serializers.IntegerField(source="data_set.pk")
    name = serializers.CharField(source="data_set.name")
    other_names = serializers.ListField(
        source="data_set.other_names", child=serializers.CharField()
    )
    studies = serializers.SerializerMethodField()
    is_shared = serializers.BooleanField(help_text="Its studies depend on each other.")

    def get_studies(self, use: DataSetUse) -> list[int]:
        """The studies by number."""
        return [one.pk for one in use.studies]


class DataSetsIn(serializers.Serializer[Any]):
    """Names of data sets; known ones are left as they are."""

    names = serializers.ListField(
        child=serializers.CharField(max_length=200), allow_empty=False, max_length=1000
    )


class AddedOut(serializers.Serializer[Any]):
    """How many are new."""

    added = serializers.IntegerField()


class DataSetIn(serializers.Serializer[Any]):
    """A data set as it is to be."""

    name = serializers.CharField(max_length=200)
    other_names = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=list, max_length=200
    )


class ShareIn(serializers.Serializer[Any]):
    """Studies and the people they are shared among."""

    studies = serializers.ListField(child=Number(), allow_empty=False, max_length=MAX_AT_ONCE)
    members = serializers.ListField(child=Number(), allow_empty=False, max_length=1000)
    task = serializers.ChoiceField(choices=Assignment.Task.choices)
    seats = serializers.IntegerField(min_value=1, max_value=2, help_text="People for each study.")
    is_preview = serializers.BooleanField(
        required=False, default=False, help_text="Only say who would get what."
    )


class PairOut(serializers.Serializer[Any]):
    """A person and a study."""

    study = serializers.IntegerField()
    member = serializers.IntegerField()


class ShareOut(serializers.Serializer[Plan]):
    """Who gets which study; how many studies still lack somebody."""

    pairs = serializers.SerializerMethodField()
    lacking = serializers.IntegerField()

    @extend_schema_field(PairOut(many=True))
    def get_pairs(self, plan: Plan) -> list[dict[str, int]]:
        """Who gets which study."""
        return [{"study": study.pk, "member": member.pk} for study, member in plan.pairs]


class RevisitOut(serializers.Serializer[Any]):
    """A cell of mine that the form changed under."""

    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class LostQuoteOut(serializers.Serializer[LostQuote]):
    """A quote that the report does not have any more."""

    study = serializers.IntegerField(source="study.pk")
    field = serializers.CharField()
    quote = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)
    full_text = serializers.IntegerField(source="full_text_id", allow_null=True)
    is_reconciled = serializers.BooleanField()


class SplitReport(StudyApi):
    """A report that is no report of the study."""

    @endpoint(ReportMoveOut, needs=Capability.MANAGE_REPORTS)
    def get(self, study_id: int, report_id: int) -> ReportMove:
        """Say what splitting it off would do."""
        found = splitting(self.study(study_id), self.report(report_id))
        if found is None:
            raise Http404("This report does not belong to this study.")
        return found

    @endpoint(SplitOut, needs=Capability.MANAGE_REPORTS)
    def post(self, study_id: int, report_id: int) -> Study:
        """Split it off: back to the study it came from, or into one of its own."""
        study, report = self.study(study_id), self.report(report_id)
        return split_report(membership=self.membership, study=study, report=report)


class JoinReport(StudyApi):
    """A report that could be one of the study."""

    @endpoint(ReportMoveOut, needs=Capability.MANAGE_REPORTS)
    def get(self, study_id: int, report_id: int) -> ReportMove:
        """Say what joining it would do; a POST to the study's reports joins it."""
        return joining(self.study(study_id), self.report(report_id))


class DataSets(ReviewApi):
    """The vocabulary of data sets."""

    @endpoint(DataSetOut, many=True)
    def get(self) -> list[DataSetUse]:
        """List the data sets, the most used first."""
        return data_set_list(self.review).uses

    @endpoint(AddedOut, takes=DataSetsIn, status=201, needs=MANAGE)
    def post(self) -> dict[str, int]:
        """Add data sets by their names."""
        return {"added": add_data_sets(membership=self.membership, **self.given)}


class UnknownDataSets(ReviewApi):
    """Words for data sets that the vocabulary does not know."""

    @endpoint(UnknownWordsOut, many=True)
    def get(self) -> list[dict[str, Any]]:
        """List words in use that match no data set, the most used first."""
        unknown = data_set_list(self.review).unknown
        return [{"words": words, "studies": studies} for words, studies in unknown]


class OneDataSet(ReviewApi):
    """One data set."""

    def data_set(self, data_set_id: int) -> DataSet:
        """A data set of the review."""
        return get_object_or_404(DataSet, pk=data_set_id, review=self.review)

    @endpoint(takes=DataSetIn, needs=MANAGE)
    def put(self, data_set_id: int) -> None:
        """Change its name and other names."""
        known = self.data_set(data_set_id)
        change_data_set(membership=self.membership, data_set=known, **self.given)

    @endpoint(needs=MANAGE)
    def delete(self, data_set_id: int) -> None:
        """Take it out of the vocabulary; no value changes."""
        retire_data_set(membership=self.membership, data_set=self.data_set(data_set_id))


class Shares(ReviewApi):
    """Sharing studies among people."""

    @endpoint(ShareOut, takes=ShareIn, needs=MANAGE)
    def post(self) -> Plan:
        """Name people for many studies evenly, or say who would get what."""
        given = self.given
        studies = list(Study.objects.filter(pk__in=given["studies"], review=self.review))
        people = Membership.objects.select_related("user", "review")
        members = list(people.filter(pk__in=given["members"], review=self.review))
        if len(studies) < len(set(given["studies"])) or len(members) < len(set(given["members"])):
            raise ValidationError("A study or a person is not of this review.")
        if given["is_preview"]:
            return plan_of(studies, members, task=given["task"], seats=given["seats"])
        return share_studies(
            membership=self.membership,
            studies=studies,
            members=members,
            task=given["task"],
            seats=given["seats"],
        )


class Revisits(ExtractionApi):
    """Cells of my extraction that need a look since the form changed."""

    @endpoint(RevisitOut, many=True, needs=EXTRACT)
    def get(self, study_id: int) -> list[dict[str, Any]]:
        """List them with what could not be carried."""
        return [
            {"row": row, "field": field, "reasons": reasons}
            for (row, field), reasons in revisits_of(self.own(study_id)).items()
        ]

    @endpoint(takes=shapes.ConfirmIn, needs=EXTRACT)
    def post(self, study_id: int) -> None:
        """Say that a cell is right as it stands."""
        extraction = self.own(study_id)
        cell = self.cell(extraction)
        confirm_cell(
            membership=self.membership, extraction=extraction, field=cell.field, row=cell.row
        )


class LostQuotes(ReviewApi):
    """Quotes that are not found."""

    @endpoint(LostQuoteOut, many=True)
    def get(self) -> list[LostQuote]:
        """List quotes that are not in the reports' current files, as far as I may see them."""
        return lost_quotes(self.membership)
