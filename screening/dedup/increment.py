"""New records against many known ones: the answer of one run over all, for those it concerns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

from screening.dedup.blocking import Key, KeyTable, keys_of, limit_of
from screening.dedup.clusters import Pair
from screening.dedup.engine import DuplicateIndex, Verdict, collector_at_rest, verdict_on
from screening.dedup.normal import Normal
from screening.dedup.records import DedupResult

Packed = Sequence[tuple[str, bytes]]
_id_of = attrgetter("id")


class Known(Protocol):
    """What must be known of the records that were compared before."""

    def keys(self) -> Packed:
        """Id and packed keys of every known record."""
        ...

    def forms(self, ids: Collection[str]) -> Iterable[Normal]:
        """The comparable forms of some known records."""
        ...

    def tied(self, ids: Collection[str]) -> set[str]:
        """These records and all that are tied to them, over any number of steps.

        Two known records are tied when they are in one group, or were asked about, or were kept
        apart by a person.
        """
        ...


@dataclass(frozen=True, slots=True)
class Increment:
    """The answer about the new records and the known ones that they concern.

    Attributes:
        result: what one run over all records would say of the records in scope.
        scope: ids of the new records and of the known ones whose groups may change.
    """

    result: DedupResult
    scope: frozenset[str]


def compare_new(
    new: Sequence[Normal],
    known: Known,
    rejected: Collection[Pair] = (),
    touched: Collection[str] = (),
) -> Increment:
    """Compare new records with known ones without comparing these among each other again.

    Args:
        new: the new records in comparable form.
        known: those compared before, in any number of steps.
        rejected: as for `find_duplicates`, over new and known records.
        touched: known records to be judged again all the same.

    Returns:
        Groups and questions of all records in scope; of the others nothing changes.

    Raises:
        ValueError: Two records have the same id.

    Source:
        Own definition. Groups depend on a connected set of pairs alone, so it is enough to run
        the engine over every such set that a new record reaches.
    """
    if not (new or touched):
        return Increment(DedupResult(), frozenset())
    with collector_at_rest():
        table = KeyTable(known.keys())
        keys = {record.id: keys_of(record) for record in new}
        counts = _count(keys.values())
        holders = table.holders(counts)
        reached = set(touched) | _crowded_out(holders, counts)
        closed = {key for key in counts if counts[key] + len(holders.get(key, ())) > limit_of(key)}
        open_ones = {key: ids for key, ids in holders.items() if key not in closed}
        near = {name for names in open_ones.values() for name in names}
        forms = {form.id: form for form in known.forms(near)}
        judged = _judged(new, keys, open_ones, forms)
        reached |= {name for pair, verdict in judged.items() if verdict for name in pair} & near
        tied = known.tied(reached)
        forms |= {form.id: form for form in known.forms(tied - near)}
        concerned = [forms[name] for name in sorted(tied)]
        keys |= {record.id: keys_of(record) for record in concerned}
        closed |= _too_common(keys.values(), table, counts)
        index = DuplicateIndex(rejected, closed, judged, keys)
        index.feed_normal([*concerned, *new])
        scope = frozenset(record.id for record in (*concerned, *new))
        return Increment(index.result(), scope)


def _count(keys: Iterable[Collection[Key]]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for some in keys:
        for key in some:
            counts[key] = counts.get(key, 0) + 1
    return counts


def _crowded_out(holders: Mapping[Key, list[str]], counts: Mapping[Key, int]) -> set[str]:
    """Known records that met by a key which the new ones make too common."""
    return {
        name
        for key, names in holders.items()
        if len(names) <= limit_of(key) < len(names) + counts[key]
        for name in names
    }


def _judged(
    new: Sequence[Normal],
    keys: Mapping[str, Collection[Key]],
    holders: Mapping[Key, list[str]],
    forms: Mapping[str, Normal],
) -> dict[Pair, Verdict | None]:
    """What the rules say of each new record and the known ones that share a key with it."""
    judged: dict[Pair, Verdict | None] = {}
    for record in new:
        for name in {name for key in keys[record.id] for name in holders.get(key, ())}:
            one, two = sorted((record, forms[name]), key=_id_of)
            judged[one.id, two.id] = verdict_on(one, two)
    return judged


def _too_common(
    keys: Iterable[Collection[Key]], table: KeyTable, counts: Mapping[Key, int]
) -> set[Key]:
    """Keys that too many of all records have, the new ones among them."""
    found = table.counts(set().union(*keys))
    return {key for key, size in found.items() if size + counts.get(key, 0) > limit_of(key)}
