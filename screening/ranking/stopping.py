"""When to stop: a test that a chosen recall is reached, and what it can and cannot say.

The test is that of Callaghan and Mueller-Hansen 2020 (Syst. Rev. 9:273). Its null hypothesis is
that the recall is still below the target; a small p speaks against it. For every record that was
screened it asks: had the records since then been drawn at random from all that were left, how
likely would so few relevant ones among them be, if too many were still missing? The likely ones
come first in a ranked screening, so the truth is more favourable than a random draw, and the test
is conservative. The smallest p counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

TARGETS = (0.80, 0.90, 0.95, 0.99)
#: Below this p a target counts as reached: the test is wrong in at most one review of twenty.
ALPHA = 0.05
_NO_MORE = 1e-18


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening so far, reduced to what the test needs.

    Attributes:
        found: relevant records found.
        since: shape (found + 1,); how many records were screened after each relevant one, and
            last, how many were screened in all: the draws that the test looks at.
        relevant_since: shape (found + 1,); how many of these were relevant.
        left: records not yet screened.
    """

    found: int
    since: NDArray[np.int64]
    relevant_since: NDArray[np.int64]
    left: int


@dataclass(frozen=True, slots=True)
class TargetTest:
    """What the test says of one target.

    Attributes:
        target: the recall aimed at, 0 to 1.
        p: of the test, 0 to 1; small where the target is likely reached.
        is_reached: p is below 0.05 and something relevant was found. The app never stops by this.
        more_irrelevant: about how many irrelevant records in a row from now on would reach it; 0
            when it is reached; None while nothing relevant was found.
    """

    target: float
    p: float
    is_reached: bool
    more_irrelevant: int | None


@dataclass(frozen=True, slots=True)
class StoppingState:
    """What a lead looks at before stopping, and what is recorded with the decision.

    Attributes:
        screened: records screened.
        found: relevant ones among them.
        left: records not yet screened.
        irrelevant_in_a_row: since the last relevant one; no evidence by itself.
        tests: one per target.
        missed_at_most: relevant records that may be among those left at the 95 % level; all that
            are left while nothing relevant was found.
        recall_at_least: found / (found + missed_at_most); None while nothing relevant was found.
    """

    screened: int
    found: int
    left: int
    irrelevant_in_a_row: int
    tests: tuple[TargetTest, ...]
    missed_at_most: int
    recall_at_least: float | None


def stopping_state(
    labels: Sequence[bool] | NDArray[np.bool_],
    total: int,
    *,
    targets: Sequence[float] = TARGETS,
) -> StoppingState:
    """Say how far a screening is.

    Args:
        labels: of the records screened, in the order of screening; True is relevant.
        total: records to be screened in all, at least as many as labels.
        targets: of recall, each above 0 and below 1.

    Returns:
        The state.

    Raises:
        ValueError: There are more labels than records, or a target is not between 0 and 1.

    Source:
        Callaghan and Mueller-Hansen 2020; the bound on the missed ones is the same test turned
        round: the largest number that it does not reject.
    """
    screening = _screening(labels, total)
    tests = tuple(_target_test(screening, target) for target in targets)
    missed = _missed_at_most(screening)
    found = screening.found
    return StoppingState(
        screened=len(labels),
        found=found,
        left=screening.left,
        irrelevant_in_a_row=int(screening.since[0]),
        tests=tests,
        missed_at_most=missed,
        recall_at_least=found / (found + missed) if found else None,
    )


def recall_p_value(labels: Sequence[bool] | NDArray[np.bool_], total: int, target: float) -> float:
    """Test whether the recall is still below a target.

    Args:
        labels: of the records screened, in the order of screening; True is relevant.
        total: records to be screened in all, at least as many as labels.
        target: of recall, above 0 and below 1.

    Returns:
        p, 0 to 1; 0 when too few records are left to miss the target. While nothing relevant was
        found it may be small and is no reason to stop.

    Raises:
        ValueError: There are more labels than records, or the target is not between 0 and 1.

    Source:
        Callaghan and Mueller-Hansen 2020, eq. 1 to 6.
    """
    screening = _screening(labels, total)
    return _p_value(screening, _too_many(screening.found, target))


