"""The frames of a review, kept in the process's memory for as long as nothing has changed.

What a frame is made of is append-only or audited, so a mark of a few counts and last ids, read in
one query at every request, says whether anything was added, changed or taken back since; then the
print of each study says which of them are to be read again. See
docs/decisions/0007-frames-rest-while-nothing-changed.md.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

import pandas as pd
from django.db.models import Count, Max, Model, OuterRef, QuerySet, Subquery, Value

from analytics.figures.provenance import proof_of
from analytics.frames import experiments_frame, studies_frame
from analytics.frames.arms import pair_of
from analytics.selectors.stored_frames import StoredFrames, keep_stored, take_stored
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
from extraction.schema.answers import StudyAnswers
from extraction.schema.codec import to_json
from extraction.schema.definition import FormDefinition
from extraction.selectors.answer_rows import Sight, heads_of, prints_of, rows_of
from extraction.selectors.answers import answers_of
from extraction.selectors.memory import collection_paused
from screening.models import AuditEvent, Review

__all__ = ["Frames", "Sight", "forget", "frames_of"]

KEPT = 4
KEPT_DERIVED = 10
BATCH = 250  # studies put into frames at a time
LARGE = 2_000  # experiments; smaller reviews are read in a moment
SHARE_READ_ANEW = 0.05  # of the studies, from which on the disk is told
Found = TypeVar("Found")
Mark = tuple[object, ...]
Key = tuple[int, str, Sight]


@dataclass(frozen=True, slots=True)
class Frames:
    """Studies with their group, experiments with gains and errors at r = 0; never changed.

    `row_keys` holds the keys of each study's rows, `prints` what each study was read from.
    `derived` keeps what was computed of the whole frames, under keys that name everything else it
    depends on. `glance` is the mark of all reviews together at which they were last found to hold.
    """

    mark: Mark
    glance: Mark
    studies: pd.DataFrame
    experiments: pd.DataFrame
    row_keys: Mapping[int, Set[str]]
    prints: Mapping[int, str] = field(default_factory=dict)
    derived: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    def once(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """Compute something of these frames, or take it from memory.

        What was asked for longest ago goes first, so that what every view needs stays.
        """
        with _lock:
            if key in self.derived:
                self.derived.move_to_end(key)
                known: Found = self.derived[key]
                return known
        found = compute()
        with _lock:
            self.derived[key] = found
            self.derived.move_to_end(key)
            while len(self.derived) > KEPT_DERIVED:
                self.derived.popitem(last=False)
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
    glance = _glance(review)
    with _lock:
        known = _kept.get(key)
        if known and known.glance == glance:
            _kept.move_to_end(key)
            return known
    mark = _mark_of(review) if known and _has_worthy_mark(known, sight) else ()
    if known and mark and known.mark == mark:
        found = replace(known, glance=glance)
    else:
        # Two requests at once read the same twice; each of both is right for its own mark.
        found = replace(_read(review, form, known, sight), mark=mark, glance=glance)
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


def _read(review: Review, form: FormDefinition, before: Frames | None, sight: Sight) -> Frames:
    """Read the studies that are not known as they are now, and take over all others."""
    known = before or _from_disk(review, form, sight)
    with collection_paused():
        heads = heads_of(review, sight)
        rows = rows_of(review, sight)
        prints = prints_of(review, heads, rows)
        old = known.prints if known else {}
        changed = [one for one in heads if old.get(one.study_id) != prints[one.study_id]]
        asked = [one.study_id for one in changed] if known else None
        found = _framed(answers_of(review, changed, rows, sight, asked), form)
        stale = (old.keys() - prints.keys()) | {one.study_id for one in changed}
        if known is None:
            found = replace(found, prints=prints)
        elif not stale:
            found = known
        else:
            kept = {study: keys for study, keys in known.row_keys.items() if study not in stale}
            found = replace(
                found,
                studies=_patched(known.studies, found.studies, stale),
                experiments=_patched(known.experiments, found.experiments, stale),
                row_keys=kept | dict(found.row_keys),
                prints=prints,
            )
    is_much = len(changed) > SHARE_READ_ANEW * len(heads)
    if is_much and len(found.experiments) >= LARGE:
        held = StoredFrames(found.studies, found.experiments, found.row_keys, found.prints)
        keep_stored(review.pk, _stored_name(form, sight), held)
    return found


def _from_disk(review: Review, form: FormDefinition, sight: Sight) -> Frames | None:
    """What another process read, as of some moment before."""
    held = take_stored(review.pk, _stored_name(form, sight))
    return Frames((), (), *held) if held else None


def _stored_name(form: FormDefinition, sight: Sight) -> str:
    moment = sight.as_of.isoformat() if sight.as_of else ""
    asked = [sight.include_raw, sight.only_reconciled, moment, pair_of(form)]
    text = json.dumps([asked, to_json(form)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _framed(answers: Iterator[StudyAnswers], form: FormDefinition) -> Frames:
    """Put answers into frames, some studies at a time: their cells need not all be in memory."""
    parts = []
    keys: dict[int, Set[str]] = {}
    while batch := list(islice(answers, BATCH)):
        parts.append(_frames_of_batch(batch, form))
        keys |= {one.study_id: frozenset(row.key for row in one.rows) for one in batch}
    studies, experiments = zip(*(parts or [_frames_of_batch([], form)]), strict=True)
    return Frames((), (), _joined(studies), _joined(experiments), keys)


def _frames_of_batch(
    batch: Sequence[StudyAnswers], form: FormDefinition
) -> tuple[pd.DataFrame, pd.DataFrame]:
    group_by = form.comparison.group_by if form.comparison else ""
    studies = studies_frame(batch, form)
    studies = studies.assign(group=studies[f"study.{group_by}"] if group_by else "all")
    experiments = with_sampling(with_gains(experiments_frame(batch, form)))
    proofs = [proof_of(float(share)) for share in experiments["proven"]]
    proof = pd.Series(proofs, index=experiments.index, dtype="str")
    return studies, experiments.assign(proof=proof)


def _patched(known: pd.DataFrame, fresh: pd.DataFrame, stale: Set[int]) -> pd.DataFrame:
    """The rows of unchanged studies with those read anew, in the order of a first reading."""
    kept = known[~known["study_id"].isin(stale)]
    return _joined([kept, fresh]).sort_values("study_id", kind="stable", ignore_index=True)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other; an empty one knows too little of the kinds of its columns."""
    filled = [one for one in parts if len(one)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


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


def _has_worthy_mark(known: Frames, sight: Sight) -> bool:
    """Whether a mark saves more than it costs: prints of few studies are read in no time."""
    return len(known.experiments) >= LARGE and not sight.include_raw  # raw ones are asked seldom


def _glance(review: Review) -> Mark:
    """The same of all reviews together, in one query without joins: many times faster.

    Equal glances mean that nothing changed anywhere; else the review's own mark decides.
    """
    columns: dict[str, Subquery] = {}
    for model, _, moment in SOURCES:
        for kind in _kinds(moment):
            own: QuerySet[Model] = QuerySet(model).order_by().annotate(one=Value(1))
            found = own.values("one").annotate(x=kind).values("x")
            columns[f"m{len(columns)}"] = Subquery(found)
    return _values(review, columns)


def _mark_of(review: Review) -> Mark:
    """Counts, last ids and last moments of everything the frames are read from, in one query."""
    columns: dict[str, Subquery] = {}
    for model, path, moment in SOURCES:
        for kind in _kinds(moment):
            columns[f"m{len(columns)}"] = Subquery(_aggregate(model, path, kind))
    return _values(review, columns)


def _kinds(moment: str) -> list[Count | Max]:
    kinds: list[Count | Max] = [Count("pk"), Max("pk")]
    return [*kinds, Count(moment), Max(moment)] if moment else kinds


def _values(review: Review, columns: Mapping[str, Subquery]) -> Mark:
    found = Review.objects.filter(pk=review.pk).annotate(**columns)
    return tuple(found.values_list("created_at", *columns).get())


def _aggregate(model: type[Model], path: str, kind: Count | Max) -> QuerySet[Model, Any]:
    own: QuerySet[Model] = QuerySet(model).filter(**{path: OuterRef("pk")})
    found: QuerySet[Model, Any] = own.order_by().values(path).annotate(x=kind).values("x")
    return found
