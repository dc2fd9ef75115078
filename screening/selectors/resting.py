"""Counts of large reviews, told again for a while instead of being counted at every read.

What the team of a large review has reached takes tenths of a second to count. Such a count rests
for `REST` times as long as it took: counting never takes more than a twentieth of one processor,
and no number is older than that. Nothing is stored: the memory is this process's own.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from screening.models import Record
from screening.rules.one_look import seen

LARGE = 5000  # records from which on counts rest
REST = 20
LARGE_SECONDS = 60.0
MOST_KEPT = 2000

Counted = TypeVar("Counted")


@dataclass(frozen=True, slots=True)
class _Told:
    value: Any
    until: float


_told: dict[Hashable, _Told] = {}
_counting: dict[Hashable, Lock] = {}
_large: dict[tuple[int, int], float] = {}  # until when a review is taken to be large


def rested(key: Hashable, count: Callable[[], Counted]) -> Counted:
    """A count that is still fresh enough, or a new one; only one thread counts at a time.

    Args:
        key: What is counted: review, stage, person and kind.
        count: Counts it.

    Returns:
        The count; while another thread counts anew, the one before.
    """
    told = _told.get(key)
    if told is not None and told.until > monotonic():
        return told.value  # type: ignore[no-any-return]  # what `count` gave under this key
    lock = _counting.setdefault(key, Lock())
    if not lock.acquire(blocking=told is None):
        return told.value  # type: ignore[union-attr,no-any-return]  # not blocking: told is there
    try:
        told = _told.get(key)
        if told is not None and told.until > monotonic():
            return told.value  # type: ignore[no-any-return]  # counted while we waited
        return _counted(key, count)
    finally:
        lock.release()


def is_large(review_id: int) -> bool:
    """Whether a review has so many records that its counts rest; once large, so for a minute."""
    return seen(("large", review_id), lambda: _is_large(review_id))


def _is_large(review_id: int) -> bool:
    key = (review_id, LARGE)
    if _large.get(key, 0.0) > monotonic():
        return True
    found = Record.objects.filter(review=review_id).order_by()[: LARGE + 1].count() > LARGE
    if found:
        _large[key] = monotonic() + LARGE_SECONDS
    return found


def forget() -> None:
    """Count everything anew from here on."""
    _told.clear()
    _counting.clear()
    _large.clear()


def _counted(key: Hashable, count: Callable[[], Counted]) -> Counted:
    started = monotonic()
    value = count()
    ended = monotonic()
    if len(_told) >= MOST_KEPT:
        forget()
    _told[key] = _Told(value, ended + REST * (ended - started))
    return value
