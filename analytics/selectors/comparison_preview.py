"""What a draft's comparison makes of the results that are stored, beside the form in force."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.frames import experiments_frame
from analytics.selectors.comparing import comparing_form
from analytics.stats.gains import with_gains
from extraction.models import FormDraft
from extraction.schema.answers import StudyAnswers
from extraction.schema.comparison_editing import compared_before
from extraction.schema.definition import FormDefinition, FormInvalidError, FormProblem, FormSketch
from extraction.selectors.answers import study_answers
from extraction.selectors.forms import base_of, sketch_of

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """Gains of a comparison: how many rows, how many have a gain, why the others have none."""

    rows: int
    gains: int
    refused: Sequence[tuple[str, int]]
    examples: Sequence[dict[str, object]]


@dataclass(frozen=True, slots=True)
class ComparisonPreview:
    """Before and after; `problems` say why the draft cannot be tried on what is stored."""

    now: Outcome | None
    then: Outcome | None
    problems: Sequence[FormProblem] = ()


def preview_of_comparison(draft: FormDraft) -> ComparisonPreview:
    """Compute the gains of reconciled and imported results with the draft's comparison.

    Stored values answer the version in force, so the draft's comparison is read in its fields.
    """
    answers = study_answers(review=draft.review)
    form = comparing_form(draft.review)
    now = _outcome(answers, form) if form else None
    tried = compared_before(base_of(draft), sketch_of(draft))
    if tried is None:
        return ComparisonPreview(now, None)
    try:
        return ComparisonPreview(now, _outcome(answers, _definition(tried)))
    except FormInvalidError as error:
        return ComparisonPreview(now, None, error.problems)


def _definition(sketch: FormSketch) -> FormDefinition:
    return FormDefinition(
        sketch.key, sketch.title, sketch.groups, sketch.description, sketch.comparison
    )


def _outcome(answers: Sequence[StudyAnswers], form: FormDefinition) -> Outcome:
    frame = with_gains(experiments_frame(answers, form))
    refused = Counter(reason for reason in frame["refused_reason"] if reason)
    usable = frame[frame["refused_reason"] == ""]
    return Outcome(
        rows=len(frame),
        gains=len(usable),
        refused=refused.most_common(SHOWN),
        examples=_examples(usable, answers),
    )


def _examples(rows: pd.DataFrame, answers: Sequence[StudyAnswers]) -> list[dict[str, object]]:
    names = {one.study_id: f"{one.first_author} {one.year or ''}".strip() for one in answers}
    first = rows.drop_duplicates("study_id").head(SHOWN)
    columns = (
        "study_id", "metric", "lower_is_better", "arm_typed", "other_typed",
        "absolute_gain", "relative_gain",
    )  # fmt: skip
    values = first[list(columns)].itertuples(index=False, name=None)
    return [{**dict(zip(columns, row, strict=True)), "study": names[row[0]]} for row in values]
