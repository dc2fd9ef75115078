"""Reads about records that lack something: how many, which can be looked up, what was filled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from screening.models import ImportBatch, Job, LookupAttempt, Record, RecordCompletion, Review
from screening.online.completing import Gap
from screening.selectors.shown import ShownRecord

COMPLETE_JOB = "complete_records"
EMPTY = {
    "abstract": Q(abstract=""),
    "year": Q(year__isnull=True),
    "venue": Q(venue=""),
    "authors": Q(authors=[]),
}
HAS_IDENTIFIER = ~Q(pmid="") | ~Q(doi="")


@dataclass(frozen=True, slots=True)
class GapCounts:
    """How many records of a review lack an abstract, and how many of those can be looked up."""

    missing: int
    with_identifier: int

    @property
    def without_identifier(self) -> int:
        """How many nobody can look up."""
        return self.missing - self.with_identifier


def gap_counts(review: Review) -> GapCounts:
    """Count the records without an abstract."""
    missing = Record.objects.filter(EMPTY["abstract"], review=review)
    return GapCounts(missing.count(), missing.filter(HAS_IDENTIFIER).count())


def lacking(
    review_id: int, fields: Iterable[str], batch: ImportBatch | None = None
) -> QuerySet[Record]:
    """Records with an identifier that lack one of the fields, and nobody took it back there."""
    undone = RecordCompletion.objects.filter(record=OuterRef("pk"), undone_at__isnull=False)
    wanted = Q(pk__in=[])
    for name in fields:
        wanted |= EMPTY[name] & Q(~Exists(undone.filter(field=name)))
    records = Record.objects.filter(wanted, HAS_IDENTIFIER, review=review_id)
    return records.filter(batch=batch) if batch else records


def open_gaps(records: Sequence[Record], fields: Iterable[str]) -> list[Gap]:
    """What several records lack; what somebody took back is not filled again by a machine."""
    undone = RecordCompletion.objects.filter(record__in=records, undone_at__isnull=False)
    taken_back = set(undone.values_list("record_id", "field"))
    return [
        Gap(
            key=one.pk,
            fields=tuple(
                name
                for name in fields
                if not getattr(one, name) and (one.pk, name) not in taken_back
            ),
            title=one.title,
            authors=tuple(one.authors),
            year=one.year,
            pmid=one.pmid,
            doi=one.doi,
        )
        for one in records
    ]


def gap_shown(shown: ShownRecord, fields: Iterable[str]) -> Gap:
    """What a record lacks as it is shown, with the identifiers of all that list the report."""
    return Gap(
        key=shown.pk,
        fields=tuple(name for name in fields if not getattr(shown, name)),
        title=shown.title,
        authors=tuple(shown.authors),
        year=shown.year,
        pmid=shown.pmid,
        doi=shown.doi,
    )


def abstract_completion(shown: ShownRecord) -> RecordCompletion | None:
    """Where the abstract shown comes from when its source gave none."""
    origin = shown.origins.get("abstract")
    if origin is None:
        return None
    standing = RecordCompletion.objects.filter(record=origin, undone_at__isnull=True)
    return standing.filter(field="abstract").select_related("created_by__user").first()


def completions_of(review: Review) -> QuerySet[RecordCompletion]:
    """Everything that was filled in a review and stands, the newest first."""
    standing = RecordCompletion.objects.filter(record__review=review, undone_at__isnull=True)
    return standing.select_related("record", "created_by__user").order_by("-pk")


def incomplete_records(review: Review) -> QuerySet[Record]:
    """Records without an abstract that were looked up, with the reason of the last try."""
    tries = LookupAttempt.objects.filter(record=OuterRef("pk")).order_by("-pk")
    records = Record.objects.filter(EMPTY["abstract"], review=review)
    tried = records.annotate(
        last_reason=Subquery(tries.values("reason")[:1]),
        last_tried_at=Subquery(tries.values("created_at")[:1]),
    )
    return tried.filter(last_tried_at__isnull=False).select_related("source").order_by("pk")


def completion_job(review: Review) -> Job | None:
    """The newest job that completes records of the review."""
    jobs: QuerySet[Job] = Job.objects.filter(review=review, kind=COMPLETE_JOB)
    return jobs.order_by("-pk").first()
