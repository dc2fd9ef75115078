"""Reads about sources and imports: counts, what each source added alone, previews."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Count, Q

from screening.models import (
    DuplicateLink,
    ImportBatch,
    ImportProblem,
    Job,
    Record,
    Review,
    Source,
)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the rows of one file. `found` = imported + known + rejected."""

    imported: int = 0
    known: int = 0
    warnings: int = 0
    rejected: int = 0

    @property
    def found(self) -> int:
        """How many records the file holds, readable or not."""
        return self.imported + self.known + self.rejected

    @property
    def problems(self) -> int:
        """How many places a person should look at."""
        return self.warnings + self.rejected

    def as_dict(self) -> dict[str, int]:
        """The counts by name, `found` first."""
        return {"found": self.found, **asdict(self)}


def counts_of_batches(batches: Iterable[ImportBatch]) -> dict[int, ImportCounts]:
    """Counts of several imports by id, in two queries."""
    ids = [batch.pk for batch in batches]
    imported = dict(
        Record.objects.filter(batch__in=ids)
        .order_by()
        .values_list("batch")
        .annotate(number=Count("pk"))
    )
    noted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        ImportProblem.objects.filter(batch__in=ids)
        .order_by()
        .values_list("batch", "severity")
        .annotate(number=Count("pk"))
    )
    for batch_id, severity, number in rows:
        noted[batch_id][severity] = number
    return {
        pk: ImportCounts(
            imported=imported.get(pk, 0),
            known=noted[pk].get("known", 0),
            warnings=noted[pk].get("warning", 0),
            rejected=noted[pk].get("rejected", 0),
        )
        for pk in ids
    }


def counts_of(batch: ImportBatch) -> ImportCounts:
    """What became of the rows of one import so far."""
    return counts_of_batches([batch])[batch.pk]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One import on the page of sources."""

    batch: ImportBatch
    counts: ImportCounts
    job: Job | None

    @property
    def is_open(self) -> bool:
        """A worker has the file, or will have it."""
        return self.job is not None and self.job.state in {Job.State.QUEUED, Job.State.RUNNING}

    @property
    def is_waiting(self) -> bool:
        """The file was uploaded and nobody has confirmed the import yet."""
        return self.job is None and self.batch.finished_at is None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source with its imports, its records, and the works that it alone found."""

    source: Source
    batches: list[BatchLine]
    records: int
    unique: int


def import_key(batch: ImportBatch) -> str:
    """The key by which the job of a batch is found; a batch has one job."""
    return f"import:{batch.pk}"


def job_of(batch: ImportBatch) -> Job | None:
    """The job that imports the batch, if it was started."""
    return Job.objects.filter(idempotency_key=import_key(batch)).first()


def batch_lines(review: Review) -> list[BatchLine]:
    """All imports of a review, the newest first."""
    batches = list(
        review.import_batches.select_related("source", "search", "created_by").order_by("-pk")
    )
    keys = {import_key(batch): batch.pk for batch in batches}
    jobs = {
        keys[str(job.idempotency_key)]: job for job in Job.objects.filter(idempotency_key__in=keys)
    }
    counts = counts_of_batches(batches)
    return [BatchLine(batch, counts[batch.pk], jobs.get(batch.pk)) for batch in batches]


def source_lines(review: Review, lines: Iterable[BatchLine]) -> list[SourceLine]:
    """All sources of a review by name, with the imports given."""
    of_source: dict[int, list[BatchLine]] = defaultdict(list)
    for line in lines:
        of_source[line.batch.source_id].append(line)
    sources = review.sources.annotate(number=Count("records", distinct=True)).order_by("name")
    alone = unique_works(review)
    return [
        SourceLine(source, of_source[source.pk], source.number, alone.get(source.pk, 0))
        for source in sources
    ]


def recent_problems(review: Review, limit: int = 20) -> list[ImportProblem]:
    """The newest warnings and rejections of a review."""
    severities = [ImportProblem.Severity.REJECTED, ImportProblem.Severity.WARNING]
    found = ImportProblem.objects.filter(batch__review=review, severity__in=severities)
    return list(found.select_related("batch__source").order_by("-batch", "position")[:limit])


def unique_works(review: Review) -> dict[int, int]:
    """How many works each source alone found: groups of duplicates without another source."""
    links = DuplicateLink.objects.filter(review=review).standing()
    kept_of = dict(links.values_list("record_id", "kept_id"))
    sources_of: dict[int, set[int]] = defaultdict(set)
    records = Record.objects.filter(
        Q(duplicate_links__in=links) | Q(kept_links__in=links), review=review
    )
    linked = dict(records.distinct().order_by().values_list("pk", "source_id"))
    for record_id, source_id in linked.items():
        sources_of[_root(record_id, kept_of)].add(source_id)
    totals = dict(
        Record.objects.filter(review=review)
        .order_by()
        .values_list("source")
        .annotate(number=Count("pk"))
    )
    for source_id in linked.values():
        totals[source_id] -= 1
    for group in sources_of.values():
        if len(group) == 1:
            totals[next(iter(group))] += 1
    return totals


def _root(record_id: int, kept_of: dict[int, int]) -> int:
    seen = set()
    while record_id in kept_of and record_id not in seen:
        seen.add(record_id)
        record_id = kept_of[record_id]
    return record_id
