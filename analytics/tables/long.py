"""The long form of Table 1: one row per experiment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from analytics.tables.layout import (
    comparison_of,
    experiment_fields,
    experiment_key,
    study_column,
    study_keys,
)
from analytics.tables.model import EMPTY, Column, Row, Table, Value
from analytics.tables.table1 import TITLE, Chosen, Gains, Results, in_order, study_values
from analytics.tables.words import Words, number_text, words_of_value
from extraction.schema.answers import AnswerRow, Scalar, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType

new_tuple = tuple.__new__


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
    spec = comparison_of(form)
    fields = {experiment_key(one.key, form): one for one in experiment_fields(form, spec)}
    builder, words = _Builder(spec.group_by, fields, results), Words()
    rows = []
    for study in studies:
        values = study_values(form, study, study_keys(spec), words)
        mine = (row for row in study.rows if row.group == spec.group)
        rows += [
            builder.row(study, values, row) for row in sorted(mine, key=lambda one: one.position)
        ]
    columns = (
        *(study_column(form, key) for key in study_keys(spec)),
        *(column for key, one in fields.items() for column in _field_columns(key, one)),
        Column("difference", "Difference", is_number=True),
        Column("relative_difference", "Relative difference, %", is_number=True),
        Column("refused_reason", "Why there is no difference"),
        Column("reported_as", "Reported as"),
        Column("title", "Title"),
        Column("study_id", "Study", is_number=True),
        Column("experiment_id", "Experiment"),
    )
    ordered = in_order(form, spec.group_by, rows)
    return Table(f"{TITLE}: every experiment", columns, ordered, spec.group_by)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One column of the experiment: where its answers stand and what they turn into."""

    column: str
    key: str
    unit: str
    words: Callable[[Scalar], str]


class _Builder:
    """Makes rows; values are made as the tuples they are, since a long table has half a million."""

    def __init__(self, group_by: str, fields: Mapping[str, Field], results: Results) -> None:
        """Prepare a reader for each column."""
        self.group_by, self.results = group_by, results
        self.readers = [
            _Reader(
                column=key,
                key=one.key,
                unit=f"{key}_unit" if one.type is FieldType.NUMBER else "",
                words=cache(partial(words_of_value, question=one)),
            )
            for key, one in fields.items()
        ]

    def row(self, study: StudyAnswers, own: Mapping[str, Value], answers: AnswerRow) -> Row:
        values = dict(own)
        cells = answers.cells
        for one in self.readers:
            cell = cells.get(one.key)
            if cell is None:
                continue
            values[one.column] = new_tuple(Value, (one.words(cell.value), cell, "", True))
            if one.unit:
                values[one.unit] = new_tuple(Value, (cell.unit, None, "", True))
        gains = self.results.gains.get(answers.key, Gains())
        chosen = self.results.chosen.get(study.study_id, Chosen())
        roles = {chosen.full: "full", chosen.subset: "subset"}
        values["difference"] = Value(number_text(gains.absolute), note=gains.refused)
        values["relative_difference"] = Value(number_text(gains.relative), note=gains.refused)
        values["refused_reason"] = Value(gains.refused)
        values["reported_as"] = Value(roles.get(answers.key, ""))
        values["experiment_id"] = Value(answers.key)
        return Row(
            study_id=study.study_id,
            group=own.get(self.group_by, EMPTY).text,
            values=values,
            trace=chosen.trace,
            reason=gains.refused,
            experiment=answers.key,
            is_by_hand=chosen.is_by_hand,
        )


def _field_columns(key: str, question: Field) -> tuple[Column, ...]:
    if question.type is not FieldType.NUMBER:
        return (Column(key, question.label),)
    unit = Column(f"{key}_unit", f"{question.label}, unit")
    return Column(key, question.label, is_number=True), unit
