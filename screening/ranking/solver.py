"""The linear support vector machine of the ranking: squared hinge, solved to its one minimum.

The function is that of liblinear (scikit-learn's `LinearSVC(C=0.11, loss="squared_hinge")`, the
intercept regularised as one more term that every record has). It is strictly convex, so there is
one answer, whatever the order of the records, the seed or the solver; a start near it (the last
answer) only saves time. Newton steps over the records inside the margin, each solved by conjugate
gradients: Keerthi and DeCoste 2005, JMLR 6:341-361.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

C = 0.11
#: Where the gradient is this much smaller than at the origin, the minimum is reached.
TOLERANCE = 1e-7
MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is minimised: half the squared length of w plus the weighted squared hinge losses.

    Attributes:
        matrix: shape (rows, terms).
        signs: shape (rows,); 1 or -1.
        costs: shape (rows,); C times the example's weight.
    """

    matrix: sparse.csr_array
    signs: Floats
    costs: Floats

    def values(self, w: Floats) -> Floats:
        """The rows' decision values; the last number of w is the intercept."""
        found: Floats = self.matrix @ w[:-1] + w[-1]
        return found

    def back(self, rows: Floats) -> Floats:
        """The transposed product, with the intercept."""
        return np.append(self.matrix.T @ rows, rows.sum())

    def loss(self, w: Floats, values: Floats) -> float:
        """The function at w, where the decision values are known."""
        hinge = np.maximum(0, 1 - self.signs * values)
        return float(w @ w / 2 + self.costs @ hinge**2)


def solve(problem: Problem, start: Floats) -> Floats:
    """Find the minimum.

    Args:
        problem: with at least one row of each sign.
        start: shape (terms + 1,); where to begin, zeros or an earlier answer.

    Returns:
        Shape (terms + 1,); the weights of the terms and, last, the intercept.

    Raises:
        ValueError: No minimum after `MAX_STEPS` steps (the numbers are not finite).

    Source:
        Keerthi and DeCoste 2005, algorithm of section 3, with a halving line search.
    """
    bound = TOLERANCE * float(np.linalg.norm(problem.back(2 * problem.costs * problem.signs)))
    w = start.astype(np.float64)
    values = problem.values(w)
    for _ in range(MAX_STEPS):
        slack = np.maximum(0, 1 - problem.signs * values)
        gradient = w - problem.back(2 * problem.costs * problem.signs * slack)
        size = float(np.linalg.norm(gradient))
        if size <= bound:
            return w
        inside = np.where(slack > 0, 2 * problem.costs, 0.0)
        step = _conjugate_gradients(problem, inside, -gradient, max(bound / 2, size * 1e-3))
        w, values = _moved(problem, w, values, step)
    raise ValueError(f"The ranking's training found no minimum in {MAX_STEPS} steps.")


def _conjugate_gradients(problem: Problem, inside: Floats, target: Floats, bound: float) -> Floats:
    """Solve (I + X'DX) step = target until the rest is no longer than the bound."""
    step = np.zeros_like(target)
    rest, direction = target.copy(), target.copy()
    square = float(rest @ rest)
    for _ in range(len(target)):
        if square <= bound**2:
            break
        turned = direction + problem.back(inside * problem.values(direction))
        length = square / float(direction @ turned)
        step += length * direction
        rest -= length * turned
        before, square = square, float(rest @ rest)
        direction = rest + (square / before) * direction
    return step


def _moved(problem: Problem, w: Floats, values: Floats, step: Floats) -> tuple[Floats, Floats]:
    """Go along the step as far as the function falls."""
    along, now = problem.values(step), problem.loss(w, values)
    length = 1.0
    while length > 1e-10:  # noqa: PLR2004  # then the step is lost in rounding
        nearer, there = w + length * step, values + length * along
        if problem.loss(nearer, there) <= now:
            return nearer, there
        length /= 2
    return w, values
