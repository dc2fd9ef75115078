"""Sharing records out by percent, so that each record comes to as many people as are needed."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

Person = TypeVar("Person")
ALL = 100


def shared_out(
    records: Sequence[int], shares: Mapping[Person, int], *, needed: int, seed: int
) -> dict[Person, list[int]]:
    """Give each person their percent of all verdicts that the records need.

    Args:
        records: Ids, each once.
        shares: Whole percents of the verdicts by person, above 0, 100 together.
        needed: How many verdicts a record needs, 1 to 3.
        seed: The same seed gives the same shares of the same records.

    Returns:
        The ids by person: each record at exactly `needed` different people, and nobody more than
        one record away from their percent.

    Raises:
        ValueError: The percents do not fit, or one person would need a record twice.

    Source:
        Largest remainders (Hamilton's method) for the numbers; own arrangement.
    """
    if sum(shares.values()) != ALL or any(share < 1 for share in shares.values()):
        raise ValueError(f"The percents are {sum(shares.values())} together; they must be 100.")
    most = max(shares.values())
    if most * needed > ALL:
        raise ValueError(
            f"Somebody is to give {most} % of the verdicts. With {needed} verdicts a record, "
            f"nobody can give more than {ALL // needed} %."
        )
    mixed = list(records)
    Random(seed).shuffle(mixed)  # noqa: S311 - a draw that can be repeated
    numbers = _numbers(shares, len(mixed) * needed, len(mixed))
    out: dict[Person, list[int]] = {}
    place = 0  # places lie round and round over the records, so no person meets one twice
    for person, number in numbers.items():
        out[person] = [mixed[(place + step) % len(mixed)] for step in range(number)]
        place += number
    return out


def _numbers(shares: Mapping[Person, int], places: int, most: int) -> dict[Person, int]:
    """Whole numbers by largest remainders, none above `most`."""
    exact = {person: places * share for person, share in shares.items()}
    numbers = {person: value // ALL for person, value in exact.items()}
    by_rest = sorted(exact, key=lambda person: -(exact[person] % ALL))
    left = places - sum(numbers.values())
    for person in [one for one in by_rest if numbers[one] < most][:left]:
        numbers[person] += 1
    return numbers
