"""PDFs uploaded many at once: taken in, matched with their reports by a worker, put right by hand.

Nothing is replaced by itself: a file whose report has a PDF already waits for a person.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Protocol

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from screening.dedup.documents import Document, Finder, Finding
from screening.models import AuditEvent, BatchPdf, FullText, Job, Membership, PdfBatch, Report
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.pdf import read_pdf, stated_in
from screening.selectors.pdf_batches import MATCH_JOB, wanted_reports
from screening.selectors.stored import GONE
from screening.services.full_texts import (
    NAME_LENGTH,
    ReadPdf,
    store_read_pdf,
    withdraw_full_text,
)
from screening.services.pdf_unpacking import Piece, pieces_of

OPENING_LENGTH = 600
_State = BatchPdf.State


class Progress(Protocol):
    """Told after every file, inside its transaction."""

    def __call__(self, *, done: int, total: int, message: str) -> None:
        """Take the progress."""


def take_in_pdfs(*, membership: Membership, uploads: "Sequence[UploadedFile[bytes]]") -> PdfBatch:
    """Keep uploaded PDFs and have a worker find their reports.

    Args:
        membership: Who uploads.
        uploads: PDFs, or ZIP archives of PDFs.

    Returns:
        The batch; files that are no PDF are in it too, with the reason.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: There is no file, or too much; nothing is kept.
    """
    require(membership, Capability.MANAGE_REPORTS)
    batch = PdfBatch(review=membership.review, created_by=membership)
    with ExitStack() as unless_stored:
        pdfs = []
        for piece in pieces_of(uploads):
            pdf = _kept(batch, piece)
            if pdf.file:
                unless_stored.callback(pdf.file.storage.delete, str(pdf.file.name))
            pdfs.append(pdf)
        if not pdfs:
            raise ValidationError("There is no file in this upload. Choose PDFs or a ZIP of PDFs.")
        _insert(batch, pdfs)
        unless_stored.pop_all()
    return batch


def _kept(batch: PdfBatch, piece: Piece) -> BatchPdf:
    pdf = BatchPdf(
        batch=batch,
        original_name=piece.name[-NAME_LENGTH:].replace("\x00", ""),
        size=piece.size,
        state=_State.REFUSED if piece.refusal else _State.WAITING,
        message=piece.refusal,
    )
    if piece.content:
        pdf.file.save("batch.pdf", ContentFile(piece.content), save=False)
    return pdf


@transaction.atomic
def _insert(batch: PdfBatch, pdfs: Sequence[BatchPdf]) -> None:
    batch.save()
    for pdf in pdfs:
        pdf.batch = batch
    BatchPdf.objects.bulk_create(pdfs, batch_size=100)
    AuditEvent.objects.append(
        review=batch.review,
        actor=batch.created_by.user,
        action="pdf_batch.uploaded",
        target=batch,
        after={"files": len(pdfs)},
    )
    Job.objects.enqueue(
        kind=MATCH_JOB,
        review=batch.review,
        created_by=batch.created_by.user,
        params={"pdf_batch_id": batch.pk},
    )


def match_batch(*, batch: PdfBatch, progress: Progress) -> None:
    """Find the reports of a batch's waiting files; called again it goes on where it stood.

    Args:
        batch: The batch; it is matched with the rights of who uploaded it.
        progress: Told with every file.

    Raises:
        PermissionDenied: Who uploaded it may not handle reports any more.
    """
    require(batch.created_by, Capability.MANAGE_REPORTS)
    finder = Finder(wanted_reports(batch.review))
    total = batch.pdfs.count()
    for pdf in list(batch.pdfs.waiting().select_related("batch__created_by__user")):
        done = total - batch.pdfs.waiting().count() + 1
        _match(pdf, finder, lambda done=done: progress(done=done, total=total, message="Reading"))


class _Told(Protocol):
    def __call__(self) -> None: ...


def _match(pdf: BatchPdf, finder: Finder, tell: _Told) -> None:
    try:
        read, finding = _read(pdf, finder)
    except ValueError as error:
        with transaction.atomic():
            tell()
            _settle(pdf, state=_State.REFUSED, message=str(error)[:300])
        return
    pdf.opening = " ".join(" ".join(read.facts.texts[:1]).split())[:OPENING_LENGTH]
    pdf.candidates = [one.key for one in finding.candidates]
    with transaction.atomic():
        tell()  # raises when the work is another's by now, before anything is stored
        if finding.key is None:
            _settle(pdf, state=_State.UNMATCHED)
            return
        report = Report.objects.select_related("record").get(pk=finding.key)
        if finding.key not in pdf.candidates:
            pdf.candidates = [finding.key, *pdf.candidates]
        _store(pdf, read, report, method=finding.method)


def _read(pdf: BatchPdf, finder: Finder) -> tuple[ReadPdf, Finding]:
    content = _content(pdf)
    facts = read_pdf(content)
    stated = stated_in(content)
    document = Document(pdf.original_name, facts.texts, stated.title, stated.dois)
    return ReadPdf(pdf.original_name, content, facts), finder.find(document)


def _content(pdf: BatchPdf) -> bytes:
    held = pdf.file if pdf.file or pdf.full_text is None else pdf.full_text.file
    try:
        with held.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise ValueError(GONE) from error
    return content


def _store(pdf: BatchPdf, read: ReadPdf, report: Report, *, method: str) -> None:
    """Store a file as a found report's full text, unless the report has another one."""
    current = FullText.objects.current().filter(report=report).first()
    if current is not None and current.sha256 != read.sha256:
        _settle(pdf, state=_State.HAS_PDF, report=report, method=method)
        return
    membership = pdf.batch.created_by
    stored = store_read_pdf(membership=membership, report=report, pdf=read, may_replace=False)
    state = _State.STORED if current is None else _State.PRESENT
    _settle(pdf, state=state, report=report, full_text=stored, method=method)


