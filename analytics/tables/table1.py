"""Table 1: one row per study, in the order the form or the review's layout gives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analytics.tables.characteristics import OWN, told_of_rows
from analytics.tables.layout import (
    BECAUSE,
    PLAIN,
    SUBSET,
    Layout,
    arranged,
    experiment_fields,
    experiment_key,
    group_field,
)
from analytics.tables.model import EMPTY, Note, Row, Table, Value
from analytics.tables.words import Words, number_text, words_of
from extraction.schema.answers import AnswerRow, StudyAnswers
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field

__all__ = ["Chosen", "Gains", "Results", "number_text", "table1", "words_of"]

TITLE = "Table 1. Characteristics and results of the included studies"
TITLE_WITHOUT_RESULTS = "Table 1. Characteristics of the included studies"
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
        is_by_hand: Whether a person chose them.
    """

    full: str | None = None
    subset: str | None = None
    trace: tuple[str, ...] = ()
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """What the gains say: by row key, and the choice by study."""

    gains: Mapping[str, Gains] = field(default_factory=dict)
    chosen: Mapping[int, Chosen] = field(default_factory=dict)


def table1(
    form: FormDefinition,
    studies: Iterable[StudyAnswers],
    results: Results,
    layout: Layout = PLAIN,
    notes: Sequence[Note] = (),
) -> Table:
    """Build Table 1 with one row per study.

    Args:
        form: The review's form; its comparison names columns, groups and the compared values.
        studies: All answers.
        results: Gains and choices.
        layout: The review's own columns, names and groups.
        notes: The review's own footnotes, beside those that follow from the values.

    Returns:
        Rows grouped in the order of the form's vocabulary, inside a group by year, author and id.
        An unknown answer stays empty. Of a form that compares nothing it tells what the studies
        are, without results.

    Source:
        DESIGN section 7, after Table 1 of Huang et al. 2023, npj Digital Medicine 6:74.
    """
    columns = arranged(form, layout)
    group = group_field(form, layout)
    wanted = {*(one.key for one in columns), group}
    builder = _Builder(form, form.comparison, wanted, group, results, Words())
    known = list(studies)
    rows = in_order(form, group, [builder.row(study) for study in known])
    kept = {one.key for one in columns}
    own = [one for one in notes if not one.column or one.column in kept]
    said = [*_head_notes(form), *own, *_value_notes(form, layout, known, results)]
    return Table(title_of(form), columns, rows, group, tuple(said))


def title_of(form: FormDefinition) -> str:
    """The title of the table.

    Args:
        form: The review's form.

    Returns:
        One that names results only where there are some.
    """
    return TITLE if form.comparison else TITLE_WITHOUT_RESULTS


def study_values(
    form: FormDefinition, study: StudyAnswers, keys: Iterable[str], words: Words
) -> dict[str, Value]:
    """What a study answers, by column.

    Args:
        form: The form.
        study: Its answers.
        keys: Keys of study-level fields.
        words: Turns answers into words.

    Returns:
        Year, author, title, id and the wanted answers; absent means unknown.
    """
    values = {
        "year": Value(str(study.year or "")),
        "first_author": Value(study.first_author),
        "title": Value(study.title),
        "study_id": Value(str(study.study_id)),
    }
    for question in form.study_fields:
        if question.key not in keys or question.key in OWN:
            continue
        if cell := study.cells.get(question.key):
            values[question.key] = Value(words.of(cell, question), cell)
        elif not _is_asked(question, study):
            values[question.key] = Value(note=NOT_ASKED, applies=False)
    return values


