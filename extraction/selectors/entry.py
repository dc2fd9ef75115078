"""The form as one extractor sees it: every question with its control's state and its evidence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from extraction.models import ExtractedValue, Extraction, ExtractionRow
from extraction.reading.candidates import can_have_candidates
from extraction.schema.answers import Scalar
from extraction.schema.checks import Refused, check_value
from extraction.schema.comparing import Answer
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormSketch
from extraction.schema.fields import Field, FieldType, Group, Term
from extraction.schema.row_checks import row_doubts
from extraction.selectors.answers import scalar
from extraction.selectors.forms import definition_of
from extraction.selectors.revisits import outside_the_form, revisits_of
from extraction.selectors.standing import Standing, quoted_by, standings

Stored = Mapping[tuple[int | None, str], ExtractedValue]


@dataclass(slots=True)
class EntryField:
    """One question in one place, as the page shows it."""

    field: Field
    row: ExtractionRow | None
    value: ExtractedValue | None
    is_asked: bool = True
    standing: Standing | None = None
    revisits: Sequence[str] = ()
    heading: str = ""
    unit_before: str = ""
    doubts: Sequence[str] = ()

    @property
    def id(self) -> str:
        """Id of the control in the page."""
        return f"f-{self.row.pk if self.row else 0}-{self.field.key}"

    @property
    def kind(self) -> str:
        """Which control the template draws."""
        if self.field.type is FieldType.CHOICE and self.field.allow_other:
            return "choice_other"
        return "text_long" if self.field.long else self.field.type.value

    @property
    def answer(self) -> Scalar | None:
        """The current value, None when empty."""
        return scalar(self.value.value) if self.value else None

    @property
    def text(self) -> str:
        """The current value in a text control."""
        if isinstance(self.answer, bool):
            return "yes" if self.answer else "no"
        return "; ".join(self.answer) if isinstance(self.answer, tuple) else self.answer or ""

    @property
    def unit(self) -> str:
        """The stated unit."""
        return self.value.unit if self.value else ""

    @property
    def unit_shown(self) -> str:
        """The stated unit; for an empty cell the one that was stated before, to be confirmed."""
        return self.unit if self.value and self.value.value is not None else self.unit_before

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen terms of a field of several choices."""
        return self.answer if isinstance(self.answer, tuple) else ()

    @property
    def others(self) -> str:
        """What was chosen beside the vocabulary."""
        known = {term.key for term in self.field.terms}
        return "; ".join(word for word in self.chosen if word not in known)

    @property
    def term(self) -> Term | None:
        """The term that the value stands for, whose definition is shown."""
        is_one = self.field.type is FieldType.CHOICE and self.text
        return self.field.term_of(self.text) if is_one else None

    @property
    def has_definitions(self) -> bool:
        """Whether any word of the vocabulary is defined."""
        return any(term.definition for term in self.field.terms)

    @property
    def has_evidence(self) -> bool:
        """Whether page, quote or address are given."""
        value = self.value
        return value is not None and bool(value.page or value.quote or value.source_url)

    @property
    def can_have_candidates(self) -> bool:
        """Whether the report can be looked through for likely places of the value."""
        return can_have_candidates(self.field)

    @property
    def evidence_page(self) -> int | None:
        """The page on which the evidence is to be read now."""
        if self.standing is not None:
            return self.standing.page
        return self.value.page if self.value else None

    @property
    def evidence_query(self) -> str:
        """Query of the reader that shows the evidence, in the file that has it."""
        value = self.value
        if value is None:
            return ""
        text = self.standing.full_text_id if self.standing else value.full_text_id
        named = {"text": text} if text else {}
        return urlencode({**named, "page": self.evidence_page or 1, "mark": value.pk})


@dataclass(slots=True)
class EntryRow:
    """One row of a repeating group, numbered as shown."""

    row: ExtractionRow
    number: int
    fields: list[EntryField]


