"""Reads about imports: what became of each row, their jobs, their problems."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Count, Q

from screening.models import ImportBatch, ImportProblem, Job, Record, Review


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the rows of one file. `found` = imported + known + rejected.

    A rejected row that was corrected counts as imported.
    """

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
        .exclude(settlement=ImportProblem.Settlement.CORRECTED)
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


def import_key(batch: ImportBatch) -> str:
    """The key by which the job of a batch is found; a batch has one job."""
    return f"import:{batch.pk}"


def job_of(batch: ImportBatch) -> Job | None:
    """The job that imports the batch, if it was started."""
    return Job.objects.filter(idempotency_key=import_key(batch)).first()


def undo_key(batch: ImportBatch) -> str:
    """The key by which the job is found that takes a large import out again."""
    return f"undo-import:{batch.pk}"


def undo_job_of(batch: ImportBatch) -> Job | None:
    """The job that takes the import out again; when it is not open it was cut short."""
    return Job.objects.filter(idempotency_key=undo_key(batch)).first()


def is_running(batch: ImportBatch) -> bool:
    """Whether a worker has the file, or will have it, to import it or to undo that."""
    keys = [import_key(batch), undo_key(batch)]
    return Job.objects.open().filter(idempotency_key__in=keys).exists()


def is_being_undone(batch: ImportBatch) -> bool:
    """Whether a worker takes the import out again, or will."""
    return Job.objects.open().filter(idempotency_key=undo_key(batch)).exists()


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


def recent_problems(review: Review, limit: int = 20) -> list[ImportProblem]:
    """The newest warnings, and rejections that nobody has settled, of a review."""
    severities = [ImportProblem.Severity.REJECTED, ImportProblem.Severity.WARNING]
    found = ImportProblem.objects.filter(
        batch__review=review, severity__in=severities, settlement=""
    )
    return list(found.select_related("batch__source").order_by("-batch", "position")[:limit])


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rejected rows of one import."""

    open: int = 0
    corrected: int = 0
    left_out: int = 0


def settled_of(batch: ImportBatch) -> Settled:
    """How many rejected rows wait for a person, were corrected, were left out."""
    rejected = batch.problems.filter(severity=ImportProblem.Severity.REJECTED).order_by()
    found = dict(rejected.values_list("settlement").annotate(number=Count("pk")))
    kinds = ImportProblem.Settlement
    return Settled(found.get("", 0), found.get(kinds.CORRECTED, 0), found.get(kinds.LEFT_OUT, 0))


def next_unsettled(problem: ImportProblem) -> ImportProblem | None:
    """The next rejected row of the file that nobody has settled; the first one after the last."""
    waiting = ImportProblem.objects.unsettled().filter(batch=problem.batch_id)
    here = (problem.position, problem.pk)
    after = waiting.filter(Q(position__gt=here[0]) | Q(position=here[0], pk__gt=here[1]))
    return after.first() or waiting.first()
