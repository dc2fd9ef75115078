"""Which pairs are worth comparing: records that share at least one key."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from screening.dedup.normal import Normal

_LARGE = 120
_WORDS = 4
_SHARED = 3
_LETTERS = 4
_START = 24


def keys_of(record: Normal) -> Iterator[tuple[object, ...]]:
    """Give the keys under which a record is looked for.

    Args:
        record: in comparable form.

    Yields:
        Keys that depend on this record alone, so that a new record meets a known one exactly as
        both would meet in one run.

    Source:
        Own definition.
    """
    for name, value in (("doi", record.doi), ("pmid", record.pmid), ("arxiv", record.arxiv_id)):
        if value:
            yield name, value
    title, page, year = record.title, record.pages.first, record.year
    if title.squeezed:
        yield "title", title.squeezed[:_START], record.volume or year
        yield "title", title.squeezed[:_START], page
        yield "end", title.squeezed[-_START:]
        yield from _word_keys(title.key)
    if title.other:
        yield "title", title.other.replace(" ", "")[:_START], record.volume or year
        yield from _word_keys(title.other)
    if page:
        yield "place", record.volume, page, year
        for word in record.people[0].family if record.people else ():
            yield "author", word, page
            yield "author", word, record.volume, year


def _word_keys(key: str) -> Iterator[tuple[object, ...]]:
    words = sorted(set(key.split()), key=lambda word: (-len(word), word))
    telling = [word for word in words if len(word) >= _LETTERS][:_WORDS]
    for some in combinations(sorted(telling), _SHARED):
        yield "words", *some


class Blocks:
    """Records sorted under their keys; gives each pair worth a comparison once."""

    def __init__(self) -> None:
        """Start empty."""
        self._blocks: dict[int, int | list[int]] = {}  # most keys have one record: no list then
        self._size = 0

    def new_pairs(self, records: Sequence[Normal]) -> Iterator[tuple[int, int]]:
        """Take in the records that are new and give the pairs they bring.

        Args:
            records: all records; those at the end beyond the last call are new.

        Yields:
            Positions of two records, the later one second, each pair once. In a block larger
            than any real group of duplicates a record meets only its neighbours by content.

        Source:
            Own definition.
        """
        start, self._size = self._size, len(records)
        for place in range(start, self._size):
            met: set[int] = set()
            for key in set(map(hash, keys_of(records[place]))):
                block = self._blocks.get(key)
                if block is None:
                    self._blocks[key] = place
                elif isinstance(block, int):
                    met.add(block)
                    self._blocks[key] = [block, place]
                else:
                    met.update(
                        block if len(block) <= _LARGE else _neighbours(records, place, block)
                    )
                    block.append(place)
            for other in met:
                yield other, place


def _neighbours(records: Sequence[Normal], place: int, block: list[int]) -> list[int]:
    mine = records[place]
    return [
        other
        for other in block
        if records[other].title.squeezed == mine.title.squeezed
        or (records[other].pages.first == mine.pages.first and mine.pages.first)
    ][-_LARGE:]
