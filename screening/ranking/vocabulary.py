"""The terms of a review: words and pairs of neighbouring words, counted with numpy.

The vocabulary is that of scikit-learn's `TfidfVectorizer(ngram_range=(1, 2))`, counted in half of
its time and without scikit-learn, which alone would cost the web process 125 MB.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from screening.ranking.texts import words_of

Numbers = NDArray[np.int64]

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
    """

    words: tuple[str, ...]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    records_with: NDArray[np.int32]

    def __len__(self) -> int:
        """How many terms."""
        return len(self.first)

    def name(self, term: int) -> str:
        """The term as a person reads it."""
        first, second = self.words[self.first[term]], int(self.second[term])
        return first if second == _NO_WORD else f"{first} {self.words[second]}"

    def count(self, texts: Iterable[str]) -> sparse.csr_array:
        """Count the known terms of new texts; unknown ones are left out.

        Args:
            texts: one per row.

        Returns:
            Shape (texts, terms), how often each term stands in each text.

        Source:
            Own definition.
        """
        numbers = {word: number for number, word in enumerate(self.words)}
        words, bounds = _numbered(texts, numbers, grow=False)
        keys, rows = _occurrences(words, bounds, len(self.words))
        known = _keys(self.first, self.second, len(self.words))
        order = np.argsort(known)
        places = np.searchsorted(known, keys, sorter=order)
        inside = places < len(known)
        terms, keys, rows = order[places[inside]], keys[inside], rows[inside]
        hit = known[terms] == keys
        times = np.ones(int(hit.sum()), dtype=np.uint16)
        shape = (len(bounds) - 1, len(self))
        return sparse.coo_array((times, (rows[hit], terms[hit])), shape=shape).tocsr()


def fit_vocabulary(
    texts: Iterable[str], *, min_records: int, max_share: float
) -> tuple[Vocabulary, sparse.csr_array]:
    """Find the terms of a set of texts and count them.

    Args:
        texts: one per row.
        min_records: terms in fewer records are left out.
        max_share: terms in a larger share of the records are left out, 0 to 1.

    Returns:
        The vocabulary, and the counts, shape (texts, terms), of these texts.

    Raises:
        ValueError: The texts are too many for one vocabulary (beyond 2^63 cells).

    Source:
        `min_df` and `max_df` of scikit-learn's `CountVectorizer`.
    """
    numbers: dict[str, int] = {}
    words, bounds = _numbered(texts, numbers, grow=True)
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
    kept = (records_with >= min_records) & (records_with <= max_share * rows)
    vocabulary, order = _vocabulary(found, records_with, kept, list(numbers))
    return vocabulary, by_term[:, order].tocsr()


def _numbered(
    texts: Iterable[str], numbers: dict[str, int], *, grow: bool
) -> tuple[NDArray[np.int32], Numbers]:
    """All words of all texts in one array of word numbers, and where each text begins."""
    pieces, bounds = [], [0]
    for text in texts:
        words = words_of(text)
        if grow:
            row = [numbers.setdefault(word, len(numbers)) for word in words]
        else:
            row = [numbers.get(word, _NO_WORD) for word in words]
        pieces.append(np.array(row, dtype=np.int32))
        bounds.append(bounds[-1] + len(row))
    joined = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int32)
    return joined, np.array(bounds, dtype=np.int64)


def _keys(first: NDArray[np.integer], second: NDArray[np.integer], words: int) -> Numbers:
    """One number per term: single words keep theirs, pairs come after them."""
    first, second = first.astype(np.int64), second.astype(np.int64)
    return np.where(second == _NO_WORD, first, (first + 1) * words + second)


def _occurrences(
    words: NDArray[np.int32], bounds: Numbers, total: int
) -> tuple[Numbers, NDArray[np.int32]]:
    """The keys of all single words and neighbouring pairs, with the row each stands in."""
    rows = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))
    single = words != _NO_WORD
    pair = single[:-1] & single[1:] & (rows[:-1] == rows[1:])
    pairs = _keys(words[:-1][pair], words[1:][pair], total)
    keys = np.concatenate([words[single].astype(np.int64), pairs])
    return keys, np.concatenate([rows[single], rows[:-1][pair]])


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
