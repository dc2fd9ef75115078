"""A screening replayed: one include and one exclude are known, each verdict trains the next order.

The records' true labels play the reviewer. Training goes on until the last relevant record is
found; those after it keep the order of the last model.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.ranking.metrics import Metrics, measure
from screening.ranking.rankers import MODELS, Ranker
from screening.ranking.stopping import TARGETS, stopping_state

#: Told after each record: how many were screened, how many there are.
Progress = Callable[[int, int], None]


class Stop(NamedTuple):
    """Where the test for a target would first have been passed.

    Attributes:
        target: of recall.
        screened: records screened by then, without the two known before.
        recall: that was reached there, 0 to 1.
    """

    target: float
    screened: int
    recall: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """One replayed screening.

    Attributes:
        model: name of the model, a key of `MODELS`.
        seed: that chose the two known records (and all of a random order).
        priors: rows of the two records known before, the include first.
        order: shape (records - 2,); the other rows in the order of screening.
        labels: shape (records - 2,); their labels.
        metrics: of that order.
        stops: where each target's test would have been passed.
        seconds: shape (trainings,); time of each training with its order.
        seconds_to_prepare: time until the texts were vectors.
    """

    model: str
    seed: int
    priors: tuple[int, int]
    order: NDArray[np.int64]
    labels: NDArray[np.bool_]
    metrics: Metrics
    stops: tuple[Stop, ...]
    seconds: NDArray[np.float64]
    seconds_to_prepare: float


def simulate(
    texts: Sequence[str],
    labels: Sequence[bool] | NDArray[np.bool_],
    *,
    seed: int,
    model: str = "svm",
    on_progress: Progress | None = None,
) -> Simulation:
    """Replay a screening.

    Args:
        texts: of the records (`record_text`).
        labels: one per text; True is relevant.
        seed: chooses the include and the exclude that are known before.
        model: a key of `MODELS`.
        on_progress: told after each record; may raise to end the simulation.

    Returns:
        The order with its measures.

    Raises:
        ValueError: The model is unknown, there is not one label per text, or there are fewer than
            two relevant or two irrelevant records.

    Source:
        The simulation mode of ASReview 3, one query at a time; records known before are not
        counted in the measures.
    """
    truth = np.asarray(labels, dtype=bool)
    _check(texts, truth, model)
    priors = choose_priors(truth, seed)
    before = time.perf_counter()
    ranker = MODELS[model](texts, priors[0], seed)
    prepared = time.perf_counter() - before
    order, seconds = _screened(ranker, truth, priors, on_progress)
    found = truth[order]
    return Simulation(
        model, seed, priors, order, found, measure(found), _stops(found), seconds, prepared
    )


def choose_priors(labels: NDArray[np.bool_], seed: int) -> tuple[int, int]:
    """Choose the include and the exclude that are known before.

    Args:
        labels: shape (records,); both values occur.
        seed: any number.

    Returns:
        The rows of the include and of the exclude.

    Source:
        Own definition.
    """
    dice = np.random.default_rng(seed)
    return int(dice.choice(np.flatnonzero(labels))), int(dice.choice(np.flatnonzero(~labels)))


def _check(texts: Sequence[str], labels: NDArray[np.bool_], model: str) -> None:
    if model not in MODELS:
        raise ValueError(f"The model {model!r} is unknown; there are {', '.join(MODELS)}.")
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts were given with {len(labels)} labels.")
    relevant = int(labels.sum())
    if min(relevant, len(labels) - relevant) < 2:  # noqa: PLR2004  # one is known, one to be found
        raise ValueError(
            f"{relevant} of {len(labels)} records are relevant; a simulation needs two relevant"
            " and two irrelevant ones."
        )


def _screened(
    ranker: Ranker,
    truth: NDArray[np.bool_],
    priors: tuple[int, int],
    on_progress: Progress | None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Screen until the last relevant record is found; the rest in the last order."""
    decided, seconds = list(priors), []
    is_open = np.ones(len(truth), dtype=bool)
    is_open[decided] = False
    values: NDArray[np.floating] = np.zeros(len(truth))
    while truth[is_open].any():
        before = time.perf_counter()
        rows = np.array(decided)
        values = ranker.scores(rows, truth[rows])
        # the order of all, as the app has it; the first open record is screened
        order = np.argsort(-values, kind="stable")
        seconds.append(time.perf_counter() - before)
        following = int(order[is_open[order].argmax()])
        decided.append(following)
        is_open[following] = False
        if on_progress:
            on_progress(len(decided), len(truth))
    rest = np.argsort(-values, kind="stable")
    whole = np.concatenate([decided[2:], rest[is_open[rest]]]).astype(np.int64)
    return whole, np.array(seconds)


def _stops(labels: NDArray[np.bool_]) -> tuple[Stop, ...]:
    """Where each target's test is passed first, looked at after each relevant record found."""
    open_targets, stops = set(TARGETS), []
    places = np.flatnonzero(labels) + 1
    for number, (place, following) in enumerate(
        zip(places, np.append(places[1:], len(labels) + 1), strict=True), start=1
    ):
        if not open_targets:
            break
        state = stopping_state(labels[:place], len(labels), targets=sorted(open_targets))
        for test in state.tests:
            stop = int(place) + (test.more_irrelevant or 0)
            if stop < following:
                stops.append(Stop(test.target, stop, number / len(places)))
                open_targets.remove(test.target)
    return tuple(sorted(stops))
