"""The orders in which records are handed out: each gives every record a key, smallest first.

A new order is a class with these and an entry in `ORDERS`. The key must come off an index that
starts with the review and ends with the id, or the next record is sorted for instead of found.
"""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from screening.models import Membership, Record, StageSettings
from screening.models.records import NewestKey, RecordQuerySet
from screening.selectors.prepared import Slot

BEFORE_ALL = -(10**6)


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of the way, by the slots `key` and `pk`, and how it is sorted."""

    within: Q
    sort: tuple[OrderBy, ...]


def pieces_of(order: "QueueOrder", *, backwards: bool) -> tuple[Piece, ...]:
    """The way round from a place, as ranges that are walked one after the other.

    The record at the place comes last of all. Where many records share a key, a range over key and
    id at once would be read from the first record of the key on, so that the way would cost more
    the further it has gone; there the records of the key are a piece of their own.
    """
    less, more = ("gt", "lt") if backwards else ("lt", "gt")
    key, pk = Slot("key"), Slot("pk")
    by_key, by_pk = [
        F(name).desc() if backwards else F(name).asc() for name in ("order_key", "order_pk")
    ]

    def of(name: str, way: str, value: Slot) -> Q:
        return Q(**{f"{name}__{way}": value})

    if order.has_ties:
        same = Q(order_key=key)
        return (
            Piece(same & of("order_pk", more, pk), (by_pk,)),
            Piece(of("order_key", more, key), (by_key, by_pk)),
            Piece(of("order_key", less, key), (by_key, by_pk)),
            Piece(same & of("order_pk", f"{less}e", pk), (by_pk,)),
        )
    onwards = of("order_key", f"{more}e", key) & (
        of("order_key", more, key) | of("order_pk", more, pk)
    )
    to_here = of("order_key", f"{less}e", key) & (
        of("order_key", less, key) | of("order_pk", f"{less}e", pk)
    )
    return (Piece(onwards, (by_key, by_pk)), Piece(to_here, (by_key, by_pk)))


class QueueOrder(Protocol):
    """One order of the queue."""

    has_ties: bool  # many records share a key
    assigned_key: str  # the column of an assigned record that holds the key

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

    has_ties = False
    assigned_key = "random_key"

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

    has_ties = True
    assigned_key = "newest_key"
    first = BEFORE_ALL

    def keyed(self, records: RecordQuerySet) -> RecordQuerySet:
        """The year turned round, as its index holds it."""
        return records.annotate(order_key=NewestKey("year"))

    def key_of(self, record: Record) -> int:
        """The year turned round."""
        return -(record.year or 0)

    def start(self, membership: Membership) -> int:
        """The newest year."""
        return self.first


# By relevance is the matter of `selectors.rankings`; this is the way to what it does not hold yet.
ORDERS: dict[str, QueueOrder] = {
    StageSettings.Order.RANDOM: RandomOrder(),
    StageSettings.Order.NEWEST: NewestOrder(),
    StageSettings.Order.RELEVANCE: RandomOrder(),
}
