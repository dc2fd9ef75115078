"""Two extractions of one study side by side, with what has been settled so far."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Study,
)
from extraction.permissions import EXTRACTIONS_NEEDED, extractions_needed
from extraction.schema.alignment import align_rows
from extraction.schema.comparing import Answer, CellState, compare_cells
from extraction.schema.definition import FormDefinition
from extraction.schema.fields import Field, Group
from extraction.selectors.answers import scalar
from extraction.selectors.forms import definition_of

LABEL_FIELDS = 5
Values = Mapping[tuple[int | None, str], ExtractedValue]


@dataclass(slots=True)
class ComparedCell:
    """One question: both raw values, how they stand to each other, and the settled value."""

    field: Field
    state: CellState
    a: ExtractedValue | None
    b: ExtractedValue | None
    settled: ConsensusValue | None = None
    row: ConsensusRow | None = None
    typed: Mapping[str, str] | None = None  # what was sent and refused
    problem: str = ""
    is_unproven: bool = False  # the review asks for evidence that the settled value lacks

    @property
    def is_same(self) -> bool:
        """Whether both extractors mean the same."""
        return self.state is CellState.SAME

    @property
    def is_open(self) -> bool:
        """Whether the cell still waits for a settled value."""
        return self.settled is None and not self.is_empty

    @property
    def is_empty(self) -> bool:
        """Whether nobody answered; a value may be added and need not be."""
        return self.state is CellState.EMPTY and self.settled is None


@dataclass(slots=True)
class ComparedRow:
    """One row of a repeating group; a side without this row is None."""

    number: int
    row_a: ExtractionRow | None
    row_b: ExtractionRow | None
    settled: ConsensusRow | None
    cells: list[ComparedCell] = field(default_factory=list)
    label: str = ""
    label_a: str = ""
    label_b: str = ""

    @property
    def is_left_out(self) -> bool:
        """Whether the reconciler left the row out."""
        return self.settled is not None and self.settled.is_left_out

    @property
    def open_cells(self) -> int:
        """Cells still to be settled."""
        return 0 if self.is_left_out else sum(cell.is_open for cell in self.cells)

    @property
    def differing(self) -> int:
        """Cells in which the extractors do not say the same."""
        return sum(not cell.is_same and not cell.is_empty for cell in self.cells)


@dataclass(slots=True)
class ComparedGroup:
    """One group of the form: cells of the study, or rows."""

    group: Group
    cells: list[ComparedCell] = field(default_factory=list)
    rows: list[ComparedRow] = field(default_factory=list)

    @property
    def all_cells(self) -> Iterator[ComparedCell]:
        """Every cell that counts, without those of rows left out."""
        yield from self.cells
        for row in self.rows:
            if not row.is_left_out:
                yield from row.cells

    @property
    def differing(self) -> int:
        """Cells in which the extractors do not say the same."""
        return sum(not cell.is_same and not cell.is_empty for cell in self.all_cells)


@dataclass(slots=True)
class Comparison:
    """Everything the reconciliation of one study shows; without B it is a verification."""

    study: Study
    form: FormDefinition
    a: Extraction
    b: Extraction | None
    reconciliation: Reconciliation | None
    groups: list[ComparedGroup]

    @property
    def is_verification(self) -> bool:
        """Whether one extraction is checked and not two compared."""
        return self.b is None

    @property
    def settled_cells(self) -> int:
        """Cells with a settled value or a settled "no answer"."""
        return sum(cell.settled is not None for cell in self.cells)

    @property
    def cells(self) -> list[ComparedCell]:
        """Every cell that counts."""
        return [cell for group in self.groups for cell in group.all_cells]

    @property
    def open_cells(self) -> int:
        """Cells still to be settled."""
        return sum(cell.is_open for cell in self.cells)

    @property
    def open_agreed(self) -> int:
        """Cells that agree and wait only to be accepted."""
        return sum(cell.is_open and cell.is_same for cell in self.cells)

    @property
    def is_final(self) -> bool:
        """Whether the study is locked."""
        return self.reconciliation is not None and self.reconciliation.finalised_at is not None


def sides_of(study: Study) -> tuple[Extraction, Extraction | None] | None:
    """The two extractions to compare, A first, or None while there are not two.

    Two submitted ones; or one submitted and an imported one, while nobody else is extracting. In
    a review with verification also one alone, which has no B.
    Which of them is called A was drawn by the study's own seed: it follows neither who began nor
    anybody's name. Once reconciling has begun, the sides are kept.
    """
    known = study.extractions.select_related("form", "extractor__user", "study__review")
    kept = Reconciliation.objects.filter(study=study).first()
    if kept is not None and kept.extraction_a_id:
        by_id = {one.pk: one for one in known}
        return by_id[kept.extraction_a_id], by_id.get(kept.extraction_b_id or 0)
    found = list(known.order_by("pk"))
    pair = pair_of(found)
    if pair is not None:
        return pair[::-1] if study.side_seed % 2 else pair
    alone = _alone(found) if extractions_needed(study.review) == 1 else None
    return (alone, None) if alone else None


def pair_of(found: Sequence[Extraction]) -> tuple[Extraction, Extraction] | None:
    """The two of a study's extractions that are compared, the elder first, or None."""
    submitted = [one for one in found if one.is_of_page and one.submitted_at is not None]
    drafts = [one for one in found if one.is_draft]
    imported = [one for one in found if not one.is_of_page]
    if len(submitted) >= EXTRACTIONS_NEEDED:
        return submitted[0], submitted[1]
    if submitted and imported and not drafts:
        return submitted[0], imported[-1]
    return None


