"""The orders in which records are handed out: each gives every record a key, smallest first.

A new order is a class with these three and an entry in `ORDERS`. The key must come off an index
that starts with the review, or the next record is sorted for instead of found.
"""

from typing import Protocol

from django.db.models import F

from screening.models import Membership, Record, StageSettings
from screening.models.records import NewestKey, RecordQuerySet

BEFORE_ALL = -(10**6)


class QueueOrder(Protocol):
    """One order of the queue."""

    def keyed(self, records: RecordQuerySet) -> RecordQuerySet:
        """Annotate `order_key`, a whole number."""
        ...

    def key_of(self, record: Record) -> int:
        """The record's key."""
        ...

    def start(self, membership: Membership) -> int:
        """The key at which the person's way begins."""
        ...


class RandomOrder:
    """By the stored random key, each person from a starting point of their own."""

    def keyed(self, records: RecordQuerySet) -> RecordQuerySet:
        """The stored random key."""
        return records.annotate(order_key=F("random_key"))

    def key_of(self, record: Record) -> int:
        """The stored random key."""
        return record.random_key

    def start(self, membership: Membership) -> int:
        """The person's seed."""
        return membership.order_seed


class NewestOrder:
    """By year, the newest first; records without a year come last."""

    def keyed(self, records: RecordQuerySet) -> RecordQuerySet:
        """The year turned round, as its index holds it."""
        return records.annotate(order_key=NewestKey("year"))

    def key_of(self, record: Record) -> int:
        """The year turned round."""
        return -(record.year or 0)

    def start(self, membership: Membership) -> int:
        """The newest year."""
        return BEFORE_ALL


# By relevance is the matter of `selectors.rankings`; this is the way to what it does not hold yet.
ORDERS: dict[str, QueueOrder] = {
    StageSettings.Order.RANDOM: RandomOrder(),
    StageSettings.Order.NEWEST: NewestOrder(),
    StageSettings.Order.RELEVANCE: RandomOrder(),
}
