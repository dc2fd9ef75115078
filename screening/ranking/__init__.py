"""Screening the likely ones first: vectors, training, order, reasons, and when to stop.

A review's records become vectors once (`fit_vectors`, in the background, kept as bytes). Before
there is an include and an exclude the question orders them (`question_scores`), then each verdict
trains a model (`train`), which scores all records (`scores`); `rank` puts them in order.
"""

from screening.ranking.cold_start import question_scores
from screening.ranking.examples import Example
from screening.ranking.explaining import Explanation, Pull, explain
from screening.ranking.exploration import explored
from screening.ranking.model import MODEL_VERSION, Model, Ranking, rank, scores, train
from screening.ranking.texts import record_text
from screening.ranking.vectors import Vectors, fit_vectors

__all__ = [
    "MODEL_VERSION",
    "Example",
    "Explanation",
    "Model",
    "Pull",
    "Ranking",
    "Vectors",
    "explain",
    "explored",
    "fit_vectors",
    "question_scores",
    "rank",
    "record_text",
    "scores",
    "train",
]