def _alone(found: Sequence[Extraction]) -> Extraction | None:
    """The one extraction to verify: submitted while nobody extracts, else the newest import."""
    if any(one.is_draft for one in found):
        return None
    in_form = [one for one in found if one.is_of_page and one.submitted_at is not None]
    imported = [one for one in found if not one.is_of_page]
    return in_form[0] if in_form else imported[-1] if imported else None


def comparison_of(study: Study) -> Comparison | None:
    """Compare the two extractions of a study cell by cell, rows aligned by content.

    Returns:
        None while there are not two extractions to compare.
    """
    sides = sides_of(study)
    if sides is None:
        return None
    reconciliation = Reconciliation.objects.filter(study=study).select_related("form").first()
    form = definition_of(reconciliation.form if reconciliation else sides[0].form)
    values_a, values_b = _values(sides[0]), _values(sides[1]) if sides[1] else {}
    settled = _settled(reconciliation)
    groups = []
    for group in form.groups:
        compared = ComparedGroup(group)
        if group.repeating:
            pairs = _row_pairs(group, sides, (values_a, values_b), reconciliation)
            for number, (row_a, row_b, row) in enumerate(pairs, start=1):
                one = ComparedRow(number, row_a, row_b, row)
                one.cells = _cells(group.fields, (values_a, values_b), one, settled)
                one.label_a = _row_label(group, {c.field.key: c.a for c in one.cells})
                one.label_b = _row_label(group, {c.field.key: c.b for c in one.cells})
                best = {c.field.key: c.settled or c.a or c.b for c in one.cells}
                one.label = _row_label(group, best)
                compared.rows.append(one)
        else:
            study_level = ComparedRow(0, None, None, None)
            compared.cells = _cells(group.fields, (values_a, values_b), study_level, settled)
        groups.append(compared)
    return Comparison(study, form, *sides, reconciliation, groups)


def answer_of(value: ExtractedValue | ConsensusValue | None) -> Answer | None:
    """A stored value as the pure comparison knows it; None for an empty cell."""
    known = scalar(value.value) if value else None
    return Answer(known, value.unit) if value and known is not None else None


def _values(extraction: Extraction) -> Values:
    return {(value.row_id, value.field): value for value in extraction.values.current()}


def _settled(
    reconciliation: Reconciliation | None,
) -> Mapping[tuple[int | None, str], ConsensusValue]:
    if reconciliation is None:
        return {}
    current = reconciliation.values.current().select_related("decided_by__user")
    return {(value.row_id, value.field): value for value in current}


def _cells(
    fields: Iterable[Field],
    values: tuple[Values, Values],
    place: ComparedRow,
    settled: Mapping[tuple[int | None, str], ConsensusValue],
) -> list[ComparedCell]:
    cells = []
    is_row = place.number > 0
    for one in fields:
        a = _value_at(values[0], place.row_a, one.key, is_row=is_row)
        b = _value_at(values[1], place.row_b, one.key, is_row=is_row)
        state = compare_cells(one, answer_of(a), answer_of(b))
        done = settled.get((place.settled.pk if place.settled else None, one.key))
        cells.append(ComparedCell(one, state, a, b, done, place.settled))
    return cells


def _value_at(
    values: Values, row: ExtractionRow | None, key: str, *, is_row: bool
) -> ExtractedValue | None:
    if is_row and row is None:
        return None
    return values.get((row.pk if row else None, key))


def _row_pairs(
    group: Group,
    sides: tuple[Extraction, Extraction | None],
    values: tuple[Values, Values],
    reconciliation: Reconciliation | None,
) -> list[tuple[ExtractionRow | None, ExtractionRow | None, ConsensusRow | None]]:
    if reconciliation is not None:
        kept = reconciliation.rows.standing().filter(group=group.key)
        kept = kept.select_related("row_a", "row_b")
        return [(row.row_a, row.row_b, row) for row in kept]
    rows = [
        list(side.rows.filter(group=group.key, removed_at__isnull=True)) if side else []
        for side in sides
    ]
    contents = [
        [_content(group, row, of_side) for row in of_rows]
        for of_rows, of_side in zip(rows, values, strict=True)
    ]
    return [
        (
            rows[0][pair.a] if pair.a is not None else None,
            rows[1][pair.b] if pair.b is not None else None,
            None,
        )
        for pair in align_rows(group, *contents)
    ]


def _content(group: Group, row: ExtractionRow, values: Values) -> dict[str, Answer]:
    answers = {one.key: answer_of(values.get((row.pk, one.key))) for one in group.fields}
    return {key: answer for key, answer in answers.items() if answer is not None}


def _row_label(group: Group, values: Mapping[str, ExtractedValue | ConsensusValue | None]) -> str:
    named = [values.get(key) for key in group.row_keys[:LABEL_FIELDS]]
    return " · ".join(str(value.value) for value in named if value and value.value)
