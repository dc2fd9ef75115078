"""What each source gave at each step, what it alone gave, and what two sources share."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from django.db.models import Count

from screening.models import DuplicateLink, ImportBatch, Record, Review, Source
from screening.models.records import RecordQuerySet
from screening.rules.consensus import Stage, Status
from screening.selectors.imports import BatchLine
from screening.selectors.origins import duplicates_in, found_alone, removed_in
from screening.selectors.stages import in_stage


@dataclass(frozen=True, slots=True)
class SourceSteps:
    """One source: how many of its records each step holds. A step's rows are a filtered list.

    `alone` counts works: the kept record of each group of duplicates without another source.
    """

    source: Source
    records: int = 0
    duplicates: int = 0
    removed: int = 0
    screened: int = 0
    sought: int = 0
    included: int = 0
    alone: int = 0
    alone_included: int = 0

    @property
    def is_screened(self) -> bool:
        """Whether the source is a database or register: only those are screened."""
        return self.source.kind in Source.IDENTIFICATION_KINDS


def source_steps(review: Review) -> list[SourceSteps]:
    """All sources of a review by name, each with its counts per step; nine queries."""
    records = Record.objects.filter(review=review)
    sought = in_stage(records, Stage.FULL_TEXT)
    included = sought.with_status(Stage.FULL_TEXT)
    included = included.filter(team_status=Status.INCLUDED.value)
    counts = {
        "records": _per_source(records),
        "duplicates": _per_source(duplicates_in(records)),
        "removed": _per_source(removed_in(records)),
        "screened": _per_source(records.to_screen()),
        "sought": _per_source(sought),
        "included": _per_source(included),
        "alone": _per_source(found_alone(records)),
        "alone_included": _per_source(found_alone(included)),
    }
    return [
        SourceSteps(source, **{step: found.get(source.pk, 0) for step, found in counts.items()})
        for source in review.sources.order_by("name", "pk")
    ]


def _per_source(records: RecordQuerySet) -> dict[int, int]:
    rows = records.order_by().values_list("source").annotate(number=Count("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many works two sources share; both the same: how many works the source lists."""

    row: Source
    column: Source
    works: int


def overlap_of(review: Review, sources: Sequence[Source]) -> list[list[Overlap]]:
    """The overlap matrix, a row for each source; a work is a group of duplicates.

    Args:
        review: The review.
        sources: Its sources, in the order of rows and columns.

    Returns:
        Rows of cells; the matrix is symmetric.
    """
    shared = _works_by_pair(review)
    return [
        [Overlap(one, two, shared[_pair(one.pk, two.pk)]) for two in sources] for one in sources
    ]


def _works_by_pair(review: Review) -> Counter[tuple[int, int]]:
    links = DuplicateLink.objects.standing().filter(review=review)
    groups: dict[int, set[int]] = defaultdict(set)
    rows = links.values_list("kept_id", "kept__source_id", "record__source_id")
    for kept, source_of_kept, source in rows:
        groups[kept] |= {source_of_kept, source}
    works: Counter[tuple[int, int]] = Counter()
    for sources in groups.values():
        works.update(combinations_with_replacement(sorted(sources), 2))
    lone = Record.objects.filter(review=review).without_duplicates()
    lone = lone.exclude(pk__in=links.values("kept"))
    for source, number in _per_source(lone).items():
        works[source, source] += number
    return works


def _pair(one: int, two: int) -> tuple[int, int]:
    return (min(one, two), max(one, two))


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One search with its files: what the source reported against what the files hold."""

    batches: list[ImportBatch]
    found: int
    imported: int
    is_running: bool

    @property
    def batch(self) -> ImportBatch:
        """The newest file of the search, by which its facts are edited."""
        return self.batches[0]

    @property
    def hits(self) -> int | None:
        """What the source reported, if it is known."""
        return self.batch.search.hits if self.batch.search else None

    @property
    def missing(self) -> int | None:
        """Hits that no file holds; negative when the files hold more. None while unknown."""
        if self.hits is None or self.is_running:
            return None
        return self.hits - self.found

    @property
    def surplus(self) -> int:
        """Rows of the files beyond the hits reported."""
        return max(0, -(self.missing or 0))


def search_lines(lines: Sequence[BatchLine]) -> list[SearchLine]:
    """The searches behind the imports, the newest first; a file without one is its own line."""
    grouped: dict[tuple[str, int], list[BatchLine]] = defaultdict(list)
    for line in lines:
        batch = line.batch
        key = ("search", batch.search_id) if batch.search_id else ("batch", batch.pk)
        grouped[key].append(line)
    return [
        SearchLine(
            batches=[line.batch for line in group],
            found=sum(line.counts.found for line in group),
            imported=sum(line.counts.imported for line in group),
            is_running=any(line.is_open or line.is_waiting for line in group),
        )
        for group in grouped.values()
    ]
