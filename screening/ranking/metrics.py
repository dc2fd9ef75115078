"""How good an order was: the measures of the literature on prioritised screening."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Metrics:
    """Measures of one screening; records that were known before it are not counted.

    Attributes:
        loss: area between the recall curve and the best possible one, 0 (best) to 1 (worst).
        ndcg: normalised discounted cumulative gain, 0 to 1 (best).
        wss95: work saved over sampling at 95 % recall, -0.05 to 1.
        wss100: the same when all were found, 0 to 1.
        atd: average time to discovery: mean place of the relevant ones, as a share of all.
        screened_at_95: records screened when 95 % of the relevant ones were found.
        time_to_last: records screened when the last relevant one was found.
    """

    loss: float
    ndcg: float
    wss95: float
    wss100: float
    atd: float
    screened_at_95: int
    time_to_last: int


def measure(labels: Sequence[bool] | NDArray[np.bool_]) -> Metrics:
    """Measure an order.

    Args:
        labels: of all records in the order of screening; both True and False occur.

    Returns:
        The measures.

    Raises:
        ValueError: All labels are the same.

    Source:
        Loss and NDCG: ASReview 3 (`asreview.metrics`); WSS: Cohen et al. 2006, JAMIA 13:206-219,
        (1 - screened / all) - (1 - recall); ATD: Ferdinands et al. 2023, Syst. Rev. 12:100.
    """
    given = np.asarray(labels, dtype=bool)
    records, relevant = len(given), int(given.sum())
    if relevant in {0, records}:
        raise ValueError("An order can be measured when some records are relevant and some not.")
    places = np.flatnonzero(given) + 1
    at_95 = int(places[math.ceil(0.95 * relevant - 1e-9) - 1])
    best = relevant * (records - (relevant - 1) / 2)
    found = float(np.cumsum(given).sum())
    gains = 1 / np.log2(np.arange(2, records + 2))
    return Metrics(
        loss=(best - found) / (relevant * (records - relevant)),
        ndcg=float(gains[given].sum() / gains[:relevant].sum()),
        wss95=1 - at_95 / records - 0.05,
        wss100=1 - int(places[-1]) / records,
        atd=float(places.mean()) / records,
        screened_at_95=at_95,
        time_to_last=int(places[-1]),
    )


def recall_after(labels: Sequence[bool] | NDArray[np.bool_], share: float) -> float:
    """The recall after a share of the records.

    Args:
        labels: of all records in the order of screening; at least one is True.
        share: of the records, 0 to 1.

    Returns:
        The share of the relevant ones found by then, 0 to 1.

    Raises:
        ValueError: No label is True.

    Source:
        Recall at k %, as in the stopping and simulation literature.
    """
    given = np.asarray(labels, dtype=bool)
    if not given.any():
        raise ValueError("There is no recall without relevant records.")
    return float(given[: math.floor(share * len(given) + 1e-9)].sum() / given.sum())
