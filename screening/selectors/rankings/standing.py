"""One order of a review's records for one person: how it is made, and what is known of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from screening.models import StageSettings
from screening.ranking.cold_start import question_scores
from screening.ranking.examples import Example
from screening.ranking.exploration import explored
from screening.ranking.model import Model, rank, scores, train
from screening.ranking.vectors import Vectors
from screening.selectors.rankings.marks import Marks

COLD_VERSION = "bm25-1"
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Question:
    """What orders the records until there is an include and an exclude."""

    text: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """All records of the vectors in order, and what gave it.

    Attributes:
        ids: The records, those without any known word first, then the likeliest relevant.
        textless: How many of them, at the beginning, have no known word.
        model: What was trained; None for a cold start.
        digest: Names the examples, or the question of a cold start.
        examples: How many verdicts it was trained on.
    """

    ids: Ids
    textless: int
    model: Model | None
    digest: str
    examples: int

    @property
    def version(self) -> str:
        """Of the method."""
        return self.model.version if self.model else COLD_VERSION

    @property
    def order_digest(self) -> str:
        """Names the order."""
        return hashlib.sha256(self.ids.astype("<i8").tobytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class RankedRecords:
    """An order as a person walks through it.

    Attributes:
        order: Of all records.
        open_ids: Those that the person could still decide when it was made, with the random
            ones mixed in.
        marks: What it knows.
        as_of: When the verdicts were read.
        ranking_id: The stored row.
    """

    order: Order
    open_ids: Ids
    marks: Marks
    as_of: datetime
    ranking_id: int


def order_of(vectors: Vectors, examples: list[Example], question: Question) -> Order:
    """Train on the verdicts, or ask the question while one of the two sides is missing.

    Args:
        vectors: Of the review; those with ids below 0 are of an earlier review.
        examples: Verdicts; those on records outside the vectors (just imported) are left out.
        question: For a cold start.

    Returns:
        The order; equal arguments give an equal one.
    """
    known = set(vectors.ids.tolist())
    usable = [one for one in examples if one.record_id in known]
    if {one.is_relevant for one in usable} == {True, False}:
        return order_by(vectors, train(vectors, usable), len(usable))
    values = question_scores(vectors, question.text, known_relevant=question.known)
    asked = "\x00".join((question.text, *question.known))
    digest = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
    ids, textless = _in_order(vectors, values)
    return Order(ids, textless, None, digest, len(usable))


def order_by(vectors: Vectors, model: Model, examples: int) -> Order:
    """Put the records in the order that a model of so many verdicts gives."""
    ids, textless = _in_order(vectors, scores(vectors, model))
    return Order(ids, textless, model, model.training_digest, examples)


def _in_order(vectors: Vectors, values: NDArray[np.floating]) -> tuple[Ids, int]:
    is_ours = vectors.ids > 0
    is_textless = (np.diff(vectors.matrix.indptr) == 0) & is_ours
    is_ranked = is_ours & ~is_textless
    ids = vectors.ids[is_ranked]
    ranked = rank(ids, values[is_ranked], tie_keys=_scattered(ids)).ids
    first = np.sort(vectors.ids[is_textless])
    return np.concatenate([first, ranked]), len(first)


def _scattered(ids: Ids) -> Ids:
    """A key of each id's own that follows neither import nor year; equal scores stand by it."""
    return ((ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(2)).astype(
        np.int64
    )


def open_ids(order: Order, closed: set[int], settings: StageSettings, place: int) -> Ids:
    """The order without what is closed to a person, with the chosen share of random records.

    Args:
        order: Of all records.
        closed: Records that need the person no more.
        settings: With the share and the seed.
        place: How many the person has decided: the random places follow from it.
    """
    ids = order.ids
    if closed:
        ids = ids[~np.isin(ids, np.fromiter(closed, dtype=np.int64, count=len(closed)))]
    share = settings.exploration_percent / 100
    return explored(ids, share=share, seed=settings.exploration_seed, place=place)
