"""Reads about searches of outside databases: saved, fetched, and what is listed already."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Lower

from screening.importers.parsed import ParsedRecord
from screening.models import ImportBatch, Job, Record, Review, SavedSearch, SearchFetch
from screening.online.database import Database
from screening.online.registry import database_named
from screening.selectors.imports import ImportCounts, counts_of_batches

FETCH_JOB = "search_database"


@dataclass(frozen=True, slots=True)
class FetchLine:
    """One fetching on a page: its job, and what its import made of the records."""

    fetch: SearchFetch
    job: Job | None
    counts: ImportCounts

    @property
    def is_open(self) -> bool:
        """A worker has it, or will have it."""
        return self.job is not None and self.job.state in {Job.State.QUEUED, Job.State.RUNNING}

    @property
    def missing(self) -> int:
        """How many records the database reported and did not hand out."""
        search = self.fetch.search
        if search is None or search.hits is None or self.fetch.batch is None:
            return 0
        return max(0, search.hits - self.counts.found) if self.fetch.batch.finished_at else 0


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One saved search on a page, the newest fetching first."""

    saved: SavedSearch
    database: Database
    fetches: list[FetchLine]

    @property
    def running(self) -> FetchLine | None:
        """The fetching that a worker has now."""
        return next((line for line in self.fetches if line.is_open), None)

    @property
    def is_too_large(self) -> bool:
        """Whether the database would not hand out all of it."""
        return (self.saved.hits or 0) > self.database.limit


def fetch_key(fetch: SearchFetch) -> str:
    """The key by which the job of a fetching is found."""
    return f"search:{fetch.pk}"


def job_of_fetch(fetch: SearchFetch) -> Job | None:
    """The job that fetches, if there is one."""
    return Job.objects.filter(idempotency_key=fetch_key(fetch)).first()


def saved_lines(review: Review) -> list[SavedLine]:
    """All saved searches of a review, the newest first, in a fixed number of queries."""
    return lines_of(review.saved_searches.order_by("-pk"))


def lines_of(searches: "QuerySet[SavedSearch]") -> list[SavedLine]:
    """Saved searches with their fetchings, jobs and counts."""
    saved = list(searches)
    fetches = list(
        SearchFetch.objects.filter(saved__in=saved)
        .select_related("search", "batch", "created_by__user")
        .order_by("-pk")
    )
    jobs = {
        job.idempotency_key: job
        for job in Job.objects.filter(idempotency_key__in=map(fetch_key, fetches))
    }
    counts = counts_of_batches(one.batch for one in fetches if one.batch)
    lines = [
        FetchLine(one, jobs.get(fetch_key(one)), counts.get(one.batch_id or 0, ImportCounts()))
        for one in fetches
    ]
    return [
        SavedLine(
            one,
            database_named(one.database),
            [line for line in lines if line.fetch.saved_id == one.pk],
        )
        for one in saved
    ]


class Listed:
    """Which records of a fetched chunk the source lists already, by the database's own identifier.

    The raw text of an answer changes when the database mends a record, so that it alone would
    make every such record new when a search is run again. Batches of uploaded files have no
    database and are known by their raw text only.
    """

    def __init__(self, batch: ImportBatch, items: Iterable[ParsedRecord]) -> None:
        """Look up all identifiers of the chunk at once."""
        fetch = SearchFetch.objects.filter(batch=batch).select_related("saved").first()
        self._database = database_named(fetch.saved.database) if fetch else None
        self._known: set[str] = set()
        if self._database is not None:
            wanted = {self._database.identity(item) for item in items} - {""}
            self._known = _listed(batch.source_id, self._database.name, wanted)

    def take(self, item: ParsedRecord) -> bool:
        """Whether the source lists the record; from now on it does."""
        identity = self._database.identity(item) if self._database else ""
        is_known = bool(identity) and identity in self._known
        self._known.add(identity)
        return is_known


def _listed(source_id: int, database: str, wanted: set[str]) -> set[str]:
    records = Record.objects.filter(source=source_id)
    if database == "openalex":
        pairs = {one: [one] for one in wanted}
        found = records.filter(extra__id__in=list(pairs.values())).values_list("extra", flat=True)
        return {str(extra["id"][0]) for extra in found}
    if database == "crossref":
        lowered = records.annotate(identity=Lower("doi"))
        return set(lowered.filter(identity__in=wanted).values_list("identity", flat=True))
    field = {"pubmed": "pmid", "arxiv": "arxiv_id"}[database]
    return set(records.filter(**{f"{field}__in": wanted}).values_list(field, flat=True))