def _settle(pdf: BatchPdf, **values: object) -> None:
    for name, value in values.items():
        setattr(pdf, name, value)
    if pdf.state in {_State.STORED, _State.PRESENT, _State.REFUSED} and pdf.file:
        storage, name = pdf.file.storage, str(pdf.file.name)
        pdf.file.name = ""
        transaction.on_commit(lambda: storage.delete(name))
    pdf.save()


@transaction.atomic
def assign_pdf(
    *, membership: Membership, pdf: BatchPdf, report: Report, may_replace: bool = False
) -> FullText:
    """Say which report a file of a batch is, and store it there.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The file or report is of another review, is settled already, or the
            report has a PDF that is not to be replaced (code `has_pdf`).
    """
    pdf = _locked(membership, pdf)
    if not pdf.is_open:
        raise ValidationError("This file is settled already. Undo that first.", code="settled")
    try:
        content = _content(pdf)
        read = ReadPdf(pdf.original_name, content, read_pdf(content))
    except ValueError as error:
        raise ValidationError(str(error), code="no_pdf") from error
    stored = store_read_pdf(membership=membership, report=report, pdf=read, may_replace=may_replace)
    method = BatchPdf.Method.PERSON
    _settle(pdf, state=_State.STORED, report=report, full_text=stored, method=method)
    return stored


@transaction.atomic
def undo_match(*, membership: Membership, pdf: BatchPdf) -> None:
    """Take a wrongly matched file off its report; it waits for the right one again.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The file is of another review, was not stored by this upload, or has
            been replaced since.
    """
    pdf = _locked(membership, pdf)
    if pdf.state != _State.STORED or pdf.full_text is None:
        raise ValidationError("This file was not stored by this upload.", code="not_stored")
    withdraw_full_text(membership=membership, full_text=pdf.full_text)
    _settle(pdf, state=_State.UNMATCHED, report=None, method="")


@transaction.atomic
def set_pdf_aside(*, membership: Membership, pdf: BatchPdf) -> None:
    """Say that a file is none of the reports; it can still be given to one later.

    Raises:
        PermissionDenied: The member may not handle reports.
        ValidationError: The file is of another review, or settled already.
    """
    pdf = _locked(membership, pdf)
    if not pdf.is_open:
        raise ValidationError("This file is settled already. Undo that first.", code="settled")
    _settle(pdf, state=_State.SET_ASIDE, report=None, method="")
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="batch_pdf.set_aside",
        target=pdf,
        after={"name": pdf.original_name},
    )


def _locked(membership: Membership, pdf: BatchPdf) -> BatchPdf:
    require(membership, Capability.MANAGE_REPORTS)
    pdf = BatchPdf.objects.select_for_update(of=("self",)).get(pk=pdf.pk)
    if pdf.batch.review_id != membership.review_id:
        raise ValidationError("This file is not part of this review.", code="not_here")
    return pdf
