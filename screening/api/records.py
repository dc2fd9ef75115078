"""Records of a review: the list, one record with its trace, and what it lacks."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number, stage_field
from screening.api.jobs import JobOut
from screening.api.serializers import RecordOut
from screening.api.views import RecordsQuery
from screening.models import ImportBatch, Job, Record, RecordCompletion
from screening.online.completing import FIELDS
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.completions import GapCounts, completions_of, gap_counts
from screening.selectors.origins import Standing
from screening.selectors.prior import may_see_raw
from screening.selectors.records import Filters, Step, record_or_404, records_list, trace_of
from screening.selectors.shown import ShownRecord, shown_record
from screening.selectors.stages import is_in_stage
from screening.services import completions
from screening.services.pasting import MAX_ABSTRACT, paste_abstract

FILTERS = ("words", "stage", "status", "source", "batch", "reason", "tag", "standing")


class AllRecordsQuery(RecordsQuery):
    """Which records of the review."""

    stage = stage_field(required=False)
    standing = serializers.ChoiceField(required=False, choices=[one.value for one in Standing])


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as shown, and as its source lists it."""

    record: Record
    shown: ShownRecord
    raw_text: str | None
    stages: list[Stage]


class RecordWholeOut(serializers.Serializer[Whole]):
    """A record as shown, with what its source lists."""

    id = serializers.IntegerField(source="record.pk")
    title = serializers.CharField(source="shown.title")
    abstract = serializers.CharField(source="shown.abstract")
    authors = serializers.ListField(source="shown.authors", child=serializers.CharField())
    year = serializers.IntegerField(source="shown.year", allow_null=True)
    venue = serializers.CharField(source="shown.venue")
    volume = serializers.CharField(source="shown.volume")
    issue = serializers.CharField(source="shown.issue")
    pages = serializers.CharField(source="shown.pages")
    doi = serializers.CharField(source="shown.doi")
    pmid = serializers.CharField(source="shown.pmid")
    arxiv_id = serializers.CharField(source="shown.arxiv_id")
    record_type = serializers.CharField(source="shown.record_type")
    language = serializers.CharField(source="shown.language")
    keywords = serializers.ListField(source="shown.keywords", child=serializers.CharField())
    source = serializers.IntegerField(source="record.source_id")  # type: ignore[assignment]
    batch = serializers.IntegerField(source="record.batch_id")
    position = serializers.IntegerField(source="record.position")
    created_at = serializers.DateTimeField(source="record.created_at")
    duplicates = serializers.SerializerMethodField(help_text="Records of the same report.")
    stages = serializers.ListField(child=serializers.CharField())
    raw_text = serializers.CharField(
        allow_null=True, help_text="The imported row; null while blinding hides it."
    )

    def get_duplicates(self, whole: Whole) -> list[int]:
        """Their numbers."""
        return [one.pk for one in whole.shown.duplicates]


class StepOut(serializers.Serializer[Step]):
    """One thing that happened to a record."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    who = serializers.CharField()
    note = serializers.CharField()


class GapsOut(serializers.Serializer[GapCounts]):
    """How many records show no abstract, and how many of those have an identifier."""

    missing = serializers.IntegerField()
    with_identifier = serializers.IntegerField()


class CompleteIn(serializers.Serializer[Any]):
    """What is looked up, and for which import; for the whole review without one."""

    fields_wanted = serializers.ListField(
        child=serializers.ChoiceField(choices=list(FIELDS)), min_length=1, max_length=len(FIELDS)
    )
    batch = Number(required=False)


class AbstractIn(serializers.Serializer[Any]):
    """An abstract that somebody found."""

    abstract = serializers.CharField(max_length=MAX_ABSTRACT)
    found_in = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class CompletionOut(serializers.ModelSerializer[RecordCompletion]):
    """A field that was filled, and from where."""

    value = serializers.JSONField()

    class Meta:
        model = RecordCompletion
        fields = ("id", "record", "field", "value", "origin", "identifier", "created_at")


class AllRecords(ReviewApi):
    """All records of the review."""

    @endpoint(RecordOut, many=True, asks=AllRecordsQuery, order=("pk",))
    def get(self) -> QuerySet[Record]:
        """List the records, each with the status that I may know at the stage asked for."""
        wanted = {name: self.asked[name] for name in FILTERS if name in self.asked}
        return records_list(membership=self.membership, filters=Filters(**wanted))


class OneRecord(ReviewApi):
    """One record."""

    @endpoint(RecordWholeOut)
    def get(self, record_id: int) -> Whole:
        """Show a record with the best field of each source; verdicts stand at its stages."""
        record = record_or_404(self.membership, record_id)
        raw = record.raw_text if may_see_raw(self.membership, record.batch) else None
        stages = [stage for stage in Stage if is_in_stage(record, stage)]
        return Whole(record, shown_record(record), raw, stages)


class Trace(ReviewApi):
    """Why a record is where it is."""

    @endpoint(StepOut, many=True)
    def get(self, record_id: int) -> list[Step]:
        """List what happened to a record, oldest first; nothing that blinding hides."""
        record = record_or_404(self.membership, record_id)
        return list(trace_of(membership=self.membership, record=record))


class Gaps(ReviewApi):
    """Abstracts that are missing."""

    @endpoint(GapsOut)
    def get(self) -> GapCounts:
        """Count the records without an abstract."""
        return gap_counts(self.review)

    @endpoint(JobOut, takes=CompleteIn, status=202, needs=Capability.IMPORT)
    def post(self) -> Job:
        """Let a worker look up what records lack."""
        batch = None
        if "batch" in self.given:
            batch = get_object_or_404(ImportBatch, pk=self.given["batch"], review=self.review)
        return completions.start_completion(
            membership=self.membership, fields=self.given["fields_wanted"], batch=batch
        )


class Abstract(ReviewApi):
    """The abstract of a record that lacks one."""

    @endpoint(needs=Capability.COMPLETE, is_long=True)
    def post(self, record_id: int) -> None:
        """Look the abstract up in outside databases."""
        record = record_or_404(self.membership, record_id)
        why = completions.complete_record(membership=self.membership, record=record)
        if why:
            raise ValidationError(why, code="nothing")

    @endpoint(CompletionOut, takes=AbstractIn, status=201, needs=Capability.COMPLETE)
    def put(self, record_id: int) -> RecordCompletion:
        """Fill the empty abstract with a text; the imported row stays as it is."""
        return paste_abstract(
            membership=self.membership,
            record=record_or_404(self.membership, record_id),
            text=self.given["abstract"],
            found_in=self.given["found_in"],
        )


class Completions(ReviewApi):
    """Fields that were filled from elsewhere."""

    @endpoint(CompletionOut, many=True)
    def get(self) -> QuerySet[RecordCompletion]:
        """List the filled fields that stand, newest first."""
        return completions_of(self.review)


class OneCompletion(ReviewApi):
    """One filled field."""

    @endpoint(needs=Capability.COMPLETE)
    def delete(self, completion_id: int) -> None:
        """Empty the field again, as the source gave it."""
        rows = RecordCompletion.objects.select_related("record")
        found = get_object_or_404(rows, pk=completion_id, record__review=self.review)
        completions.undo_completion(membership=self.membership, completion=found)
