"""Reports: which are sought, the log of their retrieval, their PDFs, and PDFs in batches."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from screening.api.base import ReviewApi, endpoint
from screening.api.fields import Number
from screening.api.pages import PageQuery
from screening.models import BatchPdf, FullText, PdfBatch, Record, Report, RetrievalAttempt
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors import pdf_batches as reads
from screening.selectors.blinding import seen_status
from screening.selectors.full_texts import full_text_or_404
from screening.selectors.reports import (
    RETRIEVALS,
    ReportFilters,
    report_or_404,
    retrieval_counts,
    sought,
)
from screening.selectors.stored import stored_or_404
from screening.services import pdf_batches as services
from screening.services.exports import export_reports
from screening.services.full_texts import store_full_text
from screening.services.reports import Attempt, log_attempt, log_attempts

MOST_REPORTS = 10_000


class FullTextOut(serializers.ModelSerializer[FullText]):
    """A PDF of a report; a replaced one stays, since evidence may quote it."""

    class Meta:
        model = FullText
        fields = (
            "id",
            "report",
            "original_name",
            "sha256",
            "size",
            "page_count",
            "created_at",
            "replaced_at",
        )


class FileQuery(serializers.Serializer[Any]):
    """Which reports."""

    retrieval = serializers.ChoiceField(required=False, choices=list(RETRIEVALS))
    words = serializers.CharField(required=False, max_length=200, help_text="Words of the title.")
    reason = Number(required=False, help_text="Number of the reason they are excluded for.")


class ReportsQuery(FileQuery, PageQuery):
    """Which reports, and which page of them."""


class SoughtOut(serializers.Serializer[Record]):
    """A report that is sought."""

    id = serializers.IntegerField(source="report.pk")
    record = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    retrieval = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(
        source="seen_status", choices=[status.value for status in Status]
    )
    full_text = serializers.SerializerMethodField()

    def get_full_text(self, record: Record) -> int | None:
        """Number of the current PDF."""
        texts = getattr(record.report, "current_texts", [])
        return texts[0].pk if texts else None


class AttemptOut(serializers.ModelSerializer[RetrievalAttempt]):
    """An attempt to get a report."""

    day = serializers.DateField(help_text="When it was tried.")
    by = serializers.CharField(source="created_by.user.name", allow_null=True, default=None)

    class Meta:
        model = RetrievalAttempt
        fields = ("id", "how", "outcome", "note", "day", "by", "created_at")


class AttemptIn(serializers.Serializer[Any]):
    """An attempt to get a report; the latest outcome counts."""

    how = serializers.CharField(max_length=200)
    outcome = serializers.ChoiceField(choices=RetrievalAttempt.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000, default="")
    day = serializers.DateField(
        required=False,
        allow_null=True,
        default=None,
        source="tried_on",
        help_text="When it was tried; today without it, never in the future.",
    )


class AttemptsIn(AttemptIn):
    """The same attempt for several reports."""

    reports = serializers.ListField(child=Number(), min_length=1, max_length=MOST_REPORTS)


class LoggedOut(serializers.Serializer[Any]):
    """In how many logs the attempt stands now."""

    logged = serializers.IntegerField()


class ReportOut(serializers.ModelSerializer[Report]):
    """A report with its log and its PDFs."""

    title = serializers.CharField(source="record.title")
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    attempts = AttemptOut(many=True)
    full_texts = FullTextOut(many=True)

    class Meta:
        model = Report
        fields = ("id", "record", "title", "status", "attempts", "full_texts", "created_at")


class RetrievalOut(serializers.Serializer[Any]):
    """How many reports are sought, and how many stand at each outcome."""

    sought = serializers.IntegerField()
    awaiting = serializers.IntegerField()
    retrieved = serializers.IntegerField()
    not_retrieved = serializers.IntegerField()


class PdfIn(serializers.Serializer[Any]):
    """A PDF, as `multipart/form-data`."""

    file = serializers.FileField()


class PdfsIn(serializers.Serializer[Any]):
    """PDFs or ZIP archives of them, as `multipart/form-data`."""

    pdfs = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=500
    )


class BatchPdfOut(serializers.ModelSerializer[BatchPdf]):
    """A file of a batch, and which report it was found to be."""

    candidates = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = BatchPdf
        fields = (
            "id",
            "original_name",
            "size",
            "state",
            "message",
            "opening",
            "candidates",
            "report",
            "full_text",
            "method",
        )


class PdfBatchOut(serializers.ModelSerializer[PdfBatch]):
    """PDFs that were uploaded together."""

    pdfs = BatchPdfOut(many=True)

    class Meta:
        model = PdfBatch
        fields = ("id", "created_at", "pdfs")


class AssignIn(serializers.Serializer[Any]):
    """Which report a file is."""

    report = Number()
    may_replace = serializers.BooleanField(required=False, default=False)


class PageTextOut(serializers.Serializer[Any]):
    """The text of a page."""

    number = serializers.IntegerField()
    text = serializers.CharField()


class Reports(ReviewApi):
    """The reports that are sought."""

    @endpoint(SoughtOut, many=True, asks=ReportsQuery, order=("pk",))
    def get(self) -> QuerySet[Record]:
        """List the reports by where their retrieval stands."""
        return sought(membership=self.membership, filters=_filters(self.asked))


class ReportsFile(ReviewApi):
    """The reports that are sought, as a file for whoever fetches them."""

    @endpoint(OpenApiTypes.BINARY, asks=FileQuery, needs=Capability.EXPORT)
    def get(self, file_format: str) -> StreamingHttpResponse:
        """Stream the reports of the list in a format of the export."""
        file = export_reports(
            membership=self.membership, file_format=file_format, filters=_filters(self.asked)
        )
        return StreamingHttpResponse(file.pieces, headers=file.headers)


class ManyAttempts(ReviewApi):
    """The logs of several reports."""

    operation_word = "_many"

    @endpoint(LoggedOut, takes=AttemptsIn, status=201, needs=Capability.MANAGE_REPORTS)
    def post(self) -> dict[str, int]:
        """Log the same attempt for several reports; those that are not sought are left out."""
        given = dict(self.given)
        number = log_attempts(
            membership=self.membership, report_ids=given.pop("reports"), attempt=Attempt(**given)
        )
        return {"logged": number}


class RetrievalCounts(ReviewApi):
    """How far retrieval is."""

    @endpoint(RetrievalOut)
    def get(self) -> dict[str, int]:
        """Count the reports by outcome."""
        return retrieval_counts(membership=self.membership)


class OneReport(ReviewApi):
    """One report."""

    @endpoint(ReportOut)
    def get(self, report_id: int) -> Report:
        """Show a report with its log and its PDFs."""
        report = report_or_404(self.membership, report_id)
        report.status = seen_status(  # type: ignore[attr-defined]  # read by the serializer
            membership=self.membership, record=report.record, stage=Stage.FULL_TEXT
        )
        return report


class Attempts(ReviewApi):
    """The log of a report's retrieval."""

    @endpoint(AttemptOut, many=True)
    def get(self, report_id: int) -> list[RetrievalAttempt]:
        """List the attempts, oldest first."""
        report = report_or_404(self.membership, report_id)
        return list(report.attempts.select_related("created_by__user"))

    @endpoint(AttemptOut, takes=AttemptIn, status=201, needs=Capability.MANAGE_REPORTS)
    def post(self, report_id: int) -> RetrievalAttempt:
        """Log an attempt to get the report."""
        report = report_or_404(self.membership, report_id)
        return log_attempt(membership=self.membership, report=report, **self.given)


