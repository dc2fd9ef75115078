"""The frames of a review, kept in the process's memory for as long as nothing has changed.

What a frame is made of is append-only or audited, so a mark of a few counts and last ids, read in
one query at every request, says whether anything was added, changed or taken back since. See
docs/decisions/0007-frames-rest-while-nothing-changed.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

import pandas as pd
from django.db.models import Count, Max, Model, OuterRef, QuerySet, Subquery

from analytics.figures.provenance import proof_of
from analytics.frames import experiments_frame, studies_frame
from analytics.frames.arms import pair_of
from analytics.stats.gains import with_gains
from analytics.stats.sampling import with_sampling
from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Study,
)
from extraction.schema.definition import FormDefinition
from extraction.selectors import study_answers
from screening.models import AuditEvent, Review

KEPT = 4
KEPT_DERIVED = 6
Found = TypeVar("Found")
Mark = tuple[object, ...]
Key = tuple[int, str, "Sight"]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which answers are read; see `study_answers`."""

    include_raw: bool = False
    only_reconciled: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Frames:
    """Studies with their group, experiments with gains and errors at r = 0; never changed.

    `row_keys` holds the keys of each study's rows. `derived` keeps what was computed of the whole
    frames, under keys that name everything else it depends on.
    """

    mark: Mark
    studies: pd.DataFrame
    experiments: pd.DataFrame
    row_keys: Mapping[int, Set[str]]
    derived: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """Compute something of these frames, or take it from memory."""
        if key not in self.derived:
            if len(self.derived) >= KEPT_DERIVED:
                self.derived.clear()
            self.derived[key] = compute()
        found: Found = self.derived[key]
        return found


_kept: OrderedDict[Key, Frames] = OrderedDict()
_lock = Lock()


def frames_of(review: Review, form: FormDefinition, sight: Sight) -> Frames:
    """Read a review's studies and experiments, or take them from memory while they still hold.

    Args:
        review: The review.
        form: Its form with the pair that is compared; it has a comparison.
        sight: Which answers are read.

    Returns:
        Frames to be narrowed, never to be changed: requests share them.
    """
    key = (review.pk, f"{pair_of(form)} {hash(form)}", sight)
    mark = _mark_of(review)
    with _lock:
        known = _kept.get(key)
        if known and known.mark == mark:
            _kept.move_to_end(key)
            return known
    found = _read(review, form, mark, sight)
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Empty the memory, e.g. to measure a first request."""
    with _lock:
        _kept.clear()


def _read(review: Review, form: FormDefinition, mark: Mark, sight: Sight) -> Frames:
    answers = study_answers(
        review=review,
        include_raw=sight.include_raw,
        only_reconciled=sight.only_reconciled,
        as_of=sight.as_of,
    )
    group_by = form.comparison.group_by if form.comparison else ""
    studies = studies_frame(answers, form)
    studies = studies.assign(group=studies[f"study.{group_by}"] if group_by else "all")
    experiments = with_sampling(with_gains(experiments_frame(answers, form)))
    proofs = [proof_of(float(share)) for share in experiments["proven"]]
    proof = pd.Series(proofs, index=experiments.index, dtype="str")
    keys = {one.study_id: frozenset(row.key for row in one.rows) for one in answers}
    return Frames(mark, studies, experiments.assign(proof=proof), keys)


# What is read, how it belongs to a review, and a moment that changes without a new row.
SOURCES: tuple[tuple[type[Model], str, str], ...] = (
    (AuditEvent, "review", ""),
    (Study, "review", ""),
    (Extraction, "study__review", "submitted_at"),
    (ExtractionRow, "extraction__study__review", "removed_at"),
    (ExtractedValue, "extraction__study__review", ""),
    (Reconciliation, "study__review", "finalised_at"),
    (ConsensusRow, "reconciliation__study__review", "retired_at"),
    (ConsensusValue, "reconciliation__study__review", ""),
)


def _mark_of(review: Review) -> Mark:
    """Counts, last ids and last moments of everything the frames are read from, in one query."""
    columns: dict[str, Subquery] = {}
    for model, path, moment in SOURCES:
        kinds: list[Count | Max] = [Count("pk"), Max("pk")]
        if moment:
            kinds += [Count(moment), Max(moment)]
        for kind in kinds:
            columns[f"m{len(columns)}"] = Subquery(_aggregate(model, path, kind))
    found = Review.objects.filter(pk=review.pk).annotate(**columns)
    return tuple(found.values_list("created_at", *columns).get())


def _aggregate(model: type[Model], path: str, kind: Count | Max) -> QuerySet[Model, Any]:
    own: QuerySet[Model] = QuerySet(model).filter(**{path: OuterRef("pk")})
    found: QuerySet[Model, Any] = own.order_by().values(path).annotate(x=kind).values("x")
    return found
