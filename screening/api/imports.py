"""Imports: upload, preview, whose decisions a file brings, start, problems, undo."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, Value
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import SmallNumber, stage_field
from screening.api.jobs import JobOut
from screening.api.pages import PageQuery
from screening.importers.draft import FIELDS
from screening.importers.encodings import CHOICES as ENCODINGS
from screening.importers.registry import READERS
from screening.models import ImportBatch, ImportProblem, Job, Record, Source
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.import_files import Preview, Reading, preview_of, reading_of
from screening.selectors.imports import BatchLine, batch_lines, counts_of, job_of
from screening.selectors.prior import Brought, brought_by, may_see_raw
from screening.selectors.stored import stored_or_404
from screening.services import import_undo, imports
from screening.services.detection import detect_after_import
from screening.services.import_facts import change_search, facts_of
from screening.services.import_settling import correct_problem, leave_out, reopen_problem
from screening.services.imports import SearchFacts
from screening.services.prior import People, map_people

MAX_TEXT = 1_000_000


class SearchFactsIn(serializers.Serializer[Any]):
    """What is known of the search behind a file; what is not sent stays."""

    query = serializers.CharField(required=False, allow_blank=True)
    interface = serializers.CharField(required=False, allow_blank=True, max_length=200)
    searched_on = serializers.DateField(required=False, allow_null=True)
    hits = SmallNumber(required=False, allow_null=True)


class ImportIn(SearchFactsIn):
    """A file, where it is from, and the search behind it, as `multipart/form-data`."""

    file = serializers.FileField()
    source_name = serializers.CharField(max_length=200, help_text="Made when it is new.")
    kind = serializers.ChoiceField(choices=Source.Kind.choices)


class ImportOut(serializers.Serializer[BatchLine]):
    """An import and what became of its rows."""

    id = serializers.IntegerField(source="batch.pk")
    source = serializers.IntegerField(source="batch.source_id")  # type: ignore[assignment]
    original_name = serializers.CharField(source="batch.original_name")
    sha256 = serializers.CharField(source="batch.sha256")
    size = serializers.IntegerField(source="batch.size")
    format = serializers.CharField(source="batch.format")
    encoding = serializers.CharField(source="batch.encoding")
    mapping = serializers.DictField(source="batch.mapping", child=serializers.CharField())
    created_at = serializers.DateTimeField(source="batch.created_at")
    finished_at = serializers.DateTimeField(source="batch.finished_at", allow_null=True)
    is_waiting = serializers.BooleanField(help_text="Uploaded and not started.")
    found = serializers.IntegerField(source="counts.found")
    imported = serializers.IntegerField(source="counts.imported")
    known = serializers.IntegerField(source="counts.known")
    warnings = serializers.IntegerField(source="counts.warnings")
    rejected = serializers.IntegerField(source="counts.rejected")
    job = serializers.IntegerField(source="job.pk", allow_null=True, default=None)


class ReadingIn(serializers.Serializer[Any]):
    """How the file is read; what is not sent is as guessed."""

    format = serializers.ChoiceField(required=False, choices=[one.name for one in READERS])
    encoding = serializers.ChoiceField(required=False, choices=list(ENCODINGS))
    mapping = serializers.DictField(
        required=False,
        child=serializers.ChoiceField(choices=list(FIELDS)),
        help_text="Of a table: header -> field of the record.",
    )


class ColumnOut(serializers.Serializer[Any]):
    """A column of a table, the field it goes to, and its first values."""

    header = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    sample = serializers.ListField(child=serializers.CharField())


class PreviewOut(serializers.Serializer[Preview]):
    """What an import would give."""

    format = serializers.CharField(source="reading.format")
    encoding = serializers.CharField(source="reading.encoding")
    mapping = serializers.DictField(source="reading.mapping", child=serializers.CharField())
    columns = ColumnOut(many=True)
    found = serializers.IntegerField(source="report.found")
    rejected = serializers.IntegerField(source="report.rejected")
    warnings = serializers.IntegerField()
    is_whole = serializers.BooleanField(help_text="Whether the counts are of the whole file.")


class BroughtOut(serializers.Serializer[Brought]):
    """What a file brings of decisions made elsewhere."""

    records = serializers.IntegerField()
    people = serializers.DictField(child=serializers.IntegerField())
    reasons = serializers.DictField(child=serializers.IntegerField())
    tags = serializers.DictField(child=serializers.IntegerField())


class PeopleIn(serializers.Serializer[Any]):
    """Whose the decisions are, by the names in the file."""

    people = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=20),
        help_text='A member\'s number, "absent" for a person no longer here, or "" to leave out.',
    )
    reasons = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=20),
        required=False,
        default=dict,
        help_text='A reason\'s number, "new" to add it, or "" to leave it out.',
    )
    stage = stage_field(required=False, default=Stage.TITLE_ABSTRACT.value)
    takes_tags = serializers.BooleanField(required=False, default=True)


class ProblemsQuery(PageQuery):
    """Which notes."""

    severity = serializers.ChoiceField(required=False, choices=ImportProblem.Severity.choices)


class ImportProblemOut(serializers.ModelSerializer[ImportProblem]):
    """A row that was rejected, known or imported with a warning."""

    raw_text = serializers.SerializerMethodField(help_text="Empty while blinding hides it.")

    class Meta:
        model = ImportProblem
        fields = (
            "id",
            "position",
            "severity",
            "message",
            "raw_text",
            "record",
            "settlement",
            "corrected_text",
            "note",
        )

    def get_raw_text(self, problem: ImportProblem) -> str:
        """The row as it stands in the file."""
        return "" if getattr(problem, "hides_raw", False) else problem.raw_text


class SettleIn(serializers.Serializer[Any]):
    """A corrected text, a note why the row is left out, or neither: ask about it again."""

    text = serializers.CharField(required=False, max_length=MAX_TEXT, trim_whitespace=False)
    leave_out = serializers.CharField(required=False, max_length=2000, help_text="Why.")
    reopen = serializers.BooleanField(required=False)


class ImportApi(ReviewApi):
    """What endpoints of one import share."""

    def batch(self, batch_id: int) -> ImportBatch:
        """An import of the review."""
        rows = ImportBatch.objects.select_related("source", "search", "created_by", "review")
        return get_object_or_404(rows, pk=batch_id, review=self.review)

    def line(self, batch: ImportBatch) -> BatchLine:
        """The import with what became of it."""
        return BatchLine(batch, counts_of(batch), job_of(batch))

    def reading(self, batch: ImportBatch) -> Reading:
        """How the file is to be read: as sent, else as stored, else as guessed."""
        stored = reading_of(batch)
        given = {name: self.given[name] for name in self.given}
        mapping = given.pop("mapping", None)
        wanted = Reading(
            given.get("format", stored.format),
            given.get("encoding", stored.encoding),
            dict(mapping if mapping is not None else stored.mapping),
        )
        return wanted if mapping is not None else preview_of(batch, wanted).reading


class Imports(ImportApi):
    """The imported files."""

    parser_classes = (MultiPartParser,)

    @endpoint(ImportOut, many=True)
    def get(self) -> list[BatchLine]:
        """List the imports, newest first."""
        return batch_lines(self.review)

    @endpoint(ImportOut, takes=ImportIn, status=201, needs=Capability.IMPORT, is_long=True)
    def post(self) -> BatchLine:
        """Upload a file; nothing is imported before it is started."""
        given = dict(self.given)
        batch = imports.take_in(
            membership=self.membership,
            source_name=given.pop("source_name"),
            kind=given.pop("kind"),
            upload=given.pop("file"),
            facts=SearchFacts(**given),
        )
        return self.line(batch)


class OneImport(ImportApi):
    """One import."""

    @endpoint(ImportOut)
    def get(self, batch_id: int) -> BatchLine:
        """Show what became of a file."""
        return self.line(self.batch(batch_id))

    @endpoint(ImportOut, takes=SearchFactsIn, needs=Capability.IMPORT)
    def patch(self, batch_id: int) -> BatchLine:
        """Say anew which search gave the file."""
        batch = self.batch(batch_id)
        known = facts_of(batch.search)
        names = ("query", "interface", "searched_on", "hits")
        facts = {name: self.given.get(name, getattr(known, name)) for name in names}
        change_search(membership=self.membership, batch=batch, facts=SearchFacts(**facts))
        return self.line(self.batch(batch_id))

    @endpoint(JobOut, status=202, needs=Capability.IMPORT, may_be_empty=True)
    def delete(self, batch_id: int) -> Job | None:
        """Undo an import, or set a file aside that was not started.

        A small import is gone at once (204); a large one is taken out by a worker (202, the job).
        """
        batch = self.batch(batch_id)
        if batch.finished_at is None and job_of(batch) is None:
            imports.discard_import(membership=self.membership, batch=batch)
            return None
        return import_undo.undo_import(membership=self.membership, batch=batch)


class ImportFile(ImportApi):
    """The file as it was uploaded."""

    @endpoint(OpenApiTypes.BINARY)
    def get(self, batch_id: int) -> FileResponse:
        """Download the original file."""
        batch = self.batch(batch_id)
        if not may_see_raw(self.membership, batch):
            raise PermissionDenied(
                "This file holds what others decided. While a stage is blinded, only a lead may "
                "download it."
            )
        response = FileResponse(
            stored_or_404(batch.file),
            as_attachment=True,
            filename=batch.original_name,
            content_type="application/octet-stream",
        )
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


class ImportPreview(ImportApi):
    """What an import would give."""

    @endpoint(PreviewOut, takes=ReadingIn, needs=Capability.IMPORT)
    def post(self, batch_id: int) -> Preview:
        """Read the beginning of the file as sent; nothing is written."""
        batch = self.batch(batch_id)
        self._unstarted(batch)
        return preview_of(batch, self.reading(batch), seconds=1.0)

    @staticmethod
    def _unstarted(batch: ImportBatch) -> None:
        if batch.finished_at or job_of(batch):
            raise ValidationError("This import was started already.", code="settled")


class ImportPeople(ImportApi):
    """Whose the decisions in a file are."""

    @endpoint(BroughtOut, needs=Capability.IMPORT)
    def get(self, batch_id: int) -> Brought:
        """Say what the file brings of decisions made elsewhere."""
        return brought_by(self.batch(batch_id))

    @endpoint(takes=PeopleIn, needs=Capability.IMPORT)
    def put(self, batch_id: int) -> None:
        """Fix whose they are, before the import is started."""
        people = People(**self.given)
        map_people(membership=self.membership, batch=self.batch(batch_id), people=people)


class StartImport(ImportApi):
    """Starting an import."""

    @endpoint(JobOut, takes=ReadingIn, status=202, needs=Capability.IMPORT)
    def post(self, batch_id: int) -> Job:
        """Fix how the file is read and let a worker import it."""
        batch = self.batch(batch_id)
        return imports.start_import(
            membership=self.membership, batch=batch, reading=self.reading(batch)
        )


class ImportProblems(ImportApi):
    """What was noted of the rows of a file."""

    @endpoint(ImportProblemOut, many=True, asks=ProblemsQuery, order=("pk",))
    def get(self, batch_id: int) -> QuerySet[ImportProblem]:
        """List the notes; raw text only as far as blinding allows."""
        batch = self.batch(batch_id)
        rows = batch.problems.all()
        if "severity" in self.asked:
            rows = rows.filter(severity=self.asked["severity"])
        return rows.annotate(hides_raw=Value(not may_see_raw(self.membership, batch)))


class OneImportProblem(ImportApi):
    """A rejected row."""

    @endpoint(ImportProblemOut, takes=SettleIn, needs=Capability.IMPORT)
    def patch(self, batch_id: int, problem_id: int) -> ImportProblem:
        """Import the corrected text, leave the row out, or ask about it again."""
        rows = ImportProblem.objects.filter(severity=ImportProblem.Severity.REJECTED)
        problem = get_object_or_404(
            rows.select_related("batch__source", "batch__review"),
            pk=problem_id,
            batch=self.batch(batch_id),
        )
        self._settle(problem)
        problem.refresh_from_db()
        return problem

    def _settle(self, problem: ImportProblem) -> Record | None:
        if len(self.given) != 1:
            raise ValidationError("Send one of: text, leave_out, reopen.")
        if "text" in self.given:
            text = self.given["text"]
            record = correct_problem(membership=self.membership, problem=problem, text=text)
            detect_after_import(review=self.review, asked_by=self.user)
            return record
        if "leave_out" in self.given:
            note = self.given["leave_out"]
            leave_out(membership=self.membership, problem=problem, note=note)
        else:
            reopen_problem(membership=self.membership, problem=problem)
        return None
