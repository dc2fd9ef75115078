"""Running an import: parsed outside transactions, written in chunks that happen exactly once."""

import hashlib
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.importers.parsed import (
    ImportRefusedError,
    Item,
    ParsedRecord,
    Problem,
    Severity,
)
from screening.models import (
    AuditEvent,
    ImportBatch,
    ImportProblem,
    Record,
    Report,
    Source,
    WebhookDelivery,
)
from screening.models.webhooks import Event
from screening.selectors.import_files import items_of, local_copy
from screening.selectors.imports import ImportCounts, counts_of, is_being_undone
from screening.selectors.online import Listed
from screening.services.giving_way import give_way
from screening.services.insertion import Values, insert, values_of
from screening.services.planning import next_mark, tell_planner
from screening.services.prior_run import write_prior

CHUNK = 100
CHUNK_LETTERS = 1024 * 1024
_LIMITS = {
    "volume": 100,
    "issue": 100,
    "pages": 100,
    "language": 100,
    "record_type": 200,
    "doi": 300,
    "pmid": 20,
    "arxiv_id": 40,
}
_RAW_KEPT = 20_000
_PACKED = (b"\x1f\x8b", b"PK")  # gzip; ZIP with what is built on it


class Progress(Protocol):
    """What a job's context offers; a command gives one that does nothing."""

    def __call__(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        message: str | None = None,
        cursor: Any = None,
    ) -> None:
        """Report progress; called inside the chunk's own transaction."""
        ...


def no_progress(**_: object) -> None:
    """Stand in for `Progress` where nobody watches."""


@dataclass(slots=True)
class _Counter:
    """Tells the n-th equal row of a file apart and keeps positions rising."""

    seen: dict[bytes, int] = field(default_factory=dict)
    last_position: int = 0

    def take(self, item: ParsedRecord) -> tuple[str, int, int]:
        """Return fingerprint, occurrence and position of a record."""
        digest = fingerprint_of(item)
        key = bytes.fromhex(digest)[:12]
        self.seen[key] = self.seen.get(key, 0) + 1
        self.last_position = max(item.position, self.last_position + 1)
        return digest, self.seen[key], self.last_position


@dataclass(slots=True)
class _Share:
    """How much of a file is read, so that its records need not be counted beforehand.

    A pass that only counts would read everything twice, and a worker that is killed in it again
    and again would never get on.
    """

    size: int | None  # of the file in bytes; None for one that is packed
    records: int = 0
    letters: int = 0

    def take(self, item: ParsedRecord) -> None:
        """Count one more record."""
        self.records += 1
        self.letters += len(item.raw_text)

    def estimate(self) -> int | None:
        """About how many records the file holds; None for one that is packed."""
        if self.size is None or not 0 < self.letters <= self.size:
            return None
        return max(self.records, round(self.records * self.size / self.letters))


def _plain_size(path: Path) -> int | None:
    """The size of a file in bytes, None when it is packed."""
    with path.open("rb") as stream:
        return None if stream.read(2) in _PACKED else path.stat().st_size


def fingerprint_of(item: ParsedRecord) -> str:
    """SHA-256 of a record's raw text, whatever the line ends of the file."""
    raw = item.raw_text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def run_import(
    *, batch: ImportBatch, progress: Progress = no_progress, cursor: Any = None
) -> ImportCounts:
    """Import a batch's file; called again with the stored cursor it goes on where it stopped.

    Args:
        batch: The batch, with format, encoding and mapping fixed.
        progress: Told after every chunk, inside its transaction.
        cursor: `{"items": n}` of the last chunk that was written; None starts at the beginning.

    Returns:
        What became of the rows.

    Raises:
        ValidationError: The file cannot be read; nothing was written.
    """
    if batch.finished_at:
        return counts_of(batch)
    if is_being_undone(batch):
        raise ValidationError("The import is being undone.")
    done = int(cursor["items"]) if cursor else 0
    try:
        with local_copy(batch) as path:
            _write_all(batch, path, progress, done)
    except ImportRefusedError as error:
        raise ValidationError(str(error), code="refused") from error
    return _finish(batch)


@dataclass(slots=True)
class _Prepared:
    """A record made ready outside the transaction: the write lock is held for writing only."""

    item: ParsedRecord
    row: Record
    values: Values
    notes: list[ImportProblem]

    @property
    def key(self) -> tuple[str, int]:
        """By what the source knows the row."""
        return self.row.fingerprint, self.row.occurrence