@dataclass(slots=True)
class EntryGroup:
    """One part of the form with how far it is filled."""

    group: Group
    fields: list[EntryField] = field(default_factory=list)
    rows: list[EntryRow] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """Questions that are asked."""
        return sum(one.is_asked for one in self.fields)

    @property
    def filled(self) -> int:
        """Questions asked and answered."""
        return sum(one.is_asked and one.answer is not None for one in self.fields)


@dataclass(slots=True)
class Entry:
    """The whole form of one extraction; `together` are fields held against each other in a row."""

    extraction: Extraction | None
    groups: list[EntryGroup]
    removed: list[ExtractionRow] = field(default_factory=list)
    outside: list[ExtractedValue] = field(default_factory=list)
    together: Sequence[tuple[str, ...]] = ()

    def find(self, key: str, row_id: int | None) -> EntryField | None:
        """The question with this key at the study level or in this row."""
        return next((one for one in self.fields if _place(one) == (row_id, key)), None)

    @property
    def revisits(self) -> list[EntryField]:
        """Questions to look at again since the form changed."""
        return [one for one in self.fields if one.revisits and one.is_asked]

    @property
    def fields(self) -> list[EntryField]:
        """Every question in order."""
        return [
            one
            for group in self.groups
            for one in [*group.fields, *(cell for row in group.rows for cell in row.fields)]
        ]

    def measured_by(self, entry: EntryField) -> list[EntryField]:
        """Numbers of the row that are likely or not by this answer: metric, interval, cases."""
        key = entry.field.key
        beside = {other for together in self.together if key in together for other in together}
        return [
            one
            for one in self.fields
            if one.row == entry.row
            and one.answer is not None
            and one is not entry
            and (one.field.metric_field == key or one.field.key in beside)
        ]

    def awaiting_unit(self, entry: EntryField) -> list[EntryField]:
        """Empty numbers in the same units, whose unit is shown by what was stated here."""
        keys = _unit_keys(entry.field)
        return [
            one
            for one in self.fields
            if keys and one.answer is None and _unit_keys(one.field) == keys and one != entry
        ]

    def dependents_of(self, entry: EntryField) -> list[EntryField]:
        """Questions on the same level that are asked or not by the answer to this one."""
        return [
            one
            for one in self.fields
            if one.row == entry.row
            and one.field.only_if is not None
            and one.field.only_if.field == entry.field.key
        ]


def entry_of(extraction: Extraction) -> Entry:
    """Everything the extraction form shows, in a constant number of queries."""
    current = extraction.values.current().select_related("full_text")
    stored = {(value.row_id, value.field): value for value in current}
    all_rows = list(extraction.rows.all())
    kept = [row for row in all_rows if row.removed_at is None]
    form = definition_of(extraction.form)
    entry = Entry(extraction, groups_of(form, stored, kept), together=together_in(form))
    entry.removed = [row for row in all_rows if row.removed_at is not None]
    entry.outside = outside_the_form(extraction, form)
    reasons = revisits_of(extraction)
    for one in entry.fields:
        one.revisits = reasons.get(_place(one), ())
    _add_standings(entry.fields, extraction.study_id)
    return entry


def together_in(form: FormSketch) -> tuple[tuple[str, ...], ...]:
    """Fields whose numbers are held against each other in each row."""
    return form.comparison.doubted_together if form.comparison else ()


def _add_standings(fields: Sequence[EntryField], study_id: int) -> None:
    """Say how evidence stands whose file was replaced, or that was typed and not found."""
    asked = {
        one.id: quoted_by(one.value, study_id)
        for one in fields
        if one.value is not None and one.has_evidence and not _is_in_current_file(one.value)
    }
    found = standings(asked.values())
    for one in fields:
        if one.id in asked:
            one.standing = found[asked[one.id]]


def _is_in_current_file(value: ExtractedValue) -> bool:
    return value.full_text is not None and value.full_text.replaced_at is None


