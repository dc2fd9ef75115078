"""One row per experiment: both arms on one scale, and all that tells experiments apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

import pandas as pd

from analytics.frames.quantities import Amount, Score, read_amount, read_score
from analytics.frames.studies import NOT_STATED, Terms, parts_of, shown, studies_frame
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, Scalar, StudyAnswers
from extraction.schema.checks import as_decimal
from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, Group
from extraction.schema.metrics import Direction, ErrorFamily, Metric

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

_WEAKNESS = (
    AnswerStatus.RECONCILED,
    AnswerStatus.VERIFIED,
    AnswerStatus.IMPORTED,
    AnswerStatus.RAW,
)
_UNITS = {"fraction": "", "percent": " %"}


def experiments_frame(
    studies: Iterable[StudyAnswers], form: FormDefinition, *, has_answers: bool = True
) -> pd.DataFrame:
    """Put every experiment of the compared group into one frame.

    Args:
        studies: All studies that may be shown to the asking person.
        form: The form they answer.
        has_answers: With the columns of the rows' answers; gains and the reporting policy need
            none of them.

    Returns:
        One row per experiment, ordered as given: the columns of `EXPERIMENT_COLUMNS`, those of
        `studies_frame` and, if asked for, `row.<key>` str for each field of the group
        (vocabulary's term). Empty for a form without a comparison.

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
        texts = _texts_of(spec)
        facts = [_experiment(study, row, spec, group, texts) for study, row in pairs]
        columns = {name: [one[name] for one in facts] for name in EXPERIMENT_COLUMNS}
        for field in group.fields if has_answers else ():
            columns[f"row.{field.key}"] = _words(pairs, field)
    frame = pd.DataFrame(columns).astype(dict(EXPERIMENT_COLUMNS))
    return frame.merge(studies_frame(kept, form), on="study_id", how="left", validate="m:1")


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


@dataclass(frozen=True, slots=True)
class _Texts:
    """What texts say that come again and again, each read once."""

    metric: Callable[[str], Metric | None]
    amount: Callable[[str], Amount]
    count: Callable[[str], float | None]
    baseline: Callable[[str], dict[str, object]]


def _texts_of(spec: ComparisonSpec) -> _Texts:
    return _Texts(
        cache(spec.metric), cache(read_amount), cache(_count), cache(partial(_baseline, spec))
    )


def _experiment(
    study: StudyAnswers, row: AnswerRow, spec: ComparisonSpec, group: Group, texts: _Texts
) -> dict[str, object]:
    metric_text = _text(row, spec.metric_field)
    metric = texts.metric(metric_text)
    amount = texts.amount(_text(row, spec.fraction_field))
    group_cell = study.cells.get(spec.group_by)
    return (
        {
            "study_id": study.study_id,
            "row_key": row.key,
            "position": row.position,
            "group": "; ".join(parts_of(group_cell.value)) if group_cell else NOT_STATED,
            "metric": metric.key if metric else metric_text or NOT_STATED,
            "lower_is_better": bool(metric and metric.direction is Direction.LOWER),
            "ceiling": _ceiling(metric),
            "task": _joined(row, spec.task_fields),
            "task_name": _joined(row, spec.task_fields[:1]),
            "dataset": _joined(row, spec.task_fields[1:]),
            "model": _joined(row, spec.model_fields),
            "evaluation": _text(row, spec.evaluation_field) or NOT_STATED,
            "read_method": _text(row, spec.read_method_field) or NOT_STATED,
            "fraction": _text(row, spec.fraction_field),
            "fraction_share": amount.share,
            "fraction_count": amount.count,
            "amount": amount.kind or NOT_STATED,
        }
        | _arms(row, spec, group, (metric, metric_text))
        | _sampling(row, spec, group, metric)
        | {
            "cases": texts.count(_text(row, spec.cases_field)),
            "positives": texts.count(_text(row, spec.positives_field)),
        }
        | texts.baseline(_text(row, spec.comparator_field))
    )


def _arms(
    row: AnswerRow, spec: ComparisonSpec, group: Group, measured: tuple[Metric | None, str]
) -> dict[str, object]:
    """Both values; without a known metric nobody knows which of two is better, so none counts."""
    metric, metric_text = measured
    arm, other = (
        _score(row.cells.get(side.field), group.field(side.field), metric)
        for side in (spec.arm, spec.comparator)
    )
    cells = [row.cells[s.field] for s in (spec.arm, spec.comparator) if s.field in row.cells]
    return {
        "status": max((cell.status for cell in cells), key=_WEAKNESS.index, default="").strip(),
        "value_ids": tuple(dict.fromkeys(i for cell in cells for i in cell.value_ids)),
        "scale": arm.scale or other.scale,
        "arm_typed": _typed(row.cells.get(spec.arm.field)),
        "other_typed": _typed(row.cells.get(spec.comparator.field)),
        "arm_value": float(arm.number) if metric and arm.number is not None else None,
        "other_value": float(other.number) if metric and other.number is not None else None,
        "value_problem": _problem(arm, other, spec) or _metric_problem(metric, metric_text),
    }


def _metric_problem(metric: Metric | None, text: str) -> str:
    if metric:
        return ""
    if not text:
        return "no metric is stated"
    return f"the metric “{text}” is unknown; the form's comparison can give its direction and range"


def _sampling(
    row: AnswerRow, spec: ComparisonSpec, group: Group, metric: Metric | None
) -> dict[str, object]:
    """What a sampling error can be made of; missing parts stay NaN and are never guessed."""
    arm_low, arm_high = _interval(row, spec.arm, group, metric)
    other_low, other_high = _interval(row, spec.comparator, group, metric)
    cells = [row.cells[one.field] for one in (spec.arm, spec.comparator) if one.field in row.cells]
    proven = sum(one.is_proven for one in cells)
    return {
        "error_family": _family(metric),
        "arm_low": arm_low,
        "arm_high": arm_high,
        "other_low": other_low,
        "other_high": other_high,
        "arm_spread": _typed(row.cells.get(spec.arm.spread)),
        "other_spread": _typed(row.cells.get(spec.comparator.spread)),
        "proven": proven / len(cells) if cells else None,
    }


def _family(metric: Metric | None) -> str:
    if metric is None:
        return ErrorFamily.NONE.value
    is_share = metric.error is ErrorFamily.PROPORTION
    return metric.cases.value if is_share else metric.error.value


def _interval(
    row: AnswerRow, arm: Arm, group: Group, metric: Metric | None
) -> tuple[float | None, float | None]:
    """Both ends on the scale of the values, or neither."""
    if not (arm.low in row.cells and arm.high in row.cells):
        return None, None
    low, high = (
        _score(row.cells[name], group.field(name), metric).number for name in (arm.low, arm.high)
    )
    return (None, None) if low is None or high is None else (float(low), float(high))


def _count(text: str) -> float | None:
    """A number of cases; what is no positive whole number is nothing."""
    number = as_decimal(text) if text else None
    is_count = number is not None and number > 0 and number == number.to_integral_value()
    return float(number) if number is not None and is_count else None


def _score(cell: Cell | None, field: Field | None, metric: Metric | None) -> Score:
    if cell is None or field is None:
        return Score(None, problem="is not reported")
    return read_score("; ".join(parts_of(cell.value)), cell.unit, field, metric)


def _problem(arm: Score, other: Score, spec: ComparisonSpec) -> str:
    named = [(spec.arm.label, arm), (spec.comparator.label, other)]
    wrong = [f"the {label} value {score.problem}" for label, score in named if score.problem]
    if wrong:
        return " and ".join(wrong)
    if arm.scale != other.scale:
        return f"the values have different units ({arm.scale or 'none'}, {other.scale or 'none'})"
    return ""


def _baseline(spec: ComparisonSpec, text: str) -> dict[str, object]:
    policy = spec.policy
    kind = policy.comparator_of(text) if text else None
    first = policy.comparator_preference[0] if policy.comparator_preference else ""
    problem = ""
    if kind and not kind.usable:
        problem = f"the comparator is {kind.label} ({text})"
    elif not policy.allow_other_architecture and (kind.key if kind else "") != first:
        problem = f"the comparator is not known to have the same architecture ({text or '-'})"
    return {
        "comparator": text,
        "comparator_class": kind.key if kind else "",
        "comparator_problem": problem,
    }


def _ceiling(metric: Metric | None) -> float | None:
    if metric is None:
        return None
    bound = metric.low if metric.direction is Direction.LOWER else metric.high
    return float(bound) if bound is not None else None


def _text(row: AnswerRow, key: str) -> str:
    cell = row.cells.get(key)
    if cell is None:
        return ""
    if cell.value.__class__ is str:  # the usual case, without a detour
        return str(cell.value).strip()
    return "; ".join(parts_of(cell.value)).strip()


def _joined(row: AnswerRow, keys: Iterable[str]) -> str:
    return " / ".join(text for text in (_text(row, key) for key in keys) if text)


def _typed(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return "; ".join(parts_of(cell.value)) + _UNITS.get(cell.unit, f" {cell.unit}".rstrip())
