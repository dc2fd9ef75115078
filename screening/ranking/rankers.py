"""The models that a simulation can compare: ours, and what it is held against."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from screening.ranking.cold_start import question_scores
from screening.ranking.examples import Example, balanced
from screening.ranking.model import scores, train
from screening.ranking.solver import C
from screening.ranking.vectors import MAX_SHARE, Vectors, fit_vectors

Values = NDArray[np.floating]


class Ranker(Protocol):
    """Scores all records, given verdicts on some."""

    def scores(self, rows: NDArray[np.int64], labels: NDArray[np.bool_]) -> Values:
        """Score all records.

        Args:
            rows: that were decided on, in the order of the decisions.
            labels: their labels, both values occur.

        Returns:
            Shape (records,); the highest is screened next.
        """
        ...


class SvmRanker:
    """The ranking of the app."""

    def __init__(self, texts: Sequence[str], *, min_records: int = 2) -> None:
        """Make the vectors."""
        self.vectors = _vectors(texts, min_records=min_records)

    def scores(self, rows: NDArray[np.int64], labels: NDArray[np.bool_]) -> Values:
        """Train from the beginning on all verdicts."""
        pairs = zip(rows.tolist(), labels.tolist(), strict=True)
        model = train(self.vectors, [Example(row, label) for row, label in pairs])
        return scores(self.vectors, model)


class FixedRanker:
    """An order that learns nothing."""

    def __init__(self, values: Values) -> None:
        """Take the scores, one per record."""
        self.values = values

    def scores(self, rows: NDArray[np.int64], labels: NDArray[np.bool_]) -> Values:
        """Give the same scores whatever was decided."""
        del rows, labels
        return self.values


class SklearnRanker:
    """A classifier of scikit-learn, trained with balanced weights."""

    def __init__(self, matrix: Any, classifier: Any) -> None:
        """Take the records' vectors and the classifier."""
        self.matrix = matrix.astype(np.float64)
        self.classifier = classifier

    def scores(self, rows: NDArray[np.int64], labels: NDArray[np.bool_]) -> Values:
        """Train from the beginning on all verdicts, in the order they were given."""
        weights = balanced(labels, np.ones(len(rows)))
        self.classifier.fit(self.matrix[rows], labels, sample_weight=weights)
        if hasattr(self.classifier, "decision_function"):
            return np.asarray(self.classifier.decision_function(self.matrix))
        return np.asarray(self.classifier.predict_proba(self.matrix)[:, 1])


def _vectors(texts: Sequence[str], *, min_records: int = 2) -> Vectors:
    return fit_vectors(range(len(texts)), texts, min_records=min_records)


def _svm(texts: Sequence[str], _include: int, _seed: int) -> Ranker:
    return SvmRanker(texts)


def _elas_u4(texts: Sequence[str], _include: int, seed: int) -> Ranker:
    from sklearn.svm import LinearSVC  # noqa: PLC0415  # heavy, and wanted for this model only

    classifier = LinearSVC(C=C, loss="squared_hinge", random_state=seed)
    return SklearnRanker(_vectors(texts, min_records=1).matrix, classifier)


def _min_df_2(texts: Sequence[str], _include: int, seed: int) -> Ranker:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  # as above
    from sklearn.svm import LinearSVC  # noqa: PLC0415  # as above

    kept = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=MAX_SHARE, min_df=2)
    classifier = LinearSVC(C=C, loss="squared_hinge", random_state=seed)
    return SklearnRanker(kept.fit_transform(texts), classifier)


def _naive_bayes(texts: Sequence[str], _include: int, _seed: int) -> Ranker:
    from sklearn.naive_bayes import MultinomialNB  # noqa: PLC0415  # as above

    return SklearnRanker(_vectors(texts).matrix, MultinomialNB(alpha=3.822))


def _logistic(texts: Sequence[str], _include: int, _seed: int) -> Ranker:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # as above

    return SklearnRanker(_vectors(texts).matrix, LogisticRegression(max_iter=1_000))


def _bm25(texts: Sequence[str], include: int, _seed: int) -> Ranker:
    return FixedRanker(question_scores(_vectors(texts), "", known_relevant=[texts[include]]))


def _random(texts: Sequence[str], _include: int, seed: int) -> Ranker:
    return FixedRanker(np.random.default_rng([seed, 1]).random(len(texts)))


#: Name -> what makes the ranker of the texts, the row of the known include and the seed.
MODELS: dict[str, Callable[[Sequence[str], int, int], Ranker]] = {
    "svm": _svm,
    "elas_u4": _elas_u4,
    "min_df_2": _min_df_2,
    "naive_bayes": _naive_bayes,
    "logistic": _logistic,
    "bm25": _bm25,
    "random": _random,
}

#: Name -> what it is, for people.
MODEL_NAMES: dict[str, str] = {
    "svm": "This app: TF-IDF and a linear support vector machine",
    "elas_u4": "ASReview ELAS u4: the same, solved by liblinear",
    "min_df_2": "The same without words of a single record (scikit-learn, min_df 2)",
    "naive_bayes": "TF-IDF and naive Bayes",
    "logistic": "TF-IDF and logistic regression",
    "bm25": "BM25 of the first relevant record, nothing is learnt",
    "random": "Random order",
}