def groups_of(form: FormSketch, stored: Stored, rows: Sequence[ExtractionRow]) -> list[EntryGroup]:
    """Every part of a form with these values and rows."""
    study = _answers(stored, None)
    units = _units_before(form, stored)
    groups = []
    for group in form.groups:
        shown = EntryGroup(group)
        if group.repeating:
            own = [row for row in rows if row.group == group.key]
            shown.rows = [
                EntryRow(row, number, _fields(group, row, stored, _answers(stored, row)))
                for number, row in enumerate(own, start=1)
            ]
        else:
            shown.fields = _fields(group, None, stored, study)
        groups.append(shown)
        for line in [shown.fields, *(row.fields for row in shown.rows)]:
            _add_headings(line)
            _add_checks(line, form, units)
            if form.comparison and group.key == form.comparison.group:
                _add_row_doubts(line, form.comparison)
    return groups


def _add_headings(fields: Sequence[EntryField]) -> None:
    """Name the domain of a risk-of-bias tool above its first question."""
    before = ""
    for one in fields:
        if one.field.domain != before:
            one.heading = before = one.field.domain


def _add_checks(
    fields: Sequence[EntryField], form: FormSketch, units: Mapping[frozenset[str], str]
) -> None:
    """Show the unit stated before in empty cells, and doubts about numbers that stand."""
    named = {one.field.key: one.text for one in fields}
    for one in fields:
        if one.field.type is not FieldType.NUMBER:
            continue
        one.unit_before = units.get(_unit_keys(one.field), "")
        metric = form.metric(named.get(one.field.metric_field, ""))
        if isinstance(one.answer, str) and metric is not None:
            checked = check_value(one.field, one.answer, one.unit, metric)
            if isinstance(checked, Refused):
                one.doubts = (checked.message,)
            else:
                one.doubts = checked.questions


def _add_row_doubts(fields: Sequence[EntryField], spec: ComparisonSpec) -> None:
    """Ask about numbers that are unlikely beside others of their row."""
    answers = {
        one.field.key: Answer(one.answer, one.unit) for one in fields if one.answer is not None
    }
    found = row_doubts(spec, {one.field.key: one.field for one in fields}, answers)
    for one in fields:
        one.doubts = (*one.doubts, *found.get(one.field.key, ()))


def _units_before(form: FormSketch, stored: Stored) -> dict[frozenset[str], str]:
    """The unit that every number so far was stated in, by the units there are to choose from.

    A unit is asked for until one is stated; where numbers differ in it, it is asked each time.
    """
    kinds: dict[str, set[frozenset[str]]] = defaultdict(set)
    for group in form.groups:
        for one in group.fields:
            if one.units:
                kinds[one.key].add(_unit_keys(one))
    stated: dict[frozenset[str], set[str]] = defaultdict(set)
    for (_row, key), value in stored.items():
        if value.unit and value.value is not None:
            for kind in kinds.get(key, ()):
                stated[kind].add(value.unit)
    return {kind: next(iter(known)) for kind, known in stated.items() if len(known) == 1}


def _unit_keys(field: Field) -> frozenset[str]:
    return frozenset(unit.key for unit in field.units)


def _fields(
    group: Group, row: ExtractionRow | None, stored: Stored, answers: Mapping[str, Scalar]
) -> list[EntryField]:
    return [
        EntryField(
            one,
            row,
            stored.get((row.pk if row else None, one.key)),
            is_asked=one.only_if is None or one.only_if.holds(answers),
        )
        for one in group.fields
    ]


def _answers(stored: Stored, row: ExtractionRow | None) -> dict[str, Scalar]:
    place = row.pk if row else None
    answers = {key: scalar(value.value) for (at, key), value in stored.items() if at == place}
    return {key: answer for key, answer in answers.items() if answer is not None}


def _place(entry: EntryField) -> tuple[int | None, str]:
    return (entry.row.pk if entry.row else None, entry.field.key)
