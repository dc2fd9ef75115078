"""Random records mixed into an order, so that a model's blind spots are looked at too."""

import numpy as np
from numpy.typing import NDArray


def explored(
    ids: NDArray[np.int64], *, share: float, seed: int, place: int = 0
) -> NDArray[np.int64]:
    """Mix random records into an order.

    A place of the screening (the first record, the second, ...) is random or not, by the seed
    alone: then it takes the record left with the smallest key, drawn from seed and id, otherwise
    the first one left of the order. So a retraining reorders the places that are not random only.

    Args:
        ids: shape (records,); of the records still to be screened, in order.
        share: of random records, 0 to 1; 0 changes nothing.
        seed: the stored one.
        place: how many were screened before these: the first id stands at this place.

    Returns:
        Shape (records,); the same ids, mixed.

    Raises:
        ValueError: The share is outside 0 to 1.

    Source:
        Own definition; as ASReview 3's `HybridMaxRandom`, but the same at every retraining.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"The share of random records is {share}; it must be from 0 to 1.")
    if share == 0 or not len(ids):
        return ids
    places = np.arange(place, place + len(ids), dtype=np.int64)
    is_random = _drawn(places, seed) < share
    by_key = ids[np.lexsort((ids, _drawn(ids, seed + 1)))].tolist()
    pools = (iter(ids.tolist()), iter(by_key))
    mixed: list[int] = []
    seen: set[int] = set()
    for random in is_random.tolist():
        one = next(record_id for record_id in pools[random] if record_id not in seen)
        seen.add(one)
        mixed.append(one)
    return np.array(mixed, dtype=np.int64)


def _drawn(numbers: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """For each number one from 0 to 1 that looks drawn: the mixing steps of splitmix64."""
    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= np.uint64(seed * 0xD1B54A32D192ED03 % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    drawn: NDArray[np.float64] = mixed / np.float64(2**64)
    return drawn
