"""Why a record stands where it does: the words that pull it up and down."""

from dataclasses import dataclass
from typing import NamedTuple

from screening.ranking.model import Model
from screening.ranking.vectors import Vectors


class Pull(NamedTuple):
    """What one term does to a record's score.

    Attributes:
        term: a word, or two neighbouring words.
        amount: added to the score; above 0 pulls up, below 0 pulls down.
    """

    term: str
    amount: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A record's score, taken apart.

    Attributes:
        score: intercept and all terms together; what `scores` gives.
        intercept: what every record has.
        up: the terms that pull up, the strongest first.
        down: the terms that pull down, the strongest first.
        rest: the sum of the terms named in neither list.
    """

    score: float
    intercept: float
    up: tuple[Pull, ...]
    down: tuple[Pull, ...]
    rest: float


def explain(vectors: Vectors, model: Model, record_id: int, *, most: int = 8) -> Explanation:
    """Take a record's score apart.

    Args:
        vectors: with the record.
        model: that ranked it.
        record_id: the record.
        most: how many terms each list names at most.

    Returns:
        The terms with their shares; score = intercept + up + down + rest.

    Raises:
        ValueError: The record is not among the vectors.

    Source:
        A linear model's score is the sum over its terms.
    """
    row = int(vectors.rows_of([record_id])[0])
    begin, end = vectors.matrix.indptr[row : row + 2]
    terms = vectors.matrix.indices[begin:end]
    amounts = vectors.matrix.data[begin:end].astype(float) * model.weights[terms].astype(float)
    total = float(amounts.sum())
    pulls = sorted(
        (
            Pull(vectors.vocabulary.name(int(term)), float(amount))
            for term, amount in zip(terms, amounts, strict=True)
            if amount
        ),
        key=lambda pull: (-abs(pull.amount), pull.term),
    )
    up = tuple(pull for pull in pulls if pull.amount > 0)[:most]
    down = tuple(pull for pull in pulls if pull.amount < 0)[:most]
    rest = total - sum(pull.amount for pull in up + down)
    return Explanation(model.intercept + total, model.intercept, up, down, rest)
