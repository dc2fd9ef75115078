"""Table 1: one row per study, or one per experiment, in the order the form gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.tables.model import EMPTY, Column, Row, Table, Value
from extraction.schema.answers import AnswerRow, Cell, StudyAnswers
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType

DECIMALS = 6  # of computed numbers: more than any of them is worth, less than noise
TITLE = "Table 1. Characteristics and results of the included studies"
STUDY_LABELS = {"year": "Year", "first_author": "First author", "title": "Title"}
UNKNOWN_YEAR = 9999
NOT_ASKED = "does not apply"
NO_RESULT = "no comparable pair"
NO_SUBSET = "no second amount of labels"


@dataclass(frozen=True, slots=True)
class Gains:
    """Numbers computed from one experiment, or why there are none.

    Attributes:
        absolute: Difference, in percentage points for shares.
        relative: Difference over the comparator's value, in percent.
        refused: Why there is neither.
    """

    absolute: float | None = None
    relative: float | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The experiments that stand for one study.

    Attributes:
        full: Row key at the largest amount of labels, or nothing.
        subset: Row key at the smallest amount, or nothing.
        trace: How they were chosen, one sentence a step.
    """

    full: str | None = None
    subset: str | None = None
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What the gains say: by row key, and the choice by study."""

    gains: Mapping[str, Gains] = field(default_factory=dict)
    chosen: Mapping[int, Chosen] = field(default_factory=dict)


def table1(form: FormDefinition, studies: Iterable[StudyAnswers], results: Results) -> Table:
    """Build Table 1 with one row per study.

    Args:
        form: The review's form; its comparison names columns, groups and the compared values.
        studies: All answers.
        results: Gains and choices.

    Returns:
        Rows grouped in the order of the form's vocabulary, inside a group by year, author and id.
        An unknown answer stays empty.

    Raises:
        ValueError: When the form compares nothing.

    Source:
        DESIGN section 7, after Table 1 of Huang et al. 2023, npj Digital Medicine 6:74.
    """
    spec = _spec(form)
    rows = [_study_row(form, spec, study, results) for study in studies]
    return Table(TITLE, _columns(form, spec), _in_order(form, spec, rows), spec.group_by)


def long_table1(form: FormDefinition, studies: Iterable[StudyAnswers], results: Results) -> Table:
    """Build the long form with one row per experiment.

    Args:
        form: The review's form.
        studies: All answers.
        results: Gains and choices.

    Returns:
        The study's columns, the experiment's (with `experiment_` in front where the study has one
        of that name) with a unit column per number, the gains, and `reported_as` (full, subset or
        empty). A study without experiments has no row.

    Raises:
        ValueError: When the form compares nothing.

    Source:
        DESIGN section 7; own definition.
    """
    spec = _spec(form)
    fields = _experiment_fields(form, spec)
    rows = [
        _experiment_row(form, spec, study, answers, results)
        for study in studies
        for answers in sorted(study.rows, key=lambda row: row.position)
        if answers.group == spec.group
    ]
    columns = (
        *(_study_column(form, key) for key in _study_keys(spec)),
        *(
            column
            for one in fields
            for column in _field_columns(_experiment_key(one.key, spec), one)
        ),
        Column("difference", "Difference", is_number=True),
        Column("relative_difference", "Relative difference, %", is_number=True),
        Column("refused_reason", "Why there is no difference"),
        Column("reported_as", "Reported as"),
        Column("title", "Title"),
        Column("study_id", "Study", is_number=True),
        Column("experiment_id", "Experiment"),
    )
    ordered = _in_order(form, spec, rows)
    return Table(f"{TITLE}: every experiment", columns, ordered, spec.group_by)


def number_text(value: float | None) -> str:
    """A computed number for an export: at most six decimals, no trailing zeros.

    Args:
        value: A finite number, or nothing.

    Returns:
        E.g. `0.216086`; empty for nothing; never `-0`.
    """
    if value is None:
        return ""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def words_of(cell: Cell | None, question: Field | None) -> str:
    """An answer in words: a term's label, several joined by semicolons, numbers as extracted.

    Args:
        cell: The answer, or nothing.
        question: Its field; nothing when the form no longer has it.

    Returns:
        The text, empty without an answer.
    """
    if cell is None:
        return ""
    if isinstance(cell.value, bool):
        return "yes" if cell.value else "no"
    words = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    return "; ".join(_term(word, question) for word in words)


def _term(word: str, question: Field | None) -> str:
    term = question.exact_term(word) if question and question.terms else None
    return term.shown if term else word


def _spec(form: FormDefinition) -> ComparisonSpec:
    if form.comparison is None:
        raise ValueError(f"The form “{form.title}” compares nothing, so it has no Table 1.")
    return form.comparison


def _columns(form: FormDefinition, spec: ComparisonSpec) -> tuple[Column, ...]:
    arm, comparator = (form.find(one.field, spec.group) for one in (spec.arm, spec.comparator))
    return (
        *(_study_column(form, key) for key in _study_keys(spec)),
        Column("metric", "Metric"),
        Column(spec.arm.field, arm.label if arm else spec.arm.label, is_number=True),
        Column(
            spec.comparator.field,
            comparator.label if comparator else spec.comparator.label,
            is_number=True,
        ),
        Column("difference", "Difference", is_number=True),
        Column("relative_difference_full", "Relative difference, %, full data", is_number=True),
        Column("relative_difference_subset", "Relative difference, %, subset", is_number=True),
        Column("title", "Title"),
        Column("study_id", "Study", is_number=True),
    )


def _study_keys(spec: ComparisonSpec) -> tuple[str, ...]:
    own = (key for key in spec.table_columns if key not in {spec.group_by, "title"})
    return (spec.group_by, *own) if spec.group_by else tuple(own)


def _study_column(form: FormDefinition, key: str) -> Column:
    question = form.find(key)
    is_number = key == "year" or bool(question and question.type is FieldType.NUMBER)
    label = STUDY_LABELS.get(key) or (question.label if question else key)
    return Column(key, label, is_number)


def _experiment_fields(form: FormDefinition, spec: ComparisonSpec) -> Sequence[Field]:
    group = form.group(spec.group)
    return group.fields if group else ()


def _experiment_key(key: str, spec: ComparisonSpec) -> str:
    return f"experiment_{key}" if key in {*_study_keys(spec), "title", "study_id"} else key


def _field_columns(key: str, question: Field) -> tuple[Column, ...]:
    if question.type is not FieldType.NUMBER:
        return (Column(key, question.label),)
    unit = Column(f"{key}_unit", f"{question.label}, unit")
    return Column(key, question.label, is_number=True), unit


def _study_values(
    form: FormDefinition, spec: ComparisonSpec, study: StudyAnswers
) -> dict[str, Value]:
    values = {
        "year": Value(str(study.year or "")),
        "first_author": Value(study.first_author),
        "title": Value(study.title),
        "study_id": Value(str(study.study_id)),
    }
    for key in _study_keys(spec):
        cell, question = study.cells.get(key), form.find(key)
        if key not in values and cell:
            values[key] = Value(words_of(cell, question), cell)
        elif question and not _is_asked(question, study):
            values[key] = Value(note=NOT_ASKED, applies=False)
    return values


def _is_asked(question: Field, study: StudyAnswers) -> bool:
    """Whether the question's condition holds; while that is not known, it may."""
    condition = question.only_if
    if condition is None or condition.field not in study.cells:
        return True
    return condition.holds({key: cell.value for key, cell in study.cells.items()})


