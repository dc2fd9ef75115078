"""The long form of Table 1: one row per experiment, or per row of what is not compared."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

from analytics.tables.characteristics import row_columns
from analytics.tables.layout import (
    CLOSING,
    PLAIN,
    experiment_fields,
    experiment_key,
    group_field,
    study_column,
    study_keys,
)
from analytics.tables.model import EMPTY, Column, Row, Table, Value
from analytics.tables.table1 import Chosen, Gains, Results, in_order, study_values, title_of
from analytics.tables.words import Words, number_text, words_of_value
from extraction.schema.answers import AnswerRow, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, FieldType, Group

new_tuple = tuple.__new__
GAINS = (
    Column("difference", "Difference", is_number=True),
    Column("relative_difference", "Relative difference, %", is_number=True),
    Column("refused_reason", "Why there is no difference"),
    Column("reported_as", "Reported as"),
)


def long_table1(form: FormDefinition, studies: Iterable[StudyAnswers], results: Results) -> Table:
    """Build the long form with one row per experiment.

    Args:
        form: The review's form.
        studies: All answers.
        results: Gains and choices.

    Returns:
        The study's columns, the experiment's (with `experiment_` in front where the study has one
        of that name) with a unit column per number, the gains, and `reported_as` (full, subset or
        empty). A study without experiments has no row. Of a form that compares nothing: one row
        per row of each repeating group, named by `part`; a study without rows has one.

    Source:
        DESIGN section 7; own definition.
    """
    keys, group, parts = study_keys(form), group_field(form, PLAIN), _parts_of(form)
    builders = {part.group.key: _Builder(group, part, results) for part in parts}
    words, rows = Words(), []
    answered: set[str] = set()
    for study in studies:
        values = study_values(form, study, keys, words)
        found = [
            builders[part.group.key].row(study, values, row)
            for part in parts
            for row in sorted(study.rows, key=lambda one: one.position)
            if row.group == part.group.key
        ]
        if not found and form.comparison is None:
            found = [Row(study.study_id, values.get(group, EMPTY).text, values)]
        rows += found
        if found:
            answered.update(key for key, value in values.items() if value.cell)
    for one in builders.values():
        answered |= one.answered
    columns = (
        *(study_column(form, key) for key in keys),
        *(() if form.comparison else (Column("part", "Part"),)),
        *(column for part in parts for column in part.columns),
        *(GAINS if form.comparison else ()),
        *CLOSING,
        Column("experiment_id", "Experiment") if form.comparison else Column("row_id", "Row"),
    )
    kind = "experiment" if form.comparison else "row"
    title = f"{title_of(form)}: every {kind}"
    ordered = in_order(form, group, rows)
    return Table(title, columns, ordered, group, answered=frozenset(answered))


@dataclass(frozen=True, slots=True)
class _Part:
    """One repeating group with its fields by the keys of their columns."""

    group: Group
    fields: Mapping[str, Field]
    is_compared: bool

    @property
    def columns(self) -> Iterator[Column]:
        """A column for each field, and one for the unit of each number."""
        after = "" if self.is_compared else f" ({self.group.label.lower()})"
        for key, one in self.fields.items():
            is_number = one.type is FieldType.NUMBER
            yield Column(key, f"{one.label}{after}", is_number)
            if is_number:
                yield Column(f"{key}_unit", f"{one.label}{after}, unit")


def _parts_of(form: FormDefinition) -> list[_Part]:
    """The compared group; every repeating group where nothing is compared."""
    if form.comparison:
        group = form.group(form.comparison.group)
        fields = {experiment_key(one.key, form): one for one in experiment_fields(form)}
        return [_Part(group, fields, is_compared=True)] if group else []
    found: dict[str, dict[str, Field]] = {}
    for key, (group, field) in row_columns(form).items():
        found.setdefault(group.key, {})[key] = field
    groups = (group for group in form.repeating_groups if group.key in found)
    return [_Part(group, found[group.key], is_compared=False) for group in groups]


class _Builder:
    """Makes rows; values are made as the tuples they are, since a long table has half a million."""

    def __init__(self, group_by: str, part: _Part, results: Results) -> None:
        """Prepare for each column: its key, the field's, the one of its unit, and its words."""
        self.group_by, self.part, self.results = group_by, part, results
        self.readers = [
            (
                column,
                one.key,
                f"{column}_unit" if one.type is FieldType.NUMBER else "",
                cache(partial(words_of_value, question=one)),
            )
            for column, one in part.fields.items()
        ]
        self._seen: set[str] = set()

    @property
    def answered(self) -> set[str]:
        """Keys of the columns in which some row so far has an answer."""
        return {column for column, key, _, _ in self.readers if key in self._seen}

    def row(self, study: StudyAnswers, own: Mapping[str, Value], answers: AnswerRow) -> Row:
        values = dict(own)
        cells = answers.cells
        self._seen.update(cells)
        for column, key, unit, words in self.readers:
            cell = cells.get(key)
            if cell is None:
                continue
            values[column] = new_tuple(Value, (words(cell.value), cell, "", True))
            if unit:
                values[unit] = new_tuple(Value, (cell.unit, None, "", True))
        group = own.get(self.group_by, EMPTY).text
        if not self.part.is_compared:
            values["part"], values["row_id"] = Value(self.part.group.label), Value(answers.key)
            return Row(study.study_id, group, values, experiment=answers.key)
        chosen = self.results.chosen.get(study.study_id, Chosen())
        gains = self.results.gains.get(answers.key, Gains())
        roles = {chosen.full: "full", chosen.subset: "subset"}
        told = {"difference": gains.absolute, "relative_difference": gains.relative}
        for column, number in told.items():
            text = number_text(number)
            values[column] = new_tuple(Value, (text, None, gains.refused, True))
        values["refused_reason"] = new_tuple(Value, (gains.refused, None, "", True))
        role = roles.get(answers.key, "")
        values["reported_as"] = new_tuple(Value, (role, None, "", True))
        values["experiment_id"] = new_tuple(Value, (answers.key, None, "", True))
        return Row(
            study_id=study.study_id,
            group=group,
            values=values,
            trace=chosen.trace,
            reason=gains.refused,
            experiment=answers.key,
            is_by_hand=chosen.is_by_hand,
        )
