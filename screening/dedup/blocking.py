"""Which pairs are worth comparing: records that share at least one key that is not too common."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, combinations, compress
from zlib import crc32

from screening.dedup.normal import Normal

_LARGE = 120
_LARGE_EXACT = 3000
_WORDS = 4
_SHARED = 3
_LETTERS = 4
_START = 24

Key = int


def keys_of(record: Normal) -> set[Key]:
    """Give the keys under which a record is looked for.

    Args:
        record: in comparable form.

    Returns:
        Numbers of 32 bits that depend on this record alone, the same in every process; odd ones
        stand for something that names one report (an identifier, a whole title, a place), even
        ones for something that several reports may share. Two names that happen to give one
        number cost a comparison and change no answer.

    Source:
        Own definition.
    """
    keys = {crc32(name.encode()) | 1 for name in _exact(record)}
    keys.update(crc32(name.encode()) & ~1 for name in _loose(record))
    return keys


def _exact(record: Normal) -> Iterator[str]:
    for name, value in (("doi", record.doi), ("pmid", record.pmid), ("arxiv", record.arxiv_id)):
        if value:
            yield f"{name}|{value}"
    if record.title.telling:
        yield f"whole|{record.title.squeezed}"
    if record.volume and record.pages.first:
        yield f"place|{record.volume}|{record.pages.first}|{record.year}"


def _loose(record: Normal) -> Iterator[str]:
    title, page, year = record.title, record.pages.first, record.year
    if title.squeezed:
        yield f"start|{title.squeezed[:_START]}|{record.volume or year}"
        yield f"start page|{title.squeezed[:_START]}|{page}"
        yield f"end|{title.squeezed[-_START:]}"
        yield from _word_keys(title.key)
    if title.other:
        yield f"start|{title.other.replace(' ', '')[:_START]}|{record.volume or year}"
        yield from _word_keys(title.other)
    if page:
        if not record.volume:
            yield f"place||{page}|{year}"
        for word in record.people[0].family if record.people else ():
            yield f"author page|{word}|{page}"
            yield f"author|{word}|{record.volume}|{year}"


def _word_keys(key: str) -> Iterator[str]:
    words = sorted(set(key.split()), key=lambda word: (-len(word), word))
    telling = [word for word in words if len(word) >= _LETTERS][:_WORDS]
    for some in combinations(sorted(telling), _SHARED):
        yield f"words|{some[0]}|{some[1]}|{some[2]}"


def limit_of(key: Key) -> int:
    """How many records a key may have before it names nothing any more.

    Args:
        key: from `keys_of`.

    Returns:
        More than any real group of duplicates has; far more for a key that names one report, such
        as the identifier of a supplement.

    Source:
        Own definition.
    """
    return _LARGE_EXACT if key & 1 else _LARGE


def pack_keys(keys: Collection[Key]) -> bytes:
    """Write keys in four bytes each.

    Args:
        keys: from `keys_of`.

    Returns:
        The sorted keys, for a `KeyTable`.

    Source:
        Own definition.
    """
    return array("I", sorted(keys)).tobytes()


class KeyTable:
    """The keys of many records, to be asked for a few of them at once."""

    def __init__(self, packed: Sequence[tuple[str, bytes]]) -> None:
        """Take in keys without looking at any.

        Args:
            packed: ids of records and what `pack_keys` wrote for each, in this or another process
                of the same byte order.

        Source:
            Own definition.
        """
        self._names = [name for name, _ in packed]
        self._keys = array("I")
        self._keys.frombytes(b"".join(keys for _, keys in packed))
        size = self._keys.itemsize
        self._ends = list(accumulate(len(keys) // size for _, keys in packed))

    def holders(self, wanted: Collection[Key]) -> dict[Key, list[str]]:
        """Tell which records have the keys that are wanted.

        Args:
            wanted: keys from `keys_of`.

        Returns:
            For each wanted key that some record has the ids of these records, in their order.

        Source:
            Own definition.
        """
        holders: dict[Key, list[str]] = {}
        are_wanted = map(frozenset(wanted).__contains__, self._keys)
        for place in compress(range(len(self._keys)), are_wanted):
            name = self._names[bisect_right(self._ends, place)]
            holders.setdefault(self._keys[place], []).append(name)
        return holders

    def counts(self, wanted: Collection[Key]) -> dict[Key, int]:
        """Tell how many records have the keys that are wanted.

        Args:
            wanted: keys from `keys_of`.

        Returns:
            A number for each wanted key that some record has.

        Source:
            Own definition.
        """
        return Counter(filter(frozenset(wanted).__contains__, self._keys))


class Blocks:
    """Records sorted under their keys; gives each pair worth a comparison once."""

    def __init__(
        self, closed: Collection[Key] = (), keys: Mapping[str, Collection[Key]] | None = None
    ) -> None:
        """Start empty.

        Args:
            closed: keys that are known to have too many records.
            keys: what `keys_of` has given already, by id of the record.
        """
        self._keys = keys or {}
        self._blocks: dict[Key, int | list[int] | None] = dict.fromkeys(closed)
        self._size = 0
        self.has_closed = bool(closed)
        self._has_closed_exact = any(key & 1 for key in closed)

    def new_pairs(self, records: Sequence[Normal]) -> Iterator[tuple[int, int]]:
        """Take in the records that are new and give the pairs they bring.

        Args:
            records: all records; those at the end beyond the last call are new.

        Yields:
            Positions of two records, the later one second, each pair once. A key is closed as soon
            as it has too many records; pairs that met by it alone before no longer `meet`, so that
            the order of the records does not matter.

        Source:
            Own definition.
        """
        start, self._size = self._size, len(records)
        for place in range(start, self._size):
            met: set[int] = set()
            for key in self._keys_of(records[place]):
                self._take_in(key, place, met)
            for other in met:
                yield other, place

    def _take_in(self, key: Key, place: int, met: set[int]) -> None:
        block = self._blocks.get(key, -1)
        if block is None:
            return
        if isinstance(block, list):
            if len(block) < limit_of(key):
                met.update(block)
                block.append(place)
            else:
                self._blocks[key] = None
                self.has_closed = True
                self._has_closed_exact |= bool(key & 1)
        elif block < 0:
            self._blocks[key] = place  # most keys have one record: no list then
        else:
            met.add(block)
            self._blocks[key] = [block, place]

    def meet(self, one: Normal, two: Normal) -> bool:
        """Tell whether two records share a key that is still open.

        Args:
            one: a record taken in.
            two: another one.

        Returns:
            True when they are worth a comparison.

        Source:
            Own definition.
        """
        if not self._has_closed_exact and _share_exact(one, two):
            return True
        shared = set(self._keys_of(one)).intersection(self._keys_of(two))
        return any(self._blocks.get(key) is not None for key in shared)

    def _keys_of(self, record: Normal) -> Collection[Key]:
        known = self._keys.get(record.id)
        return keys_of(record) if known is None else known


def _share_exact(one: Normal, two: Normal) -> bool:
    """A quick look for a key that names one report; False says nothing."""
    if one.title.telling and one.title.squeezed == two.title.squeezed:
        return True
    return bool(one.doi) and one.doi == two.doi
