"""What a form's results mean: which fields are compared, and which experiment is reported."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from extraction.schema.metrics import Metric, metric_of


class ModelChoice(StrEnum):
    """How one model is chosen when a study reports several."""

    BEST_AVERAGE = "best_average"
    HIGHEST = "highest"


class TaskChoice(StrEnum):
    """How one task is chosen when a study reports several."""

    TITLE_THEN_HIGHEST = "title_then_highest"
    HIGHEST = "highest"


class FractionChoice(StrEnum):
    """Which label fractions are reported."""

    LOWEST_AND_HIGHEST = "lowest_and_highest"
    HIGHEST = "highest"


class Dependence(StrEnum):
    """What is done where one study has several effects."""

    ONE_PER_STUDY = "one_per_study"
    THREE_LEVEL = "three_level"


class EffectMeasure(StrEnum):
    """What is pooled: the log ratio of both values, or their difference."""

    LOG_RATIO = "log_ratio"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class SynthesisPolicy:
    """How effects with a sampling error are pooled.

    Attributes:
        effect: What is pooled.
        dependence: The reported effect of each study, or all of them in three levels.
        correlation: Of the sampling errors of both values, 0 up to but not including 1: both are
            measured on the same cases, so 0 is conservative.
    """

    effect: EffectMeasure = EffectMeasure.LOG_RATIO
    dependence: Dependence = Dependence.ONE_PER_STUDY
    correlation: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ComparatorClass:
    """A class of comparators, recognised by words in the comparator field.

    Attributes:
        key: Stable name.
        label: Shown when the class explains a choice.
        words: Case-insensitive pieces of text; the first class of the list with one of its
            words in the comparator's description is the class.
        usable: False for comparators that are no purely supervised baseline.
    """

    key: str
    label: str
    words: tuple[str, ...]
    usable: bool = True

    def matches(self, text: str) -> bool:
        """Tell whether a comparator's description belongs to this class.

        Args:
            text: The comparator as extracted.

        Returns:
            True when any of the words occurs in it, whatever the case.

        Source:
            Own definition.
        """
        folded = text.casefold()
        return any(word.casefold() in folded for word in self.words)


@dataclass(frozen=True, slots=True)
class ReportingPolicy:
    """Which experiment of a study goes into Table 1 and the figures.

    Attributes:
        source: Where the rules are written.
        metric_priority: Metrics from the first choice on (keys of the metric catalogue).
        model_choice: Which model, when there are several.
        task_choice: Which task, when there are several.
        comparators: Classes in the order of recognition.
        comparator_preference: Keys of `comparators` from the first choice on.
        fraction_choice: Which label fractions.
        evaluation_preference: Values of the evaluation field from the first choice on.
        allow_other_architecture: Whether a comparator of another architecture may be used.
    """

    source: str = ""
    metric_priority: tuple[str, ...] = ()
    model_choice: ModelChoice = ModelChoice.BEST_AVERAGE
    task_choice: TaskChoice = TaskChoice.TITLE_THEN_HIGHEST
    comparators: tuple[ComparatorClass, ...] = ()
    comparator_preference: tuple[str, ...] = ()
    fraction_choice: FractionChoice = FractionChoice.LOWEST_AND_HIGHEST
    evaluation_preference: tuple[str, ...] = ()
    allow_other_architecture: bool = True

    def comparator_of(self, text: str) -> ComparatorClass | None:
        """Classify a comparator.

        Args:
            text: The comparator as extracted.

        Returns:
            The first class of `comparators` that matches, or None.

        Source:
            Own definition.
        """
        return next((one for one in self.comparators if one.matches(text)), None)


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison: the field with its value and the words for it.

    Attributes:
        field: Number field with the value.
        label: The words for it.
        low: Number field with the lower end of the value's 95 % interval.
        high: Number field with the upper end.
        spread: Number field with the spread over seeds or folds; never a sampling error.
    """

    field: str
    label: str
    low: str = ""
    high: str = ""
    spread: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field the arm names, its value first."""
        named = (self.field, self.low, self.high, self.spread)
        return tuple(name for name in named if name)


@dataclass(frozen=True, slots=True)
class ComparisonSpec:
    """Names the fields of a form from which gains are computed.

    Attributes:
        group: Repeating group with one row per experiment.
        arm: The new method's value.
        comparator: The baseline's value.
        metric_field: Field that names the metric.
        fraction_field: Field with the share of labels (or any dose of the experiment).
        comparator_field: Field that describes the baseline.
        task_fields: Fields that say which task on which data.
        model_fields: Fields that say which model of the arm.
        match_fields: Fields in which arm and comparator of one row agree by construction, and
            in which rows of different models must agree to be compared with each other.
        evaluation_field: Field that tells original authors from re-evaluations.
        read_method_field: Field that tells how the value was read.
        group_by: Study-level category that groups Table 1 and colours the figures.
        categories: Study-level categories by which studies can be counted and facetted.
        table_columns: Columns of Table 1 before the results; `year` and `first_author` are the
            study's own, the others study-level fields.
        policy: Which experiment is reported.
        other_arms: Further arms that may be compared instead.
        cases_field: Field with the number of cases both values were measured on.
        positives_field: Field with the number of those that have the condition.
        metrics: The form's own metrics; they come before the catalogue's.
        synthesis: How effects are pooled.
    """

    group: str
    arm: Arm
    comparator: Arm
    metric_field: str
    fraction_field: str = ""
    comparator_field: str = ""
    task_fields: tuple[str, ...] = ()
    model_fields: tuple[str, ...] = ()
    match_fields: tuple[str, ...] = ()
    evaluation_field: str = ""
    read_method_field: str = ""
    group_by: str = ""
    categories: tuple[str, ...] = ()
    table_columns: tuple[str, ...] = ()
    policy: ReportingPolicy = field(default_factory=ReportingPolicy)
    other_arms: tuple[Arm, ...] = ()
    cases_field: str = ""
    positives_field: str = ""
    metrics: tuple[Metric, ...] = ()
    synthesis: SynthesisPolicy = field(default_factory=SynthesisPolicy)

    def metric(self, name: str) -> Metric | None:
        """Find a metric by the name it is printed under.

        Args:
            name: Key, label or alias, whatever the case and the blanks around it.

        Returns:
            The form's own metric of that name, else the catalogue's, else None.

        Source:
            Own definition.
        """
        folded = " ".join(name.casefold().split())
        own = (one for one in self.metrics if folded in one.names)
        return next(own, None) or metric_of(name)

    @property
    def doubted_together(self) -> tuple[tuple[str, ...], ...]:
        """Fields of a row whose numbers are held against each other."""
        arms = (self.arm, self.comparator, *self.other_arms)
        ends = tuple((arm.field, arm.low, arm.high) for arm in arms)
        return (*ends, (self.cases_field, self.positives_field))

    @property
    def row_fields(self) -> tuple[str, ...]:
        """Every field of the repeating group that the comparison names, without blanks."""
        arms = (self.arm, self.comparator, *self.other_arms)
        named = (
            *(name for arm in arms for name in arm.fields),
            self.cases_field,
            self.positives_field,
            self.metric_field,
            self.fraction_field,
            self.comparator_field,
            self.evaluation_field,
            self.read_method_field,
            *self.task_fields,
            *self.model_fields,
            *self.match_fields,
        )
        return tuple(dict.fromkeys(name for name in named if name))
