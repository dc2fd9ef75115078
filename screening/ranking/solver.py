"""The linear support vector machine of the ranking: squared hinge, solved to its one minimum.

The function is that of liblinear (scikit-learn's `LinearSVC(C=0.11, loss="squared_hinge")`, the
intercept regularised as one more term that every record has). It is strictly convex, so there is
one answer, whatever the order of the records or the seed. At the minimum the weights of the terms
are a sum of the training records, so the unknowns here are the records' shares in it: as many
numbers as there are verdicts, found in about ten products with the matrix, always from zero: the
same verdicts give the same numbers to the last digit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

C = 0.11
#: How small the shares' errors are at the end, against the costs; liblinear's own error is as big.
TOLERANCE = 1e-5
MAX_STEPS = 100
#: Each Newton step is solved this much better than it was before it.
INNER = 0.01
_SMALLEST_MOVE = 1e-8


@dataclass(frozen=True, slots=True)
class Problem:
    """Half the squared length of the weights plus the weighted squared hinge losses.

    Attributes:
        matrix: shape (rows, terms), float32; with `alone` rows of length 1 or 0.
        signs: shape (rows,); 1 or -1.
        costs: shape (rows,); 2 C times the example's weight, above 0.
        records: shape (rows,); number of each row's record, from 0; a record may have two rows.
        alone: shape (rows,); squared length of the record's terms that no other record has. They
            are no columns of the matrix and touch this record's value only.
    """

    matrix: sparse.csr_array
    signs: Floats
    costs: Floats
    records: NDArray[np.int64]
    alone: Floats

    def values(self, shares: Floats) -> Floats:
        """The rows' decision values with these shares."""
        terms = self.matrix.T @ shares.astype(self.matrix.dtype)
        own = self.alone * np.bincount(self.records, shares)[self.records]
        return np.asarray(self.matrix @ terms + own + shares.sum(), dtype=np.float64)

    def inside(self, values: Floats) -> Flags:
        """Which rows lie inside the margin or on its wrong side."""
        return np.asarray(self.signs * values < 1)

    def wanted(self, values: Floats) -> Floats:
        """The shares that belong to these decision values; at the minimum they are the shares."""
        return np.where(self.inside(values), self.costs * (self.signs - values), 0.0)

    def loss(self, shares: Floats, values: Floats) -> float:
        """The function, where the decision values are known."""
        hinge = np.maximum(0, 1 - self.signs * values)
        return float(shares @ values / 2 + self.costs @ hinge**2 / 2)


def solve(problem: Problem) -> Floats:
    """Find the minimum.

    Args:
        problem: with at least one row.

    Returns:
        Shape (rows,); the records' shares: the weights of the terms are `matrix.T @ shares`, the
        intercept is their sum.

    Raises:
        ValueError: No minimum after `MAX_STEPS` steps (the numbers are not finite).

    Source:
        Newton steps over the rows inside the margin: Keerthi and DeCoste 2005, JMLR 6:341-361;
        in the records' shares: Chapelle 2007, Neural Comput. 19:1155-1178.
    """
    bound = TOLERANCE * float(np.linalg.norm(problem.costs))
    shares, values = np.zeros(len(problem.signs)), np.zeros(len(problem.signs))
    for _ in range(MAX_STEPS):
        error = float(np.linalg.norm(problem.wanted(values) - shares))
        if error <= bound:
            return shares
        move, along = _newton(problem, shares, values, max(bound / 2, error * INNER))
        length = _length(problem, (shares, values), (move, along))
        shares, values = shares + length * move, values + length * along
    raise ValueError(f"The ranking's training found no minimum in {MAX_STEPS} steps.")


def _newton(
    problem: Problem, shares: Floats, values: Floats, bound: float
) -> tuple[Floats, Floats]:
    """The move to the minimum if the same rows stayed inside, and what it does to the values.

    Conjugate gradients on (1 / costs + K) shares = signs over the rows inside; the shares of the
    others go to zero.
    """
    inside, costs = problem.inside(values), problem.costs
    move = np.where(inside, 0.0, -shares)
    along = problem.values(move) if move.any() else np.zeros_like(values)
    rest = np.where(inside, problem.signs - values - along - shares / costs, 0.0)
    diagonal = 1 / costs + 2  # rows of length 1, and the intercept
    direction = rest / diagonal
    product = float(rest @ direction)
    for _ in range(len(values)):
        if float(np.linalg.norm(costs * rest)) <= bound:
            break
        turned = problem.values(direction)
        curved = np.where(inside, turned + direction / costs, 0.0)
        step = product / float(direction @ curved)
        move, along, rest = move + step * direction, along + step * turned, rest - step * curved
        scaled = rest / diagonal
        before, product = product, float(rest @ scaled)
        direction = scaled + (product / before) * direction
    return move, along


def _length(problem: Problem, at: tuple[Floats, Floats], move: tuple[Floats, Floats]) -> float:
    """How far to go along the move so that the function does not rise; nearly always all of it."""
    now = problem.loss(*at) * (1 + 1e-12)
    length = 1.0
    while length > _SMALLEST_MOVE:
        if problem.loss(at[0] + length * move[0], at[1] + length * move[1]) <= now:
            break
        length /= 2
    return length
