"""Writes around an import: sources and searches, taking a file in, starting, setting aside."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction

from screening.importers.files import open_source
from screening.importers.parsed import ImportRefusedError
from screening.importers.registry import detect
from screening.models import AuditEvent, ImportBatch, Job, Membership, Search, Source
from screening.permissions import require
from screening.rules.roles import Capability
from screening.selectors.import_files import Reading, preview_of
from screening.selectors.imports import import_key, job_of
from screening.services.prior import dismiss_placeholders

JOB_KIND = "import_records"
MEGABYTE = 1024 * 1024
#: A file of some hundred records, packed perhaps some thousand: done in seconds.
SHORT_IMPORT_BYTES = 256 * 1024
_MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """What a person knows of the search behind a file; all may be unknown."""

    query: str = ""
    interface: str = ""
    searched_on: date | None = None
    hits: int | None = None

    @property
    def is_known(self) -> bool:
        """Say whether anything is known."""
        return bool(self.query or self.interface or self.searched_on or self.hits is not None)


@transaction.atomic
def get_or_add_source(*, membership: Membership, name: str, kind: str) -> Source:
    """Return the review's source of that name, made when it is new.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The name is empty, or the source is there with another kind.
    """
    require(membership, Capability.IMPORT)
    name = " ".join(name.split())
    known = Source.objects.filter(review=membership.review, name__iexact=name).first()
    if known is not None:
        if known.kind != kind:
            label = known.get_kind_display()
            raise ValidationError(f"The source {known.name!r} is there already, as: {label}.")
        return known
    source = Source(review=membership.review, name=name, kind=kind)
    source.full_clean()
    source.save()
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="source.added",
        target=source,
        after={"name": name, "kind": kind},
    )
    return source


def check_upload(size: int) -> None:
    """Refuse a file by its size alone.

    Raises:
        ValidationError: It is empty or larger than the limit of the installation.
    """
    limit: int = settings.UPLOAD_LIMIT_BYTES
    if size == 0:
        raise ValidationError("The file is empty. Export it again and upload the new file.")
    if size > limit:
        raise ValidationError(
            f"The file has {size / MEGABYTE:,.0f} MB; at most {limit / MEGABYTE:,.0f} MB are "
            "taken. Split the export, or pack it with gzip.",
            code="too_large",
        )


def take_in(
    *,
    membership: Membership,
    source_name: str,
    kind: str,
    upload: "File[bytes]",
    facts: SearchFacts | None = None,
) -> ImportBatch:
    """Keep a file privately, ready to be looked at and started; nothing is imported yet.

    Args:
        membership: Who imports.
        source_name: Where the file is from; made when the review does not know it.
        kind: The kind of that source.
        upload: The file's bytes; its name is for people only.
        facts: The search behind it.

    Returns:
        The batch, with the guessed format and encoding.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The file is too large, empty, or of no format that can be read, or the
            source is there with another kind; nothing is kept then.
    """
    require(membership, Capability.IMPORT)
    check_upload(upload.size)
    with on_disk(upload) as path, ExitStack() as undo:
        batch = ImportBatch(
            review=membership.review,
            original_name=Path(upload.name or "file").name[:_MAX_NAME],
            sha256=sha256_of(path),
            size=path.stat().st_size,
            created_by=membership.user,
        )
        batch.format, batch.encoding = guess_reading(path)
        with path.open("rb") as stream:
            batch.file.save("upload", File(stream), save=False)
        undo.callback(batch.file.delete, save=False)
        _store(membership, batch, (source_name, kind), facts or SearchFacts())
        undo.pop_all()
    return batch


@transaction.atomic
def _store(
    membership: Membership, batch: ImportBatch, source: tuple[str, str], facts: SearchFacts
) -> None:
    name, kind = source
    batch.source = get_or_add_source(membership=membership, name=name, kind=kind)
    batch.search = search_of(batch.source, facts)
    batch.save()
    AuditEvent.objects.append(
        review=batch.review,
        actor=batch.created_by,
        action="import.taken_in",
        target=batch,
        after={"source": name, "file": batch.original_name, "sha256": batch.sha256},
    )


@contextmanager
def on_disk(upload: "File[bytes]") -> Iterator[Path]:
    """Give a path to an upload; one kept in memory is written to a private temporary file."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="upload-") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def guess_reading(path: Path) -> tuple[str, str]:
    """Find format and encoding of a file.

    Raises:
        ValidationError: It is of no format that can be read; the message says what it is.
    """
    try:
        source = open_source(path)
        return detect(source).name, source.encoding.name
    except ImportRefusedError as error:
        raise ValidationError(str(error), code="refused") from error


def search_of(source: Source, facts: SearchFacts) -> Search | None:
    """The source's search of these facts, made when it is new; None when nothing is known."""
    if not facts.is_known:
        return None
    search, _ = Search.objects.get_or_create(
        source=source,
        query=facts.query,
        interface=facts.interface,
        searched_on=facts.searched_on,
        hits=facts.hits,
    )
    return search


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@transaction.atomic
def start_import(*, membership: Membership, batch: ImportBatch, reading: Reading) -> Job:
    """Fix how the file is read, and hand it to the workers.

    Args:
        membership: Who imports.
        batch: A batch of the review that was taken in.
        reading: Format, encoding and mapping, as confirmed on the preview page.

    Returns:
        The job; the same one when it was started before.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The batch is of another review, or cannot be read in this way.
    """
    require(membership, Capability.IMPORT)
    fix_reading(membership=membership, batch=batch, reading=reading)
    return Job.objects.enqueue(
        kind=JOB_KIND,
        review=membership.review,
        created_by=membership.user,
        params={"batch_id": batch.pk},
        idempotency_key=import_key(batch),
        is_short=batch.size <= SHORT_IMPORT_BYTES,
    )


@transaction.atomic
def fix_reading(*, membership: Membership, batch: ImportBatch, reading: Reading) -> None:
    """Store how the file is read; after the start it stays as it is.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The batch is of another review, or cannot be read in this way.
    """
    require(membership, Capability.IMPORT)
    if batch.review_id != membership.review_id:
        raise ValidationError("The import is of another review.")
    if job_of(batch) or batch.finished_at:
        return
    preview = preview_of(batch, reading)
    if preview.report.is_refused:
        raise ValidationError(preview.report.problems[-1].message, code="refused")
    batch.format, batch.encoding = reading.format, reading.encoding
    batch.mapping, batch.columns = preview.reading.mapping, preview.headers
    batch.save(update_fields=["format", "encoding", "mapping", "columns"])
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.started",
        target=batch,
        after={"format": batch.format, "encoding": batch.encoding, "mapping": batch.mapping},
    )


@transaction.atomic
def discard_import(*, membership: Membership, batch: ImportBatch) -> None:
    """Set a file aside that was never started; its stored copy is removed.

    Raises:
        PermissionDenied: The member may not import.
        ValidationError: The import has been started.
    """
    require(membership, Capability.IMPORT)
    is_started = job_of(batch) or batch.finished_at or batch.records.exists()
    if batch.review_id != membership.review_id or is_started:
        raise ValidationError("The import has been started and stays.")
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="import.discarded",
        target=batch,
        before={"file": batch.original_name, "sha256": batch.sha256},
    )
    stored = batch.file
    dismiss_placeholders(batch)
    batch.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