class FullTexts(ReviewApi):
    """The PDFs of a report."""

    parser_classes = (MultiPartParser,)

    @endpoint(FullTextOut, many=True)
    def get(self, report_id: int) -> QuerySet[FullText]:
        """List the PDFs, newest first."""
        report = report_or_404(self.membership, report_id)
        return report.full_texts.all()

    @endpoint(FullTextOut, takes=PdfIn, status=201, needs=Capability.MANAGE_REPORTS, is_long=True)
    def post(self, report_id: int) -> FullText:
        """Store a PDF as the report's full text; one that is there stays beside it."""
        report = report_or_404(self.membership, report_id)
        return store_full_text(membership=self.membership, report=report, upload=self.given["file"])


class FullTextFile(ReviewApi):
    """A PDF."""

    @endpoint(OpenApiTypes.BINARY)
    def get(self, full_text_id: int) -> FileResponse:
        """Download the PDF."""
        found = full_text_or_404(self.membership, full_text_id)
        response = FileResponse(
            stored_or_404(found.file),
            as_attachment=True,
            filename=found.original_name,
            content_type="application/pdf",
        )
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


class FullTextPages(ReviewApi):
    """The text of a PDF."""

    @endpoint(PageTextOut, many=True, order=("number",))
    def get(self, full_text_id: int) -> QuerySet[Any]:
        """List the pages with their text."""
        return full_text_or_404(self.membership, full_text_id).pages.all()