def recall_curve(labels: Sequence[bool] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the relevant records found.

    Args:
        labels: in the order of screening; True is relevant.

    Returns:
        Shape (labels + 1,); how many were found after 0, 1, 2, ... records.

    Source:
        Own definition.
    """
    return np.append(0, np.cumsum(np.asarray(labels, dtype=np.int64)))


def words_on_a_run(irrelevant_in_a_row: int) -> str:
    """Say what a run of irrelevant records is worth.

    Args:
        irrelevant_in_a_row: since the last relevant one.

    Returns:
        A sentence or two for people.

    Source:
        Own definition.
    """
    if irrelevant_in_a_row == 1:
        run = "1 irrelevant record"
    else:
        run = f"{irrelevant_in_a_row} irrelevant records in a row"
    return (
        f"{run}. A run of irrelevant records is no evidence that all were found: how long a run"
        " must be depends on how many records are left. The test takes that into account."
    )


def _screening(labels: Sequence[bool] | NDArray[np.bool_], total: int) -> Screening:
    given = np.asarray(labels, dtype=bool)
    if len(given) > total:
        raise ValueError(f"{len(given)} records were screened of {total}.")
    places = np.flatnonzero(given)[::-1]
    return Screening(
        found=len(places),
        since=np.append(len(given) - 1 - places, len(given)),
        relevant_since=np.arange(len(places) + 1),
        left=total - len(given),
    )


def _too_many(found: int, target: float) -> int:
    """The smallest number of missed records with which the recall is below the target."""
    if not 0 < target < 1:
        raise ValueError(f"The target of recall is {target}; it must be between 0 and 1.")
    return int(np.floor(found / target - found + 1))


def _p_value(screening: Screening, missed: int, more: int = 0) -> float:
    """The smallest chance, over all draws, of missing so many; `more` irrelevant ones screened."""
    left = screening.left - more
    if missed > left:
        return 0.0
    population = (left + more + screening.since).astype(np.float64)
    relevant = (missed + screening.relevant_since).astype(np.float64)
    return float(_at_least(missed, population, relevant, left).min())


def _at_least(
    missed: int, population: NDArray[np.float64], relevant: NDArray[np.float64], left: int
) -> NDArray[np.float64]:
    """P(at least `missed` relevant ones among those left), hypergeometric, by its terms."""
    log_term = (
        _log_binomial(relevant, missed)
        + _log_binomial(population - relevant, left - missed)
        - _log_binomial(population, left)
    )
    term = np.exp(np.where(np.isfinite(log_term), log_term, -np.inf))
    total = term.copy()
    for here in range(missed, min(left, int(relevant.max()))):
        term = term * np.maximum(relevant - here, 0) * (left - here)
        term = term / ((here + 1) * np.maximum(population - relevant - left + here + 1, 1))
        total += term
        if (term <= _NO_MORE * total).all():
            break
    return np.asarray(np.minimum(total, 1.0))


def _log_binomial(n: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    possible = n >= k
    m = np.where(possible, n, k)
    found = gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
    return np.where(possible, found, -np.inf)


def _target_test(screening: Screening, target: float) -> TargetTest:
    missed = _too_many(screening.found, target)
    p = _p_value(screening, missed)
    if not screening.found:
        return TargetTest(target, p, is_reached=False, more_irrelevant=None)
    return TargetTest(target, p, p < ALPHA, _more_irrelevant(screening, missed))


def _more_irrelevant(screening: Screening, missed: int) -> int:
    """The smallest number of further irrelevant records with which the test is passed."""
    low, high = 0, screening.left
    while low < high:
        middle = (low + high) // 2
        if _p_value(screening, missed, middle) < ALPHA:
            high = middle
        else:
            low = middle + 1
    return low


def _missed_at_most(screening: Screening) -> int:
    """The largest number of missed records that the test does not reject."""
    if not screening.found:
        return screening.left
    low, high = 0, screening.left
    while low < high:
        middle = (low + high + 1) // 2
        if _p_value(screening, middle) < ALPHA:
            high = middle - 1
        else:
            low = middle
    return low
