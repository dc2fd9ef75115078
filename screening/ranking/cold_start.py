"""The order before there is anything to learn from: BM25 of the question and known reports."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from screening.ranking.vectors import Vectors

#: Saturation of repeated words and weight of the record's length, the usual values.
K1, B = 1.2, 0.75
#: How many of a known report's words ask; its rarest in the review.
WORDS_PER_REPORT = 25


def question_scores(
    vectors: Vectors, question: str, *, known_relevant: Sequence[str] = ()
) -> NDArray[np.float64]:
    """Score records by how much they speak of the question and of reports known to be relevant.

    Each word of the question asks with weight 1 per occurrence; each known report asks with its
    25 words that weigh most there, and all reports together weigh as much as the question (1
    when there is no question).

    Args:
        vectors: of all records of the review.
        question: the review's question, criteria, key words: any text; may be "".
        known_relevant: texts of reports known to be relevant (`record_text`), in or out of the
            review.

    Returns:
        Shape (records,); 0 and above, all 0 when no word is known. Hand them to `rank`.

    Source:
        BM25: Robertson and Zaragoza 2009, Found. Trends Inf. Retr. 3:333-389, with the idf that
        is never negative, ln(1 + (n - df + 0.5) / (df + 0.5)); the words of known reports: own
        definition.
    """
    words = np.flatnonzero(vectors.vocabulary.second < 0)
    counts = vectors.counts[:, words].astype(np.float64)
    asked = _asked(vectors, words, question, known_relevant)
    rows = np.repeat(np.arange(len(vectors)), np.diff(counts.indptr))
    lengths = np.bincount(rows, counts.data, minlength=len(vectors))
    mean = lengths.mean() if lengths.any() else 1.0
    by_length = K1 * (1 - B + B * lengths / mean)
    saturated = counts.data * (K1 + 1) / (counts.data + by_length[rows])
    weighed = sparse.csr_array((saturated, counts.indices, counts.indptr), shape=counts.shape)
    return np.asarray(weighed @ (asked * _idf(vectors)[words]), dtype=np.float64)


def _asked(
    vectors: Vectors, words: NDArray[np.int64], question: str, known_relevant: Sequence[str]
) -> NDArray[np.float64]:
    """The weight with which each word asks."""
    idf = _idf(vectors)[words]
    texts = vectors.vocabulary.count([question, *known_relevant])[0][:, words].toarray()
    asked = np.asarray(texts[0], dtype=np.float64)
    by_reports = np.zeros_like(asked)
    for text in texts[1:]:
        weights = np.log1p(text) * idf
        best = np.argsort(-weights, kind="stable")[:WORDS_PER_REPORT]
        by_reports[best] += weights[best]
    whole = float(by_reports.sum())
    if whole:
        asked += by_reports * ((float(asked.sum()) or 1.0) / whole)
    return asked


def _idf(vectors: Vectors) -> NDArray[np.float64]:
    df = vectors.vocabulary.records_with.astype(np.float64)
    return np.asarray(np.log1p((vectors.fitted - df + 0.5) / (df + 0.5)), dtype=np.float64)
