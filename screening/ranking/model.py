"""Train on verdicts, score every record, put them in order."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from screening.ranking.examples import Example, training_set
from screening.ranking.solver import C, Problem, solve
from screening.ranking.vectors import Vectors

#: Changes whenever the same verdicts on the same records would be ordered otherwise.
MODEL_VERSION = "tfidf-svm-1"


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt.

    Attributes:
        weights: shape (terms,), float32; what each term adds to a record's score.
        intercept: the score of a record without any known term.
        version: of the method, `MODEL_VERSION`.
        training_digest: names the examples it was trained on.
        vectors_fingerprint: of the vectors it was trained on.
        ids: shape (examples,); the records it was trained on, one per record and side.
        shares: shape (examples,); what each of them adds to the weights: with the vectors they
            give the model again, in a fraction of its size.
    """

    weights: NDArray[np.float32]
    intercept: float
    version: str
    training_digest: str
    vectors_fingerprint: str
    ids: NDArray[np.int64]
    shares: NDArray[np.float64]

    @property
    def examples(self) -> int:
        """How many it was trained on, one per record and side."""
        return len(self.ids)

    def to_bytes(self) -> bytes:
        """Write down what was learnt, 16 bytes for each example.

        Returns:
            What `model_from` reads.

        Source:
            Own definition.
        """
        return self.ids.astype("<i8").tobytes() + self.shares.astype("<f8").tobytes()


@dataclass(frozen=True, slots=True)
class Ranking:
    """An order of records, the likeliest relevant first.

    Attributes:
        ids: shape (records,); the records' ids in order.
        scores: shape (records,), float32; the score of each, falling.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]


def train(vectors: Vectors, examples: Iterable[Example]) -> Model:
    """Learn from verdicts: always from the beginning, so equal verdicts give equal models.

    Args:
        vectors: of all records of the review.
        examples: verdicts on records among them, at least one include and one exclude.

    Returns:
        The model.

    Raises:
        ValueError: One of the sides is empty, a weight is not a number above 0, or a record is
            not among the vectors.

    Source:
        ELAS u4 of ASReview 3 (linear support vector machine, C 0.11, squared hinge).
    """
    learnt = training_set(examples)
    places = vectors.rows_of(learnt.ids)
    rows = vectors.matrix[places]
    shares = solve(
        Problem(
            rows,
            learnt.signs,
            2 * C * learnt.weights,
            np.unique(places, return_inverse=True)[1],
            vectors.length_alone[places],
        )
    )
    return _model(vectors, rows, (learnt.ids, shares), learnt.digest)


def model_from(vectors: Vectors, kept: bytes, training_digest: str) -> Model:
    """Make a model again from what was written down of it, without a training.

    Args:
        vectors: those it was trained on.
        kept: of `Model.to_bytes`.
        training_digest: of the model.

    Returns:
        The same model, to the last place.

    Raises:
        ValueError: The bytes are no model, or a record is not among the vectors.

    Source:
        Own definition.
    """
    if not kept or len(kept) % 16:
        raise ValueError(f"{len(kept)} bytes hold no model.")
    half = len(kept) // 2
    ids = np.frombuffer(kept[:half], dtype="<i8").astype(np.int64)
    shares = np.frombuffer(kept[half:], dtype="<f8").astype(np.float64)
    rows = vectors.matrix[vectors.rows_of(ids)]
    return _model(vectors, rows, (ids, shares), training_digest)


def _model(
    vectors: Vectors,
    rows: sparse.csr_array,
    learnt: tuple[NDArray[np.int64], NDArray[np.float64]],
    digest: str,
) -> Model:
    ids, shares = learnt
    return Model(
        weights=np.asarray(rows.T @ shares.astype(np.float32), dtype=np.float32),
        intercept=float(shares.sum()),
        version=MODEL_VERSION,
        training_digest=digest,
        vectors_fingerprint=vectors.fingerprint,
        ids=ids,
        shares=shares,
    )


def scores(vectors: Vectors, model: Model) -> NDArray[np.float32]:
    """Score all records.

    Args:
        vectors: with the vocabulary of the model.
        model: of `train`.

    Returns:
        Shape (records,), float32; the signed distance from the margin: above 0 like the relevant.

    Raises:
        ValueError: The model is of another vocabulary.

    Source:
        `decision_function` of scikit-learn's `LinearSVC`.
    """
    if len(model.weights) != len(vectors.vocabulary):
        raise ValueError(
            f"The model has {len(model.weights)} terms, the vectors have {len(vectors.vocabulary)}."
        )
    found: NDArray[np.float32] = vectors.matrix @ model.weights + np.float32(model.intercept)
    return found


def rank(
    ids: NDArray[np.int64],
    values: NDArray[np.floating],
    *,
    tie_keys: NDArray[np.integer] | None = None,
) -> Ranking:
    """Put records in order.

    Args:
        ids: shape (records,); of the records.
        values: shape (records,); their scores, of `scores` or of the cold start.
        tie_keys: shape (records,); what decides between equal scores, smallest first; the ids
            when None. Each record's key should be its own, so that the order is one.

    Returns:
        The order, the highest score first.

    Source:
        Own definition.
    """
    order = np.lexsort((ids if tie_keys is None else tie_keys, -values))
    return Ranking(ids[order], values[order].astype(np.float32))
