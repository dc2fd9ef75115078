"""What a form's results mean: which fields are compared, and which experiment is reported."""

from dataclasses import dataclass, field
from enum import StrEnum


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
    """One side of the comparison: the field with its value and the words for it."""

    field: str
    label: str


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

    @property
    def row_fields(self) -> tuple[str, ...]:
        """Every field of the repeating group that the comparison names, without blanks."""
        named = (
            self.arm.field,
            self.comparator.field,
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
