"""One row per experiment: both arms on one scale, and all that tells experiments apart."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from analytics.frames.columns import Columns
from analytics.frames.studies import NOT_STATED, Terms, shown, studies_frame
from extraction.schema.answers import AnswerRow, Scalar, StudyAnswers
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field

EXPERIMENT_COLUMNS: Mapping[str, str] = {
    "study_id": "int64",  # id of the study
    "row_key": "str",  # stable key of the row inside its study, for links
    "position": "int64",  # order in the form, from 0
    "status": "str",  # reconciled / verified / imported / raw: the weaker of both arms
    "value_ids": "object",  # tuple of ids of the raw values behind both arms
    "group": "str",  # the category the review groups by
    "metric": "str",  # key of the catalogue, else as typed
    "lower_is_better": "bool",  # direction of the metric
    "ceiling": "float64",  # best possible score on the common scale, NaN without a bound
    "task": "str",  # task fields as typed, joined by " / "
    "task_name": "str",  # the first of them
    "dataset": "str",  # the rest of them: which data, empty where unknown
    "model": "str",  # model fields as typed, joined by " / "
    "evaluation": "str",  # who measured it
    "read_method": "str",  # how the value was read
    "comparator": "str",  # the baseline as typed
    "comparator_class": "str",  # key of its class in the policy, empty where none fits
    "comparator_problem": "str",  # why the policy does not allow it, else empty
    "fraction": "str",  # amount of labels as typed
    "fraction_share": "float64",  # 0-1, NaN where unknown
    "fraction_count": "float64",  # labelled examples, NaN where unknown
    "amount": "str",  # all / part / not stated
    "scale": "str",  # share (0-1) or the unit of both arms
    "arm_typed": "str",  # digits and unit as extracted
    "other_typed": "str",
    "arm_value": "float64",  # the method compared, common scale, NaN where unusable
    "other_value": "float64",  # its comparator, common scale, NaN where unusable
    "value_problem": "str",  # why a value cannot be used, else empty
    "error_family": "str",  # area, none, or the cases a proportion is a share of
    "cases": "float64",  # test cases of both arms, NaN where unknown
    "positives": "float64",  # those with the condition, NaN where unknown
    "arm_low": "float64",  # reported 95 % interval, common scale, NaN where there is none
    "arm_high": "float64",
    "other_low": "float64",
    "other_high": "float64",
    "arm_spread": "str",  # spread over runs as typed: shown, never a sampling error
    "other_spread": "str",
    "proven": "float64",  # share of both arms' cells that are proven (`Cell.is_proven`), 0-1
}

GAINS_COLUMNS = (
    "study_id", "row_key", "position", "metric", "lower_is_better", "ceiling", "task", "task_name",
    "model", "evaluation", "comparator_class", "comparator_problem", "fraction", "fraction_share",
    "fraction_count", "scale", "arm_value", "other_value", "value_problem",
)  # fmt: skip


def experiments_frame(studies: Iterable[StudyAnswers], form: FormDefinition) -> pd.DataFrame:
    """Put every experiment of the compared group into one frame.

    Args:
        studies: All studies that may be shown to the asking person.
        form: The form they answer.

    Returns:
        One row per experiment, ordered as given: the columns of `EXPERIMENT_COLUMNS`, those of
        `studies_frame` and `row.<key>` str for each field of the group (vocabulary's term).
        Empty for a form without a comparison.

    Raises:
        ValueError: Never; what is wrong with a value stands in `value_problem`.

    Source:
        Own definition (DESIGN 6).
    """
    kept = list(studies)
    spec = form.comparison
    group = form.group(spec.group) if spec else None
    columns: dict[str, list[object]] = {name: [] for name in EXPERIMENT_COLUMNS}
    if spec and group:
        pairs = [(study, row) for study in kept for row in _rows(study, spec)]
        found = Columns(spec, group, pairs).all
        columns = {name: found[name] for name in EXPERIMENT_COLUMNS}
        for field in group.fields:
            columns[f"row.{field.key}"] = _words(pairs, field)
    frame = pd.DataFrame(columns).astype(dict(EXPERIMENT_COLUMNS))
    return frame.merge(studies_frame(kept, form), on="study_id", how="left", validate="m:1")


def gains_frame(studies: Iterable[StudyAnswers], form: FormDefinition) -> pd.DataFrame:
    """Put into a frame what gains and the reporting policy read, and nothing else.

    Args:
        studies: All studies.
        form: The form they answer.

    Returns:
        Of `experiments_frame` the rows and the columns of `GAINS_COLUMNS`, with `title` str of the
        study.

    Raises:
        ValueError: Never.

    Source:
        Own definition (DESIGN 6).
    """
    spec = form.comparison
    group = form.group(spec.group) if spec else None
    columns: dict[str, list[object]] = {name: [] for name in (*GAINS_COLUMNS, "title")}
    if spec and group:
        pairs = [(study, row) for study in studies for row in _rows(study, spec)]
        found = Columns(spec, group, pairs).for_gains
        columns = {name: found[name] for name in GAINS_COLUMNS}
        columns["title"] = [study.title for study, _ in pairs]
    kinds = {name: EXPERIMENT_COLUMNS[name] for name in GAINS_COLUMNS}
    return pd.DataFrame(columns).astype(kinds | {"title": "str"})


def _words(pairs: Iterable[tuple[StudyAnswers, AnswerRow]], field: Field) -> list[object]:
    """What one field says in each row; the same few answers come again and again."""
    found: list[object] = []
    known: dict[Scalar, str] = {}
    terms: Terms = {}
    key = field.key
    for _, row in pairs:
        cell = row.cells.get(key)
        words = NOT_STATED if cell is None else known.get(cell.value)
        if words is None:
            words = shown(row.cells, field, terms)
            known[row.cells[key].value] = words
        found.append(words)
    return found


def _rows(study: StudyAnswers, spec: ComparisonSpec) -> Iterator[AnswerRow]:
    return (row for row in study.rows if row.group == spec.group)
