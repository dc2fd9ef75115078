"""Which columns Table 1 has, in which order and under which names: by the form, or as chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.tables.characteristics import characteristic_keys, first_of_rows, row_columns
from analytics.tables.model import Column
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType, Group

STUDY_LABELS = {"year": "Year", "first_author": "First author", "title": "Title"}
GROUPING = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO})
BECAUSE = "chosen_because"
SUBSET = "subset_"
CLOSING = (Column("title", "Title"), Column("study_id", "Study", is_number=True))


@dataclass(frozen=True, slots=True)
class ChosenColumn:
    """One chosen column, with the review's own name for it or none."""

    key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a review lays its Table 1 out; what is not chosen is as the form says.

    Attributes:
        columns: In their order; empty for those of the form.
        group_by: Key of a study-level category; empty for no groups; None as the form says.
        note_fields: Fields of the reported experiment whose answers stand as footnotes at its
            value; None for who evaluated and how it was read.
    """

    columns: tuple[ChosenColumn, ...] = ()
    group_by: str | None = None
    note_fields: tuple[str, ...] | None = None


PLAIN = Layout()


def default_columns(form: FormDefinition) -> tuple[Column, ...]:
    """The columns of Table 1 as the form names them.

    Args:
        form: Any form.

    Returns:
        The group, the form's own columns, the results, title and id of the study; of a form that
        compares nothing its characteristics.

    Source:
        DESIGN section 7.
    """
    spec = form.comparison
    if spec is None:
        return (
            *(study_column(form, key) for key in characteristic_keys(form)),
            *(_row_column(*row_columns(form)[key], key) for key in first_of_rows(form)),
            *CLOSING,
        )
    arm, other = (form.find(one.field, spec.group) for one in (spec.arm, spec.comparator))
    return (
        *(study_column(form, key) for key in study_keys(form)),
        Column("metric", "Metric", is_result=True),
        _score(spec.arm.field, arm.label if arm else spec.arm.label),
        _score(spec.comparator.field, other.label if other else spec.comparator.label),
        _score("difference", "Difference"),
        *_relative(spec),
        *CLOSING,
    )


def catalogue(form: FormDefinition) -> tuple[Column, ...]:
    """Every column that may be chosen.

    Args:
        form: Any form.

    Returns:
        The default columns, then the other questions of the study, those of the reported
        experiment, the values of the subset where the form asks for the share of labels, and why
        the experiment was chosen; of a form that compares nothing those of its rows. Keys are
        unique.

    Source:
        Own definition.
    """
    spec = form.comparison
    columns = list(default_columns(form))
    taken = {one.key for one in columns}
    own = ("year", "first_author", *(field.key for field in form.study_fields))
    columns += [study_column(form, key) for key in own if key not in taken]
    if spec is None:
        columns += [_row_column(*place, key) for key, place in row_columns(form).items()]
    else:
        columns += _of_experiments(form, spec)
    return tuple({one.key: one for one in reversed(columns)}[one.key] for one in columns)


def _of_experiments(form: FormDefinition, spec: ComparisonSpec) -> Iterator[Column]:
    """What can be told of the reported experiment beside the compared values."""
    shown = {spec.metric_field, spec.arm.field, spec.comparator.field}
    for one in experiment_fields(form):
        if one.key not in shown:
            is_number = one.type is FieldType.NUMBER
            key, label = experiment_key(one.key, form), f"{one.label} (experiment)"
            yield Column(key, label, is_number, is_result=True)
    if spec.fraction_field:
        for side in (spec.arm, spec.comparator):
            yield _score(f"{SUBSET}{side.field}", f"{side.label} (subset)")
        field = form.find(spec.fraction_field, spec.group)
        label = field.label if field else spec.fraction_field
        key = f"{SUBSET}{spec.fraction_field}"
        yield Column(key, f"{label} (subset)", is_result=True)
        yield _score(f"{SUBSET}difference", "Difference (subset)")
    yield Column(BECAUSE, "Why this experiment", is_result=True)


def arranged(form: FormDefinition, layout: Layout) -> tuple[Column, ...]:
    """The columns of a layout.

    Args:
        form: Any form.
        layout: As chosen; keys that the form does not know any more are left out.

    Returns:
        The columns in their order with the review's names; those of the form where none is chosen.

    Source:
        Own definition.
    """
    known = {one.key: one for one in catalogue(form)}
    chosen = [one for one in layout.columns if one.key in known]
    if not chosen:
        return default_columns(form)
    return tuple(_named(known[one.key], one.label) for one in chosen)


def group_field(form: FormDefinition, layout: Layout) -> str:
    """Key of the field that groups the rows.

    Args:
        form: Any form.
        layout: As chosen.

    Returns:
        A study-level field of the form; empty for a table without groups.
    """
    if layout.group_by is None or (layout.group_by and form.find(layout.group_by) is None):
        return form.comparison.group_by if form.comparison else ""
    return layout.group_by


def groupings(form: FormDefinition) -> tuple[Field, ...]:
    """Study-level fields that can group the rows.

    Args:
        form: Any form.

    Returns:
        Those with a vocabulary, and yes/no questions.
    """
    return tuple(one for one in form.study_fields if one.type in GROUPING)


def study_keys(form: FormDefinition) -> tuple[str, ...]:
    """Columns of the study before the results.

    Args:
        form: Any form.

    Returns:
        Keys without the title, which comes last: the group, then the order of the comparison; the
        characteristics where nothing is compared.
    """
    spec = form.comparison
    if spec is None:
        return characteristic_keys(form)
    own = (key for key in spec.table_columns if key not in {spec.group_by, "title"})
    return (spec.group_by, *own) if spec.group_by else tuple(own)


def study_column(form: FormDefinition, key: str) -> Column:
    """The column of a study-level answer.

    Args:
        form: The form.
        key: Key of the field, or year, first_author or title.

    Returns:
        The column.
    """
    question = form.find(key)
    is_number = key == "year" or bool(question and question.type is FieldType.NUMBER)
    label = STUDY_LABELS.get(key) or (question.label if question else key)
    return Column(key, label, is_number)


def experiment_fields(form: FormDefinition) -> Sequence[Field]:
    """The questions about one experiment.

    Args:
        form: Any form.

    Returns:
        The fields of the compared group; none where nothing is compared.
    """
    group = form.group(form.comparison.group) if form.comparison else None
    return group.fields if group else ()


def experiment_key(key: str, form: FormDefinition) -> str:
    """Name of a column of the experiment beside the study's columns.

    Args:
        key: Key of the field.
        form: The form.

    Returns:
        The key, with `experiment_` in front where the study has a column of that name.
    """
    own = {*(field.key for field in form.study_fields), *STUDY_LABELS, "study_id"}
    return f"experiment_{key}" if key in own else key


def _relative(spec: ComparisonSpec) -> tuple[Column, ...]:
    """Full data and subset are told apart only where the form asks for the share of labels."""
    key = "relative_difference_full"
    if not spec.fraction_field:
        return (_score(key, "Relative difference, %"),)
    full = _score(key, "Relative difference, %, full data")
    return full, _score("relative_difference_subset", "Relative difference, %, subset")


def _row_column(group: Group, field: Field, key: str) -> Column:
    return Column(key, f"{field.label} ({group.label.lower()})")


def _score(key: str, label: str) -> Column:
    return Column(key, label, is_number=True, is_result=True)


def _named(column: Column, label: str) -> Column:
    if not label or label == column.label:
        return column
    return Column(column.key, label, column.is_number, column.is_result, is_renamed=True)
