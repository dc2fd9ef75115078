"""PDFs that came many at once: the batches, their files, and the reports that are wanted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from screening.dedup.documents import Wanted
from screening.models import (
    BatchPdf,
    DuplicateLink,
    FullText,
    Job,
    Membership,
    PdfBatch,
    Record,
    Report,
    Review,
)
from screening.rules.consensus import Stage
from screening.selectors.stages import in_stage

MATCH_JOB = "match_pdfs"


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One file on the page of its batch, with the reports it may be."""

    pdf: BatchPdf
    candidates: Sequence["Choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A report a file may be, and whether it has a PDF already."""

    report: Report
    has_pdf: bool


def wanted_reports(review: Review) -> list[Wanted]:
    """The reports that are sought or were included before, with the DOIs of all their records."""
    records = Record.objects.filter(review=review, report__isnull=False)
    ids = {*in_stage(records, Stage.FULL_TEXT).values_list("pk", flat=True)}
    ids |= {*records.included_before().values_list("pk", flat=True)}
    dois: dict[int, list[str]] = defaultdict(list)
    links = DuplicateLink.objects.filter(review=review, undone_at__isnull=True)
    for kept, doi in links.exclude(record__doi="").values_list("kept", "record__doi"):
        dois[kept].append(doi)
    rows = records.order_by("pk").values_list("pk", "report", "title", "doi")
    return [
        Wanted(report, title, tuple(filter(None, (doi, *dois[record]))))
        for record, report, title, doi in rows
        if record in ids
    ]


def pdf_batches(membership: Membership) -> QuerySet[PdfBatch]:
    """The batches of the member's review, newest first, with the sizes of their parts."""
    open_states = [BatchPdf.State.HAS_PDF, BatchPdf.State.UNMATCHED]
    stored = [BatchPdf.State.STORED, BatchPdf.State.PRESENT]
    return (
        PdfBatch.objects.filter(review=membership.review_id)
        .select_related("created_by__user", "review")
        .annotate(
            files=Count("pdfs"),
            matched=Count("pdfs", filter=Q(pdfs__state__in=stored)),
            to_settle=Count("pdfs", filter=Q(pdfs__state__in=open_states)),
        )
        .order_by("-pk")
    )


def pdf_batch_or_404(membership: Membership, batch_id: int) -> PdfBatch:
    """A batch of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    batches = PdfBatch.objects.select_related("created_by__user", "review")
    found = batches.filter(pk=batch_id, review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such upload.")
    return found


def batch_pdf_or_404(membership: Membership, pdf_id: int) -> BatchPdf:
    """A file of a batch of the member's review.

    Raises:
        Http404: There is none in this review.
    """
    pdfs = BatchPdf.objects.select_related("batch__review", "report__record", "full_text")
    found = pdfs.filter(pk=pdf_id, batch__review=membership.review_id).first()
    if found is None:
        raise Http404("There is no such file.")
    return found


def lines_of(batch: PdfBatch) -> list[PdfLine]:
    """The files of a batch with their candidates, in a fixed number of queries."""
    pdfs = list(batch.pdfs.select_related("report__record__review", "full_text"))
    choices = choices_of([key for pdf in pdfs if pdf.is_open for key in pdf.candidates])
    by_id = {choice.report.pk: choice for choice in choices}
    return [
        PdfLine(pdf, [by_id[key] for key in pdf.candidates if key in by_id] if pdf.is_open else [])
        for pdf in pdfs
    ]


def choices_of(report_ids: Sequence[int]) -> list[Choice]:
    """Reports by their ids, in that order, each with whether it has a PDF."""
    reports = Report.objects.select_related("record__review").in_bulk(list(set(report_ids)))
    current = FullText.objects.current().filter(report__in=reports)
    with_pdf = set(current.values_list("report", flat=True))
    return [Choice(reports[key], key in with_pdf) for key in report_ids if key in reports]


def match_job(batch: PdfBatch) -> Job | None:
    """The work that finds the reports of a batch."""
    jobs = Job.objects.filter(review=batch.review_id, kind=MATCH_JOB)
    return jobs.filter(params__pdf_batch_id=batch.pk).select_related("created_by").first()
