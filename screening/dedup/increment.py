"""New records against many known ones: the answer of one run over all, for those it concerns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from screening.dedup.blocking import Key, keys_of, limit_of, unpack_keys
from screening.dedup.clusters import Pair
from screening.dedup.engine import DuplicateIndex, collector_at_rest, verdict_on
from screening.dedup.normal import Normal
from screening.dedup.records import DedupResult

Packed = Sequence[tuple[str, bytes]]


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
        packed = known.keys()
        keys = {record.id: keys_of(record) for record in new}
        counts = _count(keys.values())
        holders = _holders(packed, counts)
        reached = set(touched) | _crowded_out(holders, counts)
        closed = {key for key in counts if counts[key] + len(holders.get(key, ())) > limit_of(key)}
        open_ones = {key: ids for key, ids in holders.items() if key not in closed}
        reached |= _alike(new, keys, open_ones, known)
        concerned = list(known.forms(known.tied(reached)))
        closed |= _closed_among(concerned, packed, counts)
        index = DuplicateIndex(rejected, closed)
        index.feed_normal([*concerned, *new])
        scope = frozenset(record.id for record in (*concerned, *new))
        return Increment(index.result(), scope)


def _count(keys: Iterable[Collection[Key]]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for some in keys:
        for key in some:
            counts[key] = counts.get(key, 0) + 1
    return counts


def _holders(packed: Packed, wanted: Collection[Key]) -> dict[Key, list[str]]:
    """Which known records have a key that is wanted."""
    asked = frozenset(wanted)
    holders: dict[Key, list[str]] = {}
    for name, keys in packed:
        for key in asked.intersection(unpack_keys(keys)):
            holders.setdefault(key, []).append(name)
    return holders


def _crowded_out(holders: Mapping[Key, list[str]], counts: Mapping[Key, int]) -> set[str]:
    """Known records that met by a key which the new ones make too common."""
    return {
        name
        for key, names in holders.items()
        if len(names) <= limit_of(key) < len(names) + counts[key]
        for name in names
    }


def _alike(
    new: Sequence[Normal],
    keys: Mapping[str, Collection[Key]],
    holders: Mapping[Key, list[str]],
    known: Known,
) -> set[str]:
    """Known records that a rule merges with a new one or asks about."""
    forms = {
        form.id: form
        for form in known.forms({name for names in holders.values() for name in names})
    }
    found: set[str] = set()
    for record in new:
        names = {name for key in keys[record.id] for name in holders.get(key, ())}
        for name in names - found:
            one, two = sorted((record, forms[name]), key=lambda form: form.id)
            if verdict_on(one, two):
                found.add(name)
    return found


def _closed_among(
    concerned: Sequence[Normal], packed: Packed, counts: Mapping[Key, int]
) -> set[Key]:
    """Keys of the concerned records that are too common among all."""
    wanted = frozenset(key for record in concerned for key in keys_of(record))
    found: dict[Key, int] = {}
    for _, keys in packed:
        for key in wanted.intersection(unpack_keys(keys)):
            found[key] = found.get(key, 0) + 1
    return {key for key, size in found.items() if size + counts.get(key, 0) > limit_of(key)}
