"""What a ranking learns from: verdicts with their weights, balanced and hashed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: How many times as much the relevant records weigh together as the irrelevant ones.
BALANCE = 9.8


class Example(NamedTuple):
    """One verdict to learn from; a record may have several.

    Attributes:
        record_id: the record it was given on.
        is_relevant: include is True, exclude False.
        weight: above 0; 1 for a settled verdict, less for what one reviewer of several said.
    """

    record_id: int
    is_relevant: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The examples as a solver takes them: one row per record and side, sorted by record.

    Attributes:
        ids: shape (rows,); the records' ids.
        signs: shape (rows,); 1 for relevant, -1 for irrelevant.
        weights: shape (rows,); balanced, their sum is that of the examples' own weights.
        digest: names the examples: equal for equal examples in any order.
    """

    ids: NDArray[np.int64]
    signs: NDArray[np.float64]
    weights: NDArray[np.float64]
    digest: str


def training_set(examples: Iterable[Example]) -> TrainingSet:
    """Bring examples together: equal ones of a record are added up, the sides are balanced.

    A relevant example weighs 1 and an irrelevant one P / (9.8 N), where P and N are the summed
    weights of the sides, times its own weight; then all are scaled to the mean 1 (to the mean of
    their own weights). Two halves of one verdict count as one whole.

    Args:
        examples: in any order.

    Returns:
        The training set.

    Raises:
        ValueError: One of the sides is empty, or a weight is not a number above 0.

    Source:
        Balancer `Balanced(ratio=9.8)` of ASReview 3; summed weights instead of counts: own.
    """
    given = np.fromiter(chain.from_iterable(examples), dtype=np.float64).reshape(-1, 3)
    given = given[np.lexsort((given[:, 2], given[:, 1], given[:, 0]))]
    ids, is_relevant, own = given[:, 0].astype(np.int64), given[:, 1] > 0, given[:, 2]
    if not (np.isfinite(own) & (own > 0)).all():
        raise ValueError("The weight of an example must be a number above 0.")
    if is_relevant.all() or not is_relevant.any():
        raise ValueError("A ranking needs at least one include and one exclude to learn from.")
    is_new = np.diff(ids).astype(bool) | np.diff(is_relevant)
    starts = np.append(0, np.flatnonzero(is_new) + 1)
    ids, is_relevant, own = ids[starts], is_relevant[starts], np.add.reduceat(own, starts)
    return TrainingSet(
        ids,
        np.where(is_relevant, 1.0, -1.0),
        balanced(is_relevant, own),
        _digest(ids, is_relevant, own),
    )


def balanced(is_relevant: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Balance the two sides.

    Args:
        is_relevant: shape (examples,); both values occur.
        weights: shape (examples,); each example's own weight, above 0.

    Returns:
        Shape (examples,); the weights to train with, their sum is that of `weights`.

    Source:
        As `training_set`.
    """
    relevant, irrelevant = weights[is_relevant].sum(), weights[~is_relevant].sum()
    factor = np.where(is_relevant, 1.0, relevant / (BALANCE * irrelevant)) * weights
    scaled: NDArray[np.float64] = factor * (weights.sum() / factor.sum())
    return scaled


def _digest(
    ids: NDArray[np.int64], is_relevant: NDArray[np.bool_], own: NDArray[np.float64]
) -> str:
    digest = hashlib.sha256(ids.astype("<i8").tobytes())
    digest.update(is_relevant.tobytes())
    digest.update(np.round(own * 1e6).astype("<i8").tobytes())
    return digest.hexdigest()
