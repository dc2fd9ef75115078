"""An ordered path of yes/no questions that yields a verdict and its primary reason by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from screening.rules.consensus import Verdict


class PathAnswer(StrEnum):
    """What a reviewer answers to one question."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PathOutcome:
    """What the answers amount to.

    Attributes:
        verdict: The verdict they yield.
        decisive: Place of the question whose "no" decides, from 0; None without an exclusion.
        used: How many questions, from the first on, the outcome rests on.
    """

    verdict: Verdict
    decisive: int | None
    used: int


def path_outcome(answers: Sequence[PathAnswer | None]) -> PathOutcome | None:
    """Derive the verdict from the answers to the questions in their order.

    The first "no" excludes, whatever came before or comes after it; later questions need no
    answer. Without a "no" every question needs its answer: all "yes" include, and one "unclear"
    or more is a maybe.

    Args:
        answers: One for each question of the path in order; None where there is none yet.

    Returns:
        The outcome; None while an answer is missing, or for a path without questions.

    Source:
        Eligibility as an ordered list with one primary reason: Cochrane Handbook for Systematic
        Reviews of Interventions, section 4.6; the rule for "unclear" is our own definition.
    """
    for place, answer in enumerate(answers):
        if answer is None:
            return None
        if answer == PathAnswer.NO:
            return PathOutcome(Verdict.EXCLUDE, place, place + 1)
    if not answers:
        return None
    is_unclear = PathAnswer.UNCLEAR in answers
    return PathOutcome(Verdict.MAYBE if is_unclear else Verdict.INCLUDE, None, len(answers))
