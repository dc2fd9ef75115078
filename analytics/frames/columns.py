"""What is read from the rows of experiments, column by column."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

from analytics.frames.quantities import Score, read_amount, read_score
from analytics.frames.studies import NOT_STATED, parts_of
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, Scalar, StudyAnswers
from extraction.schema.checks import as_decimal
from extraction.schema.comparison import Arm, ComparisonSpec
from extraction.schema.fields import Group
from extraction.schema.metrics import Direction, ErrorFamily, Metric

BASELINE = ("comparator", "comparator_class", "comparator_problem")
UNREPORTED = Score(None, problem="is not reported")
WEAKNESS = (
    AnswerStatus.RECONCILED,
    AnswerStatus.VERIFIED,
    AnswerStatus.IMPORTED,
    AnswerStatus.RAW,
)
UNITS = {"fraction": "", "percent": " %"}
Pair = tuple[StudyAnswers, AnswerRow]


class Once(dict[Any, Any]):
    """What texts turn into; each is turned once."""

    def __init__(self, turn: Callable[[Any], Any]) -> None:
        """Begin with nothing turned."""
        super().__init__()
        self._turn = turn

    def __missing__(self, said: Any) -> Any:
        """Turn what did not come before."""
        self[said] = found = self._turn(said)
        return found


class Columns:
    """The experiments column by column: the same few texts come again and again, each read once."""

    def __init__(self, spec: ComparisonSpec, group: Group, pairs: Sequence[Pair]) -> None:
        """Take the rows apart."""
        self.spec, self.group, self.pairs = spec, group, pairs
        keys = spec.row_fields
        rows = [tuple(map(row.cells.get, keys)) for _, row in pairs]  # each row is visited once
        self.cells = dict(zip(keys, zip(*rows, strict=True), strict=True)) if rows else {}
        self.metric_texts = self.texts(spec.metric_field)
        self.metric: dict[str, Metric | None] = Once(spec.metric)
        self.metrics = [self.metric[text] for text in self.metric_texts]

    @cached_property
    def cells_of_arms(self) -> list[list[Cell]]:
        """The answers to both arms in each row."""
        arms = (self.spec.arm.field, self.spec.comparator.field)
        both = zip(*(self.column(key) for key in arms), strict=True)
        return [[one for one in own if one is not None] for own in both]

    @property
    def all(self) -> dict[str, list[object]]:
        """Every column by name."""
        return self.for_gains | self._groups() | self._evidence() | self._sampling()

    @property
    def for_gains(self) -> dict[str, list[object]]:
        """What gains and the reporting policy are computed from."""
        return self._places() | self._labels() | self._arms()

    def column(self, key: str) -> Sequence[Cell | None]:
        """The cells of one field; nothing where the comparison names none."""
        return self.cells.get(key) or (None,) * len(self.pairs)

    def texts(self, key: str) -> list[str]:
        """What one field says in each row; empty where it says nothing or there is none."""
        known = Once(_plain)
        return ["" if cell is None else known[cell.value] for cell in self.column(key)]

    def joined(self, keys: Sequence[str]) -> list[str]:
        """What several fields say, parted by strokes."""
        if not keys:
            return [""] * len(self.pairs)
        first, *rest = (self.texts(key) for key in keys)
        if not rest:
            return first
        return [" / ".join(filter(None, told)) for told in zip(first, *rest, strict=True)]

    def _places(self) -> dict[str, list[object]]:
        return {
            "study_id": [study.study_id for study, _ in self.pairs],
            "row_key": [row.key for _, row in self.pairs],
            "position": [row.position for _, row in self.pairs],
        }

    def _groups(self) -> dict[str, list[object]]:
        category = self.spec.group_by
        groups = {
            study.study_id: "; ".join(parts_of(cell.value)) if cell else NOT_STATED
            for study, cell in ((one, one.cells.get(category)) for one, _ in self.pairs)
        }
        return {"group": [groups[study.study_id] for study, _ in self.pairs]}

    def _labels(self) -> dict[str, list[object]]:
        spec = self.spec
        fractions, amounts = self.texts(spec.fraction_field), Once(read_amount)
        read = [amounts[text] for text in fractions]
        baselines = Once(partial(_baseline, spec))
        classes = [baselines[text] for text in self.texts(spec.comparator_field)]
        ceilings = Once(lambda text: _ceiling(self.metric[text]))
        named = zip(self.metrics, self.metric_texts, strict=True)
        columns: dict[str, list[Any]] = {
            "metric": [one.key if one else text or NOT_STATED for one, text in named],
            "lower_is_better": [
                bool(one and one.direction is Direction.LOWER) for one in self.metrics
            ],
            "ceiling": [ceilings[text] for text in self.metric_texts],
            "task": self.joined(spec.task_fields),
            "task_name": self.joined(spec.task_fields[:1]),
            "dataset": self.joined(spec.task_fields[1:]),
            "model": self.joined(spec.model_fields),
            "evaluation": [text or NOT_STATED for text in self.texts(spec.evaluation_field)],
            "read_method": [text or NOT_STATED for text in self.texts(spec.read_method_field)],
            "fraction": fractions,
            "fraction_share": [one.share for one in read],
            "fraction_count": [one.count for one in read],
            "amount": [one.kind or NOT_STATED for one in read],
        }
        return columns | {name: [one[name] for one in classes] for name in BASELINE}

    def _arms(self) -> dict[str, list[object]]:
        """Both values; without a known metric nobody knows which is better, so none counts."""
        spec = self.spec
        arm, other = (self._scores(side.field) for side in (spec.arm, spec.comparator))
        both = list(zip(arm, other, strict=True))
        known = zip(both, self.metrics, self.metric_texts, strict=True)
        values = [
            [
                float(score.number) if metric and score.number is not None else None
                for score, metric in zip(scores, self.metrics, strict=True)
            ]
            for scores in (arm, other)
        ]
        columns: dict[str, list[Any]] = {
            "scale": [a.scale or b.scale for a, b in both],
            "arm_value": values[0],
            "other_value": values[1],
            "value_problem": [
                _problem(a, b, spec) or ("" if metric else _metric_problem(text))
                for (a, b), metric, text in known
            ],
        }
        return columns

    def _evidence(self) -> dict[str, list[object]]:
        spec, cells = self.spec, self.cells_of_arms
        return {
            "status": [_weakest(own) for own in cells],
            "value_ids": [_ids_behind(own) for own in cells],
            "arm_typed": list(self._typed(spec.arm.field)),
            "other_typed": list(self._typed(spec.comparator.field)),
        }

    def _sampling(self) -> dict[str, list[object]]:
        """What a sampling error can be made of; missing parts stay NaN and are never guessed."""
        spec, counts = self.spec, Once(_count)
        families = Once(lambda text: _family(self.metric[text]))
        proven = [
            sum(one.is_proven for one in own) / len(own) if own else None
            for own in self.cells_of_arms
        ]
        columns: dict[str, list[Any]] = {
            "error_family": [families[text] for text in self.metric_texts],
            "arm_spread": self._typed(spec.arm.spread),
            "other_spread": self._typed(spec.comparator.spread),
            "proven": proven,
            "cases": [counts[text] for text in self.texts(spec.cases_field)],
            "positives": [counts[text] for text in self.texts(spec.positives_field)],
        }
        for name, side in (("arm", spec.arm), ("other", spec.comparator)):
            ends = self._intervals(side)
            columns[f"{name}_low"] = [low for low, _ in ends]
            columns[f"{name}_high"] = [high for _, high in ends]
        return columns

    def _scores(self, key: str) -> list[Score]:
        """The value of one number field in each row, on its common scale."""
        field = self.group.field(key)
        known: dict[tuple[Scalar, str, int], Score] = {}
        found = []
        for cell, metric in zip(self.column(key), self.metrics, strict=True):
            if cell is None or field is None:
                found.append(UNREPORTED)
                continue
            said = (cell.value, cell.unit, id(metric))  # two metrics may have one key
            score = known.get(said)
            if score is None:
                text = "; ".join(parts_of(cell.value))
                known[said] = score = read_score(text, cell.unit, field, metric)
            found.append(score)
        return found

    def _intervals(self, arm: Arm) -> list[tuple[float | None, float | None]]:
        """Both ends of each interval on the scale of the values, or neither."""
        if not (any(self.column(arm.low)) and any(self.column(arm.high))):
            return [(None, None)] * len(self.pairs)
        ends = zip(self._scores(arm.low), self._scores(arm.high), strict=True)
        return [
            (None, None)
            if low.number is None or high.number is None
            else (float(low.number), float(high.number))
            for low, high in ends
        ]

    def _typed(self, key: str) -> list[str]:
        """Digits and unit as extracted."""
        return ["" if cell is None else _typed(cell) for cell in self.column(key)]


def _weakest(cells: Sequence[Cell]) -> str:
    if not cells:
        return ""
    return max((one.status for one in cells), key=WEAKNESS.index).value


def _ids_behind(cells: Sequence[Cell]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for one in cells for number in one.value_ids))


def _plain(value: Scalar) -> str:
    return "; ".join(parts_of(value)).strip()


def _metric_problem(text: str) -> str:
    if not text:
        return "no metric is stated"
    return f"the metric “{text}” is unknown; the form's comparison can give its direction and range"


def _family(metric: Metric | None) -> str:
    if metric is None:
        return ErrorFamily.NONE.value
    is_share = metric.error is ErrorFamily.PROPORTION
    return metric.cases.value if is_share else metric.error.value


def _count(text: str) -> float | None:
    """A number of cases; what is no positive whole number is nothing."""
    number = as_decimal(text) if text else None
    is_count = number is not None and number > 0 and number == number.to_integral_value()
    return float(number) if number is not None and is_count else None


def _problem(arm: Score, other: Score, spec: ComparisonSpec) -> str:
    if not arm.problem and not other.problem and arm.scale == other.scale:
        return ""  # the usual case, without a detour
    named = [(spec.arm.label, arm), (spec.comparator.label, other)]
    wrong = [f"the {label} value {score.problem}" for label, score in named if score.problem]
    if wrong:
        return " and ".join(wrong)
    return f"the values have different units ({arm.scale or 'none'}, {other.scale or 'none'})"


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


def _typed(cell: Cell) -> str:
    return "; ".join(parts_of(cell.value)) + UNITS.get(cell.unit, f" {cell.unit}".rstrip())
