"""The terms of a review: words and pairs of neighbouring words, counted with numpy.

The vocabulary is that of scikit-learn's `TfidfVectorizer(ngram_range=(1, 2))`, counted in half of
its time and without scikit-learn, which alone would cost the web process 125 MB.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from screening.ranking.texts import words_of

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

_NO_WORD = -1
_MOST_TIMES = 65_535
#: Of words squared times texts, so that a pair of words in a text is one number.
MOST_CELLS = 2**63


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a fitted set, the most frequent first.

    Attributes:
        words: the words that occur in any term, in alphabetical order.
        first: shape (terms,); number of the term's first word.
        second: shape (terms,); number of its second word, -1 for a single word.
        records_with: shape (terms,); in how many of the fitted records it stands.
        frequent: terms left out because nearly every record has them.
    """

    words: tuple[str, ...]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    records_with: NDArray[np.int32]
    frequent: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many terms."""
        return len(self.first)

    def name(self, term: int) -> str:
        """The term as a person reads it."""
        first, second = self.words[self.first[term]], int(self.second[term])
        return first if second == _NO_WORD else f"{first} {self.words[second]}"

    def count(self, texts: Iterable[str]) -> tuple[sparse.csr_array, Floats]:
        """Count the known terms of new texts, and weigh the others as terms of one record each.

        Args:
            texts: one per row.

        Returns:
            Shape (texts, terms), how often each term stands in each text; and shape (texts,), the
            sum of (1 + ln(count))^2 over the terms that are not known.

        Source:
            Own definition.
        """
        numbers = {word: number for number, word in enumerate(self.words)}
        words, bounds = _numbered(texts, numbers)
        rows_in_all, total = len(bounds) - 1, len(numbers)
        keys, rows = _occurrences(words, bounds, total)
        open_to_all = ~np.isin(keys, self._frequent_keys(numbers))
        keys, rows = keys[open_to_all], rows[open_to_all]
        known = _keys(self.first, self.second, total)
        order = np.argsort(known)
        places = np.searchsorted(known, keys, sorter=order)
        terms = np.append(order, _NO_WORD)[places]
        hit = np.append(known, _NO_WORD)[terms] == keys
        times = np.ones(int(hit.sum()), dtype=np.uint16)
        shape = (rows_in_all, len(self))
        counts = sparse.coo_array((times, (rows[hit], terms[hit])), shape=shape).tocsr()
        cells, repeats = np.unique(
            keys[~hit] * max(rows_in_all, 1) + rows[~hit], return_counts=True
        )
        return counts, _mass(cells % max(rows_in_all, 1), repeats, rows_in_all)

    def _frequent_keys(self, numbers: dict[str, int]) -> Numbers:
        pairs = [[numbers.get(word) for word in term.split(" ")] for term in self.frequent]
        known = [[*pair, _NO_WORD][:2] for pair in pairs if None not in pair]
        table = np.array(known, dtype=np.int64).reshape(-1, 2)
        return _keys(table[:, 0], table[:, 1], len(numbers))


def fit_vocabulary(
    texts: Iterable[str], *, min_records: int, max_share: float
) -> tuple[Vocabulary, sparse.csr_array, Floats]:
    """Find the terms of a set of texts and count them.

    Args:
        texts: one per row.
        min_records: terms in fewer records are left out.
        max_share: terms in a larger share of the records are left out, 0 to 1.

    Returns:
        The vocabulary; the counts of these texts, shape (texts, terms); and, shape (texts,), the
        sum of (1 + ln(count))^2 over their terms that are in too few records.

    Raises:
        ValueError: The texts are too many for one vocabulary (beyond 2^63 cells).

    Source:
        `min_df` and `max_df` of scikit-learn's `CountVectorizer`.
    """
    numbers: dict[str, int] = {}
    words, bounds = _numbered(texts, numbers)
    rows = len(bounds) - 1
    if (len(numbers) + 1) ** 2 * max(rows, 1) >= MOST_CELLS:
        raise ValueError(f"{rows} texts with {len(numbers)} words are too many to count at once.")
    keys, owners = _occurrences(words, bounds, len(numbers))
    del words
    cells = keys * rows + owners if rows else keys
    del keys, owners
    cells.sort()
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    times = np.diff(starts, append=len(cells)).clip(max=_MOST_TIMES).astype(np.uint16)
    cells = cells[starts]
    found, begins = np.unique(cells // max(rows, 1), return_index=True)
    records_with = np.diff(begins, append=len(cells))
    by_term = sparse.csc_array(
        (times, (cells % max(rows, 1)).astype(np.int32), np.append(begins, len(cells))),
        shape=(rows, len(found)),
    )
    is_rare, is_frequent = records_with < min_records, records_with > max_share * rows
    kept = ~is_rare & ~is_frequent
    vocabulary, order = _vocabulary(found, records_with, kept, list(numbers))
    frequent = tuple(_name(int(key), list(numbers)) for key in found[is_frequent & ~is_rare])
    alone = np.repeat(is_rare & ~is_frequent, records_with)
    mass = _mass(by_term.indices[alone], by_term.data[alone], rows)
    return replace(vocabulary, frequent=frequent), by_term[:, order].tocsr(), mass


def _numbered(texts: Iterable[str], numbers: dict[str, int]) -> tuple[NDArray[np.int32], Numbers]:
    """All words of all texts in one array of word numbers, and where each text begins."""
    pieces, bounds = [], [0]
    for text in texts:
        row = [numbers.setdefault(word, len(numbers)) for word in words_of(text)]
        pieces.append(np.array(row, dtype=np.int32))
        bounds.append(bounds[-1] + len(row))
    joined = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int32)
    return joined, np.array(bounds, dtype=np.int64)


def _mass(rows: NDArray[np.integer], times: NDArray[np.integer], total: int) -> Floats:
    """Per row the sum of (1 + ln(count))^2."""
    squares = (1 + np.log(times.astype(np.float64))) ** 2
    return np.bincount(rows, squares, minlength=total).astype(np.float64)


def _name(key: int, words: list[str]) -> str:
    if key < len(words):
        return words[key]
    return f"{words[key // len(words) - 1]} {words[key % len(words)]}"


def _keys(first: NDArray[np.integer], second: NDArray[np.integer], words: int) -> Numbers:
    """One number per term: single words keep theirs, pairs come after them."""
    first, second = first.astype(np.int64), second.astype(np.int64)
    return np.where(second == _NO_WORD, first, (first + 1) * words + second)


def _occurrences(
    words: NDArray[np.int32], bounds: Numbers, total: int
) -> tuple[Numbers, NDArray[np.int32]]:
    """The keys of all single words and neighbouring pairs, with the row each stands in."""
    rows = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))
    pair = rows[:-1] == rows[1:]
    pairs = _keys(words[:-1][pair], words[1:][pair], total)
    return np.concatenate([words.astype(np.int64), pairs]), np.concatenate([rows, rows[:-1][pair]])


def _vocabulary(
    found: Numbers, records_with: Numbers, kept: NDArray[np.bool_], words: list[str]
) -> tuple[Vocabulary, Numbers]:
    """The kept terms by falling frequency, then by name; and their places among the found."""
    places = np.flatnonzero(kept)
    keys, total = found[places], max(len(words), 1)
    is_single = keys < total
    first = np.where(is_single, keys, keys // total - 1)
    second = np.where(is_single, _NO_WORD, keys % total)
    used = np.union1d(first, second[~is_single])
    by_name = sorted((words[number], number) for number in used.tolist())
    translate = np.full(total + 1, _NO_WORD)  # the last one: no word stays no word
    translate[[number for _, number in by_name]] = np.arange(len(by_name))
    first, second = translate[first], translate[second]
    order = np.lexsort((second, first, -records_with[places]))
    vocabulary = Vocabulary(
        tuple(word for word, _ in by_name),
        first[order].astype(np.int32),
        second[order].astype(np.int32),
        records_with[places][order].astype(np.int32),
    )
    return vocabulary, places[order]