def in_order(form: FormDefinition, group: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Order rows by group, year, author and study.

    Args:
        form: The form, whose vocabulary orders the groups.
        group: Key of the grouping field.
        rows: In any order; rows of one study stay in theirs.

    Returns:
        The same rows; those without a group come last.
    """
    question = form.find(group)
    known = [term.shown for term in question.terms] if question else []
    places = {words: i for i, words in enumerate(known)}

    def place(row: Row) -> tuple[bool, int, str, int, str, int]:
        year = int(row.text("year") or UNKNOWN_YEAR)
        author = row.text("first_author").casefold()
        rank = places.get(row.group, len(places))
        return (not row.group, rank, row.group.casefold(), year, author, row.study_id)

    return tuple(sorted(rows, key=place))


@dataclass(frozen=True)
class _Builder:
    """Everything that every row needs."""

    form: FormDefinition
    spec: ComparisonSpec | None
    wanted: set[str]
    group: str
    results: Results
    words: Words

    @cached_property
    def questions(self) -> dict[str, Field]:
        """The questions about one experiment by key."""
        return {one.key: one for one in experiment_fields(self.form)}

    def row(self, study: StudyAnswers) -> Row:
        chosen = self.results.chosen.get(study.study_id, Chosen())
        by_key = {row.key: row for row in study.rows}
        full, subset = by_key.get(chosen.full or ""), by_key.get(chosen.subset or "")
        values = study_values(self.form, study, self.wanted, self.words)
        if self.spec is None:
            values |= told_of_rows(self.form, study, self.wanted, self.words)
        else:
            values |= self._results(self.spec, full, subset)
        if BECAUSE in self.wanted:
            values[BECAUSE] = Value(" ".join(chosen.trace))
        return Row(
            study_id=study.study_id,
            group=values.get(self.group, EMPTY).text,
            values=values,
            trace=chosen.trace,
            reason="" if full or self.spec is None else NO_RESULT,
            experiment=full.key if full else "",
            subset=subset.key if subset else "",
            is_by_hand=chosen.is_by_hand,
        )

    def _results(
        self, spec: ComparisonSpec, full: AnswerRow | None, subset: AnswerRow | None
    ) -> Iterator[tuple[str, Value]]:
        arm, other = spec.arm.field, spec.comparator.field
        named = {"metric": spec.metric_field, arm: arm, other: other}
        for one in experiment_fields(self.form):
            if one.key not in named.values():
                named[experiment_key(one.key, self.form)] = one.key
        yield from self._answers(full, named, NO_RESULT)
        small = {f"{SUBSET}{key}": key for key in (arm, other, spec.fraction_field) if key}
        yield from self._answers(subset, small, NO_SUBSET)
        gains, little = self._gains(full), self._gains(subset)
        reason, no_subset = "" if full else NO_RESULT, "" if subset else NO_SUBSET
        yield "difference", Value(number_text(gains.absolute), note=reason)
        yield "relative_difference_full", Value(number_text(gains.relative), note=reason)
        yield "relative_difference_subset", Value(number_text(little.relative), note=no_subset)
        yield f"{SUBSET}difference", Value(number_text(little.absolute), note=no_subset)

    def _answers(
        self, row: AnswerRow | None, named: Mapping[str, str], nothing: str
    ) -> Iterator[tuple[str, Value]]:
        for column, key in named.items():
            if column not in self.wanted:
                continue
            if row is None:
                yield column, Value(note=nothing)
                continue
            cell = row.cells.get(key)
            yield column, Value(self.words.of(cell, self.questions.get(key)), cell)

    def _gains(self, row: AnswerRow | None) -> Gains:
        return self.results.gains.get(row.key if row else "", Gains())


def _is_asked(question: Field, study: StudyAnswers) -> bool:
    """Whether the question's condition holds; while that is not known, it may."""
    condition = question.only_if
    if condition is None or condition.field not in study.cells:
        return True
    return condition.holds({key: cell.value for key, cell in study.cells.items()})


def _head_notes(form: FormDefinition) -> Iterator[Note]:
    spec = form.comparison
    if spec is None:
        return
    arm, other = spec.arm.label, spec.comparator.label
    turned = "Turned round where a lower value is better, so that positive is always better."
    points = "in percentage points where both are shares or percentages"
    yield Note(f"Difference: {arm} minus {other}, {points}. {turned}", "difference")
    over = f"Relative difference: the difference over the {other} value, in percent"
    if not spec.fraction_field:
        yield Note(f"{over}.", "relative_difference_full")
        return
    yield Note(f"{over}, at the largest amount of labels.", "relative_difference_full")
    yield Note(f"{over}, at the smallest amount of labels.", "relative_difference_subset")


def _value_notes(
    form: FormDefinition, layout: Layout, studies: Iterable[StudyAnswers], results: Results
) -> Iterator[Note]:
    """Who chose by hand, and what the chosen fields say of the reported experiment."""
    spec = form.comparison
    if spec is None:
        return
    usual = {spec.evaluation_field: spec.policy.evaluation_preference[:1]}
    keys = layout.note_fields
    if keys is None:
        keys = tuple(key for key in (spec.evaluation_field, spec.read_method_field) if key)
    fields = [found for key in keys if (found := form.find(key, spec.group))]
    words = Words()
    for study in studies:
        chosen = results.chosen.get(study.study_id, Chosen())
        if chosen.is_by_hand and chosen.trace:
            yield Note(chosen.trace[0], spec.arm.field, study.study_id)
        full = next((row for row in study.rows if row.key == chosen.full), None)
        for one in fields if full else ():
            cell = full.cells.get(one.key) if full else None
            plain = usual.get(one.key) or tuple(term.key for term in one.terms[:1])
            if cell and cell.value not in plain:
                text = f"{one.label}: {words.of(cell, one)}."
                yield Note(text, spec.arm.field, study.study_id)
