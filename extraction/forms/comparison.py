"""What the form builder sends of the comparison: arms, fields that tell results apart, metrics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.http import QueryDict

from extraction.forms.rows import Row, number, words
from extraction.schema.checks import as_decimal
from extraction.schema.comparison import (
    Arm,
    ComparisonSpec,
    Dependence,
    EffectMeasure,
    ReportingPolicy,
    SynthesisPolicy,
)
from extraction.schema.comparison_editing import ONE_OF_ROWS
from extraction.schema.definition import STUDY_COLUMNS, FormSketch
from extraction.schema.fields import Field, FieldType, Group
from extraction.schema.metrics import Cases, Direction, ErrorFamily, Metric

NONE = ("", "–")
NAMING = (FieldType.TEXT, FieldType.CHOICE)
ERRORS = {
    "": (ErrorFamily.NONE, Cases.ALL),
    "area": (ErrorFamily.AREA, Cases.ALL),
    **{one.value: (ErrorFamily.PROPORTION, one) for one in Cases},
}
ERROR_WORDS = [
    ("", "nothing that gives a standard error"),
    ("area", "area under a ROC curve"),
    (Cases.ALL.value, "share of all test cases"),
    (Cases.POSITIVES.value, "share of the positive cases"),
    (Cases.NEGATIVES.value, "share of the negative cases"),
    (Cases.PREDICTED.value, "share of those predicted positive"),
]
EFFECTS = [
    (EffectMeasure.LOG_RATIO.value, "The log of the ratio of both values"),
    (EffectMeasure.DIFFERENCE.value, "The difference of both values"),
]
DEPENDENCES = [
    (Dependence.ONE_PER_STUDY.value, "The reported experiment of each study"),
    (Dependence.THREE_LEVEL.value, "All experiments, in three levels"),
]
REARRANGING = ("arm_more", "metric_more")


@dataclass(frozen=True, slots=True)
class ArmRow(Row):
    """One side as typed."""

    label: str = ""
    field: str = ""
    low: str = ""
    high: str = ""
    spread: str = ""

    def arm(self, name: str) -> Arm:
        """The side.

        Raises:
            ValueError: It has no name or no field with its value.
        """
        if not self.label.strip() or not self.field:
            raise ValueError(f"{name}: give it a name and choose the field with its value.")
        return Arm(self.field, self.label.strip(), self.low, self.high, self.spread)


@dataclass(frozen=True, slots=True)
class MetricRow(Row):
    """One metric of the form's own as typed."""

    key: str = ""
    aliases: str = ""
    direction: str = ""
    low: str = ""
    high: str = ""
    ask_below: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed; the two lists always have something chosen."""
        return not any((self.key, self.aliases, self.low, self.high, self.ask_below))

    @classmethod
    def of(cls, metric: Metric) -> Self:
        """A stored metric."""
        is_share = metric.error is ErrorFamily.PROPORTION
        return cls(
            key=metric.key,
            aliases="; ".join(filter(None, (metric.label, *metric.aliases))),
            direction=metric.direction.value,
            low=_text(metric.low),
            high=_text(metric.high),
            ask_below=_text(metric.ask_below),
            error=metric.cases.value if is_share else ERRORS_OF.get(metric.error, ""),
        )

    def metric(self, known: Iterable[Metric]) -> Metric:
        """The metric; its long name stays.

        Raises:
            ValueError: It has no name, or a bound is no number.
        """
        key = self.key.strip()
        if not key:
            raise ValueError("A metric below has no name.")
        before = next((one for one in known if one.key == key), None)
        family, cases = ERRORS.get(self.error, ERRORS[""])
        label = before.label if before else ""
        return Metric(
            key=key,
            label=label,
            direction=Direction(self.direction or Direction.HIGHER.value),
            low=number(f"Smallest of “{key}”", self.low),
            high=number(f"Largest of “{key}”", self.high),
            error=family,
            ask_below=number(f"Ask below of “{key}”", self.ask_below),
            aliases=tuple(one for one in words(self.aliases) if one != label),
            cases=cases,
        )


ERRORS_OF = {ErrorFamily.AREA: "area"}


class ComparisonForm(forms.Form):
    """What is compared with what, over the fields of one part with rows."""

    metric_field = forms.ChoiceField(label="Metric")
    task_field = forms.ChoiceField(label="Task", required=False)
    data_fields = forms.MultipleChoiceField(label="On which data", required=False)
    model_fields = forms.MultipleChoiceField(label="Which model or method", required=False)
    match_fields = forms.MultipleChoiceField(
        label="Only compared when they agree in", required=False
    )
    fraction_field = forms.ChoiceField(label="Share of labels, or another dose", required=False)
    comparator_field = forms.ChoiceField(label="What the comparator was", required=False)
    evaluation_field = forms.ChoiceField(label="Who measured it", required=False)
    read_method_field = forms.ChoiceField(label="How the value was read", required=False)
    cases_field = forms.ChoiceField(label="Number of test cases", required=False)
    positives_field = forms.ChoiceField(label="Number with the condition", required=False)
    metric_priority = forms.CharField(
        label="Metrics, first choice first",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )
    group_by = forms.ChoiceField(label="Groups Table 1 and colours the figures", required=False)
    categories = forms.MultipleChoiceField(label="Studies are counted by", required=False)
    table_columns = forms.MultipleChoiceField(label="Columns of Table 1", required=False)
    effect = forms.ChoiceField(label="What is pooled", choices=EFFECTS)
    dependence = forms.ChoiceField(label="Where a study has several", choices=DEPENDENCES)
    correlation = forms.CharField(label="Correlation of both values’ errors", max_length=10)

    def __init__(self, data: QueryDict | None, sketch: FormSketch, group: Group) -> None:
        """Show the stored comparison, or what was sent.

        Args:
            data: A request's data, None to show what is stored.
            sketch: The draft.
            group: The part whose rows are compared.
        """
        spec = sketch.comparison
        known = spec if spec and spec.group == group.key else None
        super().__init__(data, initial=_initial(spec, known))
        self.sketch, self.group, self.known = sketch, group, known
        self.arms = _arm_rows(known) if data is None else ArmRow.sent(data, "arm")
        self.metrics = _metric_rows(spec) if data is None else MetricRow.sent(data, "metric")
        self._offer()

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """Number fields of the part, for the sides."""
        return [(f.key, f.label) for f in self.group.fields if f.type is FieldType.NUMBER]

    def rearrange(self, data: QueryDict) -> None:
        """Add a row; nothing is stored."""
        if "arm_more" in data:
            self.arms = [*self.arms, ArmRow()]
        if "metric_more" in data:
            self.metrics = [*self.metrics, MetricRow()]

    def clean_correlation(self) -> Decimal:
        """A number; its range is the draft's own check."""
        found = as_decimal(self.cleaned_data["correlation"])
        if found is None:
            raise forms.ValidationError("Give a number from 0 to below 1.")
        return found

    def clean(self) -> dict[str, Any]:
        """Read the rows, and say what is wrong in which."""
        data = super().clean() or {}
        names = ("The new method", "The comparator")
        sides: list[Arm] = []
        for place, row in enumerate(self.arms):
            if place < len(names) or not row.is_empty:
                name = names[place] if place < len(names) else f"Side {place + 1}"
                self._read(lambda row=row, name=name: sides.append(row.arm(name)))
        if len({one.field for one in sides}) < len(sides):
            self.add_error(None, "Two sides have the same field, so their gain is always 0.")
        stored = self.sketch.comparison.metrics if self.sketch.comparison else ()
        metrics: list[Metric] = []
        for line in self.metrics:
            if not line.is_empty:
                self._read(lambda line=line: metrics.append(line.metric(stored)))
        return data | {"sides": sides, "metrics": metrics}

    def spec(self) -> ComparisonSpec:
        """The comparison as typed; rules of the policy that are not asked here stay."""
        data, before = self.cleaned_data, self.known
        stored = self.sketch.comparison
        policy = stored.policy if stored else ReportingPolicy()
        arm, comparator, *others = data["sides"]
        one = (*ONE_OF_ROWS, "group_by")
        task = (data["task_field"],) if data["task_field"] else ()
        tasks = before.task_fields if before else ()
        lists = {
            name: _in_order(data[name], getattr(before, name) if before else ())
            for name in ("model_fields", "match_fields", "categories", "table_columns")
        }
        return ComparisonSpec(
            group=self.group.key,
            arm=arm,
            comparator=comparator,
            other_arms=tuple(others),
            **{name: data[name] for name in one},
            model_fields=lists["model_fields"],
            match_fields=lists["match_fields"],
            categories=lists["categories"],
            table_columns=lists["table_columns"],
            task_fields=(
                *task,
                *(k for k in _in_order(data["data_fields"], tasks) if k not in task),
            ),
            policy=replace(policy, metric_priority=_lines(data["metric_priority"])),
            metrics=tuple(data["metrics"]),
            synthesis=SynthesisPolicy(
                EffectMeasure(data["effect"]), Dependence(data["dependence"]), data["correlation"]
            ),
        )

    def _read(self, read: Any) -> None:
        try:
            read()
        except ValueError as error:
            self.add_error(None, str(error))

    def _tells_apart(self, field: Field) -> bool:
        """Whether results can be told apart by a field: no measured number, no long note."""
        known = self.known
        named = (*known.task_fields, *known.model_fields, *known.match_fields) if known else ()
        return field.key in named or not (field.type is FieldType.NUMBER or field.long)

    def _offer(self) -> None:
        """Offer each control the fields it can name."""
        rows = [(one.key, one.label) for one in self.group.fields]
        naming = [(f.key, f.label) for f in self.group.fields if f.type in NAMING]
        telling = [(f.key, f.label) for f in self.group.fields if self._tells_apart(f)]
        study = [(one.key, one.label) for one in self.sketch.study_fields]
        own = {"year": "Year", "first_author": "First author", "title": "Title"}
        columns = [*((key, own[key]) for key in STUDY_COLUMNS), *study]
        offered = {
            "metric_field": [NONE, *naming],
            **{name: [NONE, *self.numbers] for name in ("cases_field", "positives_field")},
            **dict.fromkeys(("data_fields", "model_fields", "match_fields"), telling),
            "group_by": [NONE, *study],
            "categories": study,
            "table_columns": columns,
        }
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and not field.choices:
                field.choices = offered.get(name, [NONE, *rows])
            if isinstance(field, forms.MultipleChoiceField):
                field.widget = forms.CheckboxSelectMultiple(choices=list(offered[name]))
            else:
                field.widget.attrs.setdefault("class", "input")


