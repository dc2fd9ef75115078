"""From answers to the numbers of Table 1: every gain, and which experiments are reported."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.frames.experiments import gains_frame
from analytics.stats.gains import with_gains
from analytics.tables.policy import NOBODY, ByHand, selections
from analytics.tables.table1 import Chosen, Gains, Results
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition


def results_of(
    studies: Sequence[StudyAnswers],
    form: FormDefinition,
    by_hand: Mapping[int, ByHand] = NOBODY,
) -> Results:
    """Compute the gains and apply the review's reporting policy.

    Args:
        studies: All answers.
        form: The review's form; without a comparison there are no results.
        by_hand: By study, what a person chose instead of the policy.

    Returns:
        Gains by row key and the choice by study.

    Source:
        DESIGN section 6.
    """
    if form.comparison is None:
        return Results()
    frame = with_gains(gains_frame(studies, form))
    chosen = {
        study: Chosen(one.full, one.subset, one.trace, one.is_by_hand)
        for study, one in selections(frame, form.comparison.policy, by_hand).items()
    }
    return Results(gains=_gains(frame), chosen=chosen)


def _gains(frame: pd.DataFrame) -> dict[str, Gains]:
    columns = ["row_key", "absolute_gain", "relative_gain", "refused_reason"]
    return {
        str(key): Gains(_number(absolute), _number(relative), str(refused or ""))
        for key, absolute, relative, refused in frame[columns].itertuples(index=False)
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
