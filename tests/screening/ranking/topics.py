"""Small made-up reviews: records of two topics, some of them relevant."""

import random

from screening.ranking import Example, fit_vectors

RELEVANT = [
    "contrastive",
    "pretraining",
    "of",
    "radiographs",
    "with",
    "few",
    "labels",
    "improves",
    "classification",
]
OTHER = [
    "cost",
    "of",
    "nurse",
    "staffing",
    "in",
    "rural",
    "hospitals",
    "during",
    "holidays",
    "rises",
    "with",
    "distance",
]
COMMON = ["study", "results", "patients", "method", "analysis", "of", "the", "and", "with"]


def text(dice, words):
    """A text of these words and common ones."""
    return " ".join(dice.choice(words if dice.random() < 0.6 else COMMON) for _ in range(30))


def review(records=60, seed=1):
    """Ids, texts and which are relevant: every fourth."""
    dice = random.Random(seed)  # noqa: S311  # texts, no secrets
    ids = list(range(100, 100 + records))
    labels = [number % 4 == 0 for number in range(records)]
    texts = [text(dice, RELEVANT if label else OTHER) for label in labels]
    return ids, texts, labels


def vectors_and_examples(records=60, decided=20, seed=1):
    """Vectors of such a review, and verdicts on its first records."""
    ids, texts, labels = review(records, seed)
    given = zip(ids[:decided], labels[:decided], strict=True)
    return fit_vectors(ids, texts), [Example(one, label) for one, label in given]
