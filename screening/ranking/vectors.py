"""The records of a review as vectors (TF-IDF): fitted once, extended by imports, kept as bytes."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from screening.ranking.vocabulary import Numbers, Vocabulary, fit_vocabulary

#: Of the form in which vectors are kept; another one is refused, and the records are fitted again.
FORMAT = "screening-vectors-2"
MIN_RECORDS = 2
MAX_SHARE = 0.95
#: Above this share of records that came after the fit, words of theirs that the fit did not know
#: are worth another one.
REFIT_SHARE = 0.10
_PARTS = (
    *("words", "frequent", "ids", "first", "second", "records_with"),
    *("indptr", "indices", "times", "alone"),
)
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Vectors:
    """Records as TF-IDF vectors of length 1 over words and pairs of neighbouring words.

    Attributes:
        ids: shape (records,); the records' ids, in the order of the rows.
        vocabulary: the terms, in the order of the columns.
        counts: shape (records, terms); how often each term stands in each record.
        alone: shape (records,); sum of (1 + ln(count))^2 over the terms that stand in this record
            only. They are no columns, since they say nothing of another record, but they count in
            the record's length: so the order is that over all terms.
        fitted: how many of the records the vocabulary was fitted on; they come first.
        fingerprint: of ids, texts and settings; equal fingerprints mean equal vectors.
        matrix: shape (records, terms), float32; with its terms that stand alone each row has
            length 1, or 0 without words.
        length_alone: shape (records,); squared, the part of the length 1 that the terms that stand
            alone take, 0 to 1.
    """

    ids: Numbers
    vocabulary: Vocabulary
    counts: sparse.csr_array
    alone: NDArray[np.float64]
    fitted: int
    fingerprint: str
    matrix: sparse.csr_array = field(init=False, repr=False)
    length_alone: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Weigh the counts."""
        matrix, length_alone = _weighed(self)
        object.__setattr__(self, "matrix", matrix)
        object.__setattr__(self, "length_alone", length_alone)

    def __len__(self) -> int:
        """How many records."""
        return len(self.ids)

    @property
    def share_since_fit(self) -> float:
        """The share of records that came after the fit, 0 to 1."""
        return 1 - self.fitted / len(self) if len(self) else 0.0

    @property
    def needs_refit(self) -> bool:
        """Whether so many came since the fit that their new words are worth another."""
        return self.share_since_fit > REFIT_SHARE

    def rows_of(self, ids: Sequence[int] | Numbers) -> Numbers:
        """Find records' rows.

        Args:
            ids: of records.

        Returns:
            Shape (ids,); the row of each.

        Raises:
            ValueError: A record is not among these vectors.

        Source:
            Own definition.
        """
        wanted = np.asarray(ids, dtype=np.int64)
        order = np.argsort(self.ids, kind="stable")
        places = np.searchsorted(self.ids, wanted, sorter=order)
        rows = order[np.minimum(places, len(order) - 1)] if len(order) else places
        is_known = self.ids[rows] == wanted if len(order) else np.zeros(len(wanted), dtype=bool)
        if not is_known.all():
            raise ValueError(f"Record {wanted[~is_known][0]} is not among the vectors.")
        return np.asarray(rows, dtype=np.int64)

    def extended(self, ids: Sequence[int], texts: Sequence[str]) -> Self:
        """Add records without a new fit: known terms keep their columns and weights.

        Args:
            ids: of the new records.
            texts: their texts, one per id (`record_text`).

        Returns:
            New vectors; the rows of the old records are the same as before.

        Raises:
            ValueError: An id is repeated or known already, or there is not one text per id.

        Source:
            Own definition.
        """
        new = _checked(ids, texts, known=self.ids)
        added, alone = self.vocabulary.count(texts)
        counts = sparse.vstack([self.counts, added], format="csr")
        return replace(
            self,
            ids=np.concatenate([self.ids, new]),
            counts=_compact(counts),
            alone=np.concatenate([self.alone, alone]),
            fingerprint=_fingerprint(self.fingerprint, ids, texts),
        )

    def to_bytes(self) -> bytes:
        """Write the vectors down, compressed.

        Returns:
            What `from_bytes` reads.

        Source:
            Own definition.
        """
        words = "\n".join(self.vocabulary.words).encode()
        head = {"format": FORMAT, "fitted": self.fitted, "fingerprint": self.fingerprint}
        parts: dict[str, NDArray[Any]] = {
            "head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            "words": np.frombuffer(words, dtype=np.uint8),
            "frequent": np.frombuffer("\n".join(self.vocabulary.frequent).encode(), dtype=np.uint8),
            "ids": self.ids,
            "first": self.vocabulary.first,
            "second": self.vocabulary.second,
            "records_with": self.vocabulary.records_with,
            "indptr": self.counts.indptr,
            "indices": self.counts.indices,
            "times": self.counts.data,
            "alone": self.alone,
        }
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, part in parts.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, part, allow_pickle=False)
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Self:
        """Read vectors that `to_bytes` wrote.

        Args:
            kept: the bytes.

        Returns:
            The vectors.

        Raises:
            ValueError: The bytes are no vectors, are damaged, or are of another format.

        Source:
            Own definition.
        """
        read: dict[str, NDArray[Any]] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(kept)) as archive:
                head = json.loads(_read_part(archive, "head").tobytes())
                if head.get("format") == FORMAT:
                    read = {name: _read_part(archive, name) for name in _PARTS}
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as fault:
            raise ValueError(f"These bytes hold no vectors: {fault}") from fault
        if head.get("format") != FORMAT:
            raise ValueError(f"Vectors of the format {head.get('format')!r}; {FORMAT!r} is read.")
        vocabulary = Vocabulary(
            _lines(read["words"]),
            read["first"],
            read["second"],
            read["records_with"],
            _lines(read["frequent"]),
        )
        counts = sparse.csr_array(
            (read["times"], read["indices"], read["indptr"]),
            shape=(len(read["ids"]), len(vocabulary)),
        )
        return cls(
            read["ids"], vocabulary, counts, read["alone"], head["fitted"], head["fingerprint"]
        )