def _initial(spec: ComparisonSpec | None, known: ComparisonSpec | None) -> dict[str, Any]:
    synthesis = spec.synthesis if spec else SynthesisPolicy()
    initial: dict[str, Any] = {
        "effect": synthesis.effect.value,
        "dependence": synthesis.dependence.value,
        "correlation": format(synthesis.correlation, "f"),
        "metric_priority": "\n".join(spec.policy.metric_priority) if spec else "",
    }
    if spec:
        of_study = ("group_by", "categories", "table_columns")
        initial |= {name: getattr(spec, name) for name in of_study}
    if known:
        names = (*(name for name in ComparisonForm.base_fields if hasattr(known, name)),)
        initial |= {name: getattr(known, name) for name in names}
        initial["task_field"] = known.task_fields[0] if known.task_fields else ""
        initial["data_fields"] = known.task_fields[1:]
    return initial


def _arm_rows(known: ComparisonSpec | None) -> list[ArmRow]:
    if known is None:
        return [ArmRow(), ArmRow()]
    arms = (known.arm, known.comparator, *known.other_arms)
    return [ArmRow(one.label, one.field, one.low, one.high, one.spread) for one in arms]


def _metric_rows(spec: ComparisonSpec | None) -> list[MetricRow]:
    return [MetricRow.of(one) for one in spec.metrics] if spec else []


def _in_order(chosen: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """What is chosen, in the order it stood in before, the new ones behind."""
    kept = [key for key in before if key in chosen]
    return (*kept, *(key for key in chosen if key not in kept))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