def _write_all(batch: ImportBatch, path: Path, progress: Progress, done: int) -> None:
    items = items_of(batch, path)
    counter, share = _Counter(), _Share(_plain_size(path))
    for item in islice(items, done):
        if isinstance(item, ParsedRecord):
            counter.take(item)
            share.take(item)
    mark = next_mark(done)
    for chunk in _chunks(items):
        prepared = [_prepare(batch, counter, i) for i in chunk if isinstance(i, ParsedRecord)]
        problems = [note_of(batch, item) for item in chunk if isinstance(item, Problem)]
        done += len(chunk)
        for one in prepared:
            share.take(one.item)
        started = time.monotonic()
        with transaction.atomic():
            _write_chunk(batch, prepared, problems)
            progress(
                done=share.records,
                total=share.estimate(),
                cursor={"items": done},
                message=f"Reading {batch.original_name}; how many it holds is estimated",
            )
        give_way(time.monotonic() - started)
        if done >= mark:
            tell_planner()
            mark = next_mark(done)
    tell_planner()
    progress(done=share.records, total=share.records, message=f"Read {batch.original_name}")


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Cut a stream after so many items or letters, so that neither rows nor memory pile up."""
    chunk: list[Item] = []
    letters = 0
    for item in items:
        chunk.append(item)
        letters += len(item.raw_text if isinstance(item, ParsedRecord) else item.raw)
        if len(chunk) >= CHUNK or letters >= CHUNK_LETTERS:
            yield chunk
            chunk, letters = [], 0
    if chunk:
        yield chunk


def _prepare(batch: ImportBatch, counter: _Counter, item: ParsedRecord) -> _Prepared:
    digest, occurrence, position = counter.take(item)
    row, notes = row_of(batch, item, position)
    row.fingerprint, row.occurrence = digest, occurrence
    return _Prepared(item, row, values_of(row), notes)


def _write_chunk(batch: ImportBatch, prepared: list[_Prepared], notes: list[ImportProblem]) -> None:
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    known = _known_rows(source, [one.key for one in prepared])
    listed = Listed(batch, [one.item for one in prepared])
    rows, positions, notes = [], [], list(notes)
    for one in prepared:
        if listed.take(one.item) or one.key in known:
            notes.append(_known(batch, one, known.get(one.key)))
            continue
        rows.append(one.values)
        positions.append(one.row.position)
        notes.extend(one.notes)
    insert(Record, rows)
    ImportProblem.objects.bulk_create(notes, batch_size=CHUNK, ignore_conflicts=True)
    if source.kind not in Source.IDENTIFICATION_KINDS:
        made = Record.objects.filter(batch=batch, position__in=positions).order_by("position")
        Report.objects.bulk_create([Report(record=record) for record in made.only("pk")])
    write_prior(batch, [((*one.key, one.row.position), one.item) for one in prepared])


def _known_rows(source: Source, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Records of the source by fingerprint and occurrence, of those that are asked for."""
    first = {digest for digest, occurrence in keys if occurrence == 1}
    again = {key for key in keys if key[1] > 1}
    wanted = Q(fingerprint__in=first, occurrence=1)
    if again:  # a file may hold one row thousands of times
        wanted |= Q(
            fingerprint__in={digest for digest, _ in again},
            occurrence__in={occurrence for _, occurrence in again},
        )
    rows = Record.objects.filter(wanted, source=source).order_by()
    found = rows.values_list("fingerprint", "occurrence", "pk")
    return {(digest, occurrence): pk for digest, occurrence, pk in found}


def row_of(
    batch: ImportBatch, item: ParsedRecord, position: int
) -> tuple[Record, list[ImportProblem]]:
    """The record of a parsed item, and notes on what was too long for its column.

    Fingerprint and occurrence are the caller's to set.
    """
    values: dict[str, str] = {name: getattr(item, _field(name)) for name in _LIMITS}
    extra = {name: list(found) for name, found in item.extra.items()}
    cut = []
    for name, limit in _LIMITS.items():
        if len(values[name]) > limit:
            extra.setdefault(name, []).append(values[name])
            message = f"The {_field(name)} is longer than {limit} letters and was kept as extra."
            cut.append(note_of(batch, Problem(position, message, values[name][:500])))
            values[name] = values[name][:limit]
    record = Record(
        review_id=batch.review_id,
        source_id=batch.source_id,
        batch=batch,
        position=position,
        title=item.title,
        abstract=item.abstract,
        authors=list(item.authors),
        year=item.year,
        venue=item.venue,
        keywords=list(item.keywords),
        urls=[asdict(link) for link in item.urls],
        extra=extra,
        raw_text=item.raw_text,
        **values,
    )
    return record, cut


def _field(name: str) -> str:
    return "type" if name == "record_type" else name


def note_of(batch: ImportBatch, problem: Problem, position: int | None = None) -> ImportProblem:
    """The row that keeps a problem; a position of its own wins over the reader's."""
    is_rejected = problem.severity is Severity.REJECTED
    severities = ImportProblem.Severity
    return ImportProblem(
        batch=batch,
        position=position or problem.position,
        severity=severities.REJECTED if is_rejected else severities.WARNING,
        message=problem.message,
        raw_text=problem.raw[:_RAW_KEPT],
    )


def _known(batch: ImportBatch, one: _Prepared, record: int | None) -> ImportProblem:
    return ImportProblem(
        batch=batch,
        record_id=record,
        position=one.row.position,
        severity=ImportProblem.Severity.KNOWN,
        message="The source lists this record already.",
        raw_text=one.item.title[:500],
    )


@transaction.atomic
def _finish(batch: ImportBatch) -> ImportCounts:
    counts = counts_of(batch)
    ImportBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())
    after: Mapping[str, int] = counts.as_dict()
    AuditEvent.objects.append(
        review=batch.review,
        actor=batch.created_by,
        action="import.finished",
        target=batch,
        after=dict(after),
    )
    facts = {"import": batch.pk, "source": batch.source.name, **after}
    WebhookDelivery.objects.announce(batch.review, Event.IMPORT_DONE, facts)
    return counts