def _study_row(
    form: FormDefinition, spec: ComparisonSpec, study: StudyAnswers, results: Results
) -> Row:
    chosen = results.chosen.get(study.study_id, Chosen())
    rows = {row.key: row for row in study.rows}
    values = _study_values(form, spec, study)
    full = rows.get(chosen.full or "")
    reason = "" if full else NO_RESULT
    for key in ("metric", spec.arm.field, spec.comparator.field):
        name = spec.metric_field if key == "metric" else key
        values[key] = _answer(form, spec, full, name) if full else Value(note=NO_RESULT)
    gains = results.gains.get(chosen.full or "", Gains())
    subset = results.gains.get(chosen.subset or "", Gains())
    values["difference"] = Value(number_text(gains.absolute), note=reason)
    values["relative_difference_full"] = Value(number_text(gains.relative), note=reason)
    note = "" if chosen.subset else NO_SUBSET
    values["relative_difference_subset"] = Value(number_text(subset.relative), note=note)
    group = values.get(spec.group_by, EMPTY).text
    return Row(
        study_id=study.study_id,
        group=group,
        values=values,
        trace=chosen.trace,
        reason=reason,
        experiment=full.key if full else "",
        subset=chosen.subset or "",
    )


def _experiment_row(
    form: FormDefinition,
    spec: ComparisonSpec,
    study: StudyAnswers,
    answers: AnswerRow,
    results: Results,
) -> Row:
    values = _study_values(form, spec, study)
    for question in _experiment_fields(form, spec):
        key = _experiment_key(question.key, spec)
        values[key] = _answer(form, spec, answers, question.key)
        cell = answers.cells.get(question.key)
        if question.type is FieldType.NUMBER and cell:
            values[f"{key}_unit"] = Value(cell.unit)
    gains = results.gains.get(answers.key, Gains())
    chosen = results.chosen.get(study.study_id, Chosen())
    roles = {chosen.full: "full", chosen.subset: "subset"}
    values |= {
        "difference": Value(number_text(gains.absolute), note=gains.refused),
        "relative_difference": Value(number_text(gains.relative), note=gains.refused),
        "refused_reason": Value(gains.refused),
        "reported_as": Value(roles.get(answers.key, "")),
        "experiment_id": Value(answers.key),
    }
    group = values.get(spec.group_by, EMPTY).text
    return Row(
        study_id=study.study_id,
        group=group,
        values=values,
        trace=chosen.trace,
        reason=gains.refused,
        experiment=answers.key,
    )


def _answer(form: FormDefinition, spec: ComparisonSpec, row: AnswerRow, key: str) -> Value:
    cell = row.cells.get(key)
    return Value(words_of(cell, form.find(key, spec.group)), cell)


def _in_order(form: FormDefinition, spec: ComparisonSpec, rows: Sequence[Row]) -> tuple[Row, ...]:
    question = form.find(spec.group_by)
    known = [term.shown for term in question.terms] if question else []
    places = {words: i for i, words in enumerate(known)}

    def place(row: Row) -> tuple[bool, int, str, int, str, int]:
        year = int(row.text("year") or UNKNOWN_YEAR)
        author = row.text("first_author").casefold()
        rank = places.get(row.group, len(places))
        return (not row.group, rank, row.group.casefold(), year, author, row.study_id)

    return tuple(sorted(rows, key=place))