def fit_vectors(
    ids: Sequence[int], texts: Sequence[str], *, min_records: int = MIN_RECORDS
) -> Vectors:
    """Fit the vocabulary of a review and weigh its records.

    Args:
        ids: of the records.
        texts: their texts, one per id (`record_text`).
        min_records: 2 leaves out the columns of terms that stand in one record only; 1 keeps them,
            which changes no order and takes several times the memory.

    Returns:
        The vectors, one row per record in the order given.

    Raises:
        ValueError: An id is repeated, there is not one text per id, the texts are too many, or
            min_records is neither 1 nor 2.

    Source:
        TF-IDF of scikit-learn's `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True,
        max_df=0.95)`, the settings of ASReview 3's ELAS u4.
    """
    if min_records not in {1, 2}:
        raise ValueError(f"min_records is {min_records}; it must be 1 or 2.")
    numbers = _checked(ids, texts, known=np.empty(0, dtype=np.int64))
    vocabulary, counts, alone = fit_vocabulary(texts, min_records=min_records, max_share=MAX_SHARE)
    settings = f"{FORMAT} {min_records} {MAX_SHARE}"
    fingerprint = _fingerprint(settings, ids, texts)
    return Vectors(numbers, vocabulary, _compact(counts), alone, len(numbers), fingerprint)


def _checked(ids: Sequence[int], texts: Sequence[str], *, known: Numbers) -> Numbers:
    if len(ids) != len(texts):
        raise ValueError(f"{len(ids)} ids were given with {len(texts)} texts.")
    numbers = np.asarray(ids, dtype=np.int64)
    values, times = np.unique(np.concatenate([known, numbers]), return_counts=True)
    if (times > 1).any():
        raise ValueError(f"Record {values[times > 1][0]} is there twice.")
    return numbers


def _fingerprint(before: str, ids: Sequence[int], texts: Sequence[str]) -> str:
    digest = hashlib.sha256(before.encode())
    for number, text in zip(ids, texts, strict=True):
        digest.update(f"\n{number} {len(text)} ".encode())
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _compact(counts: sparse.csr_array) -> sparse.csr_array:
    """The same counts with narrow numbers, so that memory and files stay small."""
    counts.sort_indices()
    return sparse.csr_array(
        (
            counts.data.astype(np.uint16, copy=False),
            counts.indices.astype(np.int32, copy=False),
            counts.indptr.astype(np.int64 if counts.nnz >= 2**31 else np.int32, copy=False),
        ),
        shape=counts.shape,
    )


def _read_part(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as entry:
        return np.asarray(np.lib.format.read_array(entry, allow_pickle=False))


def _lines(part: NDArray[Any]) -> tuple[str, ...]:
    text = part.tobytes().decode()
    return tuple(text.split("\n")) if text else ()


def _weighed(vectors: Vectors) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """TF-IDF with 1 + ln(count), smoothed idf and rows of length 1; indices are shared."""
    counts, fitted = vectors.counts, vectors.fitted
    idf = np.log((1 + fitted) / (1 + vectors.vocabulary.records_with)) + 1
    alone = vectors.alone * (np.log((1 + fitted) / 2) + 1) ** 2
    by_count = 1 + np.log(np.arange(1, int(counts.data.max(initial=1)) + 1))
    values = np.empty(counts.nnz, dtype=np.float32)
    length_alone = np.where(alone > 0, 1.0, 0.0)
    for first in range(0, counts.shape[0], _ROWS_AT_ONCE):  # the doubles of all at once are large
        bounds = counts.indptr[first : first + _ROWS_AT_ONCE + 1]
        part = slice(bounds[0], bounds[-1])
        weights = by_count[counts.data[part] - 1] * idf[counts.indices[part]]
        rows = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        squares = np.bincount(rows, weights**2, minlength=len(bounds) - 1)
        squares = squares + alone[first : first + _ROWS_AT_ONCE]
        values[part] = weights / np.sqrt(squares)[rows]
        length_alone[first : first + _ROWS_AT_ONCE] *= alone[first : first + _ROWS_AT_ONCE]
        length_alone[first : first + _ROWS_AT_ONCE] /= np.where(squares > 0, squares, 1.0)
    matrix = sparse.csr_array((values, counts.indices, counts.indptr), shape=counts.shape)
    return matrix, length_alone
