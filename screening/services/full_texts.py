"""Storing the PDF of a report: checked by its content, its pages' text kept, replaced ones stay."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from screening.models import (
    AuditEvent,
    FullText,
    FullTextPage,
    Job,
    Membership,
    Report,
    RetrievalAttempt,
)
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.full_texts import QUOTES_JOB
from screening.selectors.pdf import PdfFacts, read_pdf
from screening.selectors.stages import is_in_stage, was_included_before

NAME_LENGTH = 255


def store_full_text(
    *, membership: Membership, report: Report, upload: "UploadedFile[bytes]"
) -> FullText:
    """Store an uploaded PDF as the report's full text and log that it is retrieved.

    The same file again changes nothing. The file is read before the transaction begins.

    Args:
        membership: Who uploads.
        report: A report that is sought.
        upload: The file as it came.

    Returns:
        The report's full text.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The file is no readable PDF or too large, or the report is not sought;
            nothing is changed.
    """
    require(membership, Capability.MANAGE_REPORTS)
    if report.record.review_id != membership.review_id:
        raise ValidationError("This report is not part of this review.", code="not_here")
    content = _checked_content(upload)
    try:
        facts = read_pdf(content)
    except ValueError as error:
        raise ValidationError(str(error), code="no_pdf") from error
    pdf = ReadPdf(upload.name or "full-text.pdf", content, facts)
    return store_read_pdf(membership=membership, report=report, pdf=pdf)


def _checked_content(upload: "UploadedFile[bytes]") -> bytes:
    limit: int = settings.UPLOAD_LIMIT_BYTES
    if (upload.size or 0) > limit:
        size, most = (upload.size or 0) // settings.MEGABYTE, limit // settings.MEGABYTE
        raise ValidationError(
            f"This file has {size} MB; {most} MB are the most. Save a smaller PDF.",
            code="too_large",
        )
    content: bytes = upload.read()
    if not content:
        raise ValidationError("This file is empty. Choose the report's PDF file.", code="empty")
    return content


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """A PDF that was read: the user's name of it, its bytes, and what was found in it."""

    name: str
    content: bytes
    facts: PdfFacts

    @property
    def sha256(self) -> str:
        """The fingerprint of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@transaction.atomic
def store_read_pdf(
    *, membership: Membership, report: Report, pdf: ReadPdf, may_replace: bool = True
) -> FullText:
    """Store a PDF that was read before as the report's full text.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The report is of another review or not sought, or it has another PDF
            already and that may not be replaced (code `has_pdf`).
    """
    require(membership, Capability.MANAGE_REPORTS)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    record = report.record
    if record.review_id != membership.review_id:
        raise ValidationError("This report is not part of this review.", code="not_here")
    if not (is_in_stage(record, Stage.FULL_TEXT) or was_included_before(record)):
        raise ValidationError(
            "This report is not sought: its record has not passed title and abstract.",
            code="not_in_stage",
        )
    digest = pdf.sha256
    current = FullText.objects.current().filter(report=report).first()
    if current is not None and current.sha256 == digest:
        return current
    if current is not None and not may_replace:
        raise ValidationError(
            "This report has a PDF already. Replace it only if the new one is better.",
            code="has_pdf",
        )
    FullText.objects.current().filter(report=report).update(replaced_at=timezone.now())
    with ExitStack() as unless_stored:
        full_text = FullText(
            report=report,
            original_name=pdf.name[-NAME_LENGTH:],
            sha256=digest,
            size=len(pdf.content),
            page_count=pdf.facts.page_count,
            uploaded_by=membership,
        )
        full_text.file.save("full-text.pdf", ContentFile(pdf.content), save=False)
        unless_stored.callback(full_text.file.delete, save=False)
        full_text.save(force_insert=True)
        _after_storing(full_text, pdf.facts, current)
        unless_stored.pop_all()
    return full_text


def _after_storing(full_text: FullText, facts: PdfFacts, replaced: FullText | None) -> None:
    FullTextPage.objects.bulk_create(
        FullTextPage(full_text=full_text, number=number, text=text)
        for number, text in enumerate(facts.texts, start=1)
    )
    RetrievalAttempt.objects.create(
        report=full_text.report,
        how="PDF uploaded",
        outcome=RetrievalAttempt.Outcome.RETRIEVED,
        note=full_text.original_name,
        created_by=full_text.uploaded_by,
    )
    AuditEvent.objects.append(
        review=full_text.uploaded_by.review,
        actor=full_text.uploaded_by.user,
        action="full_text.stored",
        target=full_text,
        before={"sha256": replaced.sha256} if replaced else {},
        after={"sha256": full_text.sha256, "name": full_text.original_name},
    )
    if replaced is not None or _is_of_a_study(full_text.report):
        _find_quotes_again(full_text, full_text.uploaded_by)


def _is_of_a_study(report: Report) -> bool:
    """Whether somebody may have quoted the report before its first file came."""
    return Report.objects.filter(pk=report.pk, study_report__isnull=False).exists()


def _find_quotes_again(full_text: FullText, asked_by: Membership) -> None:
    """Have a worker look in the report's file for what was quoted from another, or typed."""
    Job.objects.enqueue(
        kind=QUOTES_JOB,
        review=asked_by.review,
        created_by=asked_by.user,
        params={"full_text_id": full_text.pk},
        is_short=True,
    )


@transaction.atomic
def withdraw_full_text(*, membership: Membership, full_text: FullText) -> None:
    """Take a PDF back that is another report's; the one it replaced is current again.

    The file stays, since somebody may have quoted it. The log gets a line of its own: without an
    older PDF the report stands where it stood before this one came.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: It is of another review, or not current any more.
    """
    require(membership, Capability.MANAGE_REPORTS)
    report = Report.objects.select_for_update(of=("self",)).get(pk=full_text.report_id)
    if report.record.review_id != membership.review_id:
        raise ValidationError("This PDF is not part of this review.", code="not_here")
    now = timezone.now()
    standing = FullText.objects.current().filter(pk=full_text.pk)
    if not standing.update(replaced_at=now, withdrawn_at=now):
        raise ValidationError("This PDF was replaced or taken back already.", code="not_current")
    older = FullText.objects.filter(report=report, withdrawn_at__isnull=True)
    previous = older.filter(pk__lt=full_text.pk).order_by("-pk").first()
    if previous is not None:
        FullText.objects.filter(pk=previous.pk).update(replaced_at=None)
        _find_quotes_again(previous, membership)
    RetrievalAttempt.objects.create(
        report=report,
        how="PDF taken back: it is of another report",
        outcome=_outcome_without(full_text, previous),
        note=full_text.original_name,
        created_by=membership,
    )
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="full_text.withdrawn",
        target=full_text,
        before={"sha256": full_text.sha256},
        after={"sha256": previous.sha256 if previous else ""},
    )


def _outcome_without(full_text: FullText, previous: FullText | None) -> str:
    if previous is not None:
        return RetrievalAttempt.Outcome.RETRIEVED
    before = full_text.report.attempts.filter(created_at__lt=full_text.created_at)
    last = before.order_by("-created_at", "-pk").first()
    return last.outcome if last else RetrievalAttempt.Outcome.PENDING