class PdfBatches(ReviewApi):
    """PDFs uploaded many at once."""

    parser_classes = (MultiPartParser,)

    @endpoint(PdfBatchOut, many=True, needs=Capability.MANAGE_REPORTS)
    def get(self) -> QuerySet[PdfBatch]:
        """List the uploads, newest first."""
        return reads.pdf_batches(self.membership).prefetch_related("pdfs")

    @endpoint(PdfBatchOut, takes=PdfsIn, status=201, needs=Capability.MANAGE_REPORTS, is_long=True)
    def post(self) -> PdfBatch:
        """Upload PDFs; a worker finds out which reports they are."""
        return services.take_in_pdfs(membership=self.membership, uploads=self.given["pdfs"])


class OnePdfBatch(ReviewApi):
    """One upload."""

    @endpoint(PdfBatchOut, needs=Capability.MANAGE_REPORTS)
    def get(self, pdf_batch_id: int) -> PdfBatch:
        """Say what became of each file."""
        return reads.pdf_batch_or_404(self.membership, pdf_batch_id)


class AssignPdf(ReviewApi):
    """The report of a file."""

    @endpoint(takes=AssignIn, needs=Capability.MANAGE_REPORTS, is_long=True)
    def put(self, batch_pdf_id: int) -> None:
        """Give the file to a report."""
        pdf = reads.batch_pdf_or_404(self.membership, batch_pdf_id)
        try:
            report = report_or_404(self.membership, self.given["report"])
        except Http404 as error:
            raise ValidationError({"report": ["There is no such report."]}) from error
        services.assign_pdf(
            membership=self.membership,
            pdf=pdf,
            report=report,
            may_replace=self.given["may_replace"],
        )

    @endpoint(needs=Capability.MANAGE_REPORTS)
    def delete(self, batch_pdf_id: int) -> None:
        """Take the file off the report it was matched with."""
        pdf = reads.batch_pdf_or_404(self.membership, batch_pdf_id)
        services.undo_match(membership=self.membership, pdf=pdf)


class SetPdfAside(ReviewApi):
    """A file that is none of the reports."""

    @endpoint(needs=Capability.MANAGE_REPORTS)
    def post(self, batch_pdf_id: int) -> None:
        """Set the file aside; it can still be given to a report."""
        pdf = reads.batch_pdf_or_404(self.membership, batch_pdf_id)
        services.set_pdf_aside(membership=self.membership, pdf=pdf)


def _filters(asked: dict[str, Any]) -> ReportFilters:
    """What the list is narrowed to."""
    names = ("retrieval", "words", "reason")
    return ReportFilters(**{name: asked[name] for name in names if name in asked})
