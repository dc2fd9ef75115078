"""What a study answers, for people to read: each answer with its sentence and what settled it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extraction.models import ConsensusValue, Extraction, Reconciliation, Study
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, StudyAnswers
from extraction.schema.fields import Field, Group
from extraction.selectors.answers import study_answers
from extraction.selectors.forms import current_form, definition_of
from extraction.selectors.standing import Quoted, Standing, standings

UNIT_SIGNS = {"percent": " %", "fraction": ""}
LABEL_FIELDS = 5
LONGEST_QUOTE = 400  # letters of a quote in the table; its own page has all


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an answer came to stand.

    Attributes:
        how: E.g. “Both agree”, “A third value”, “Confirmed”, “Imported”.
        by: Who; empty while the study is not final, as in its comparison.
        at: When, by the same rule; None for a value that a change of the form carried over.
        rationale: Why, in that person's words.
        is_carried: Whether a change of the form wrote it anew.
    """

    how: str
    by: str = ""
    at: datetime | None = None
    rationale: str = ""
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """One answer as a person reads it.

    Attributes:
        field: The question.
        words: The answer in the words of its vocabulary, with the sign of its unit.
        cell: The answer as it is stored, with its evidence.
        settlement: How it came to stand.
        standing: Where its quote is to be read now; None without a quote.
    """

    field: Field
    words: str
    cell: Cell
    settlement: Settlement
    standing: Standing | None = None

    @property
    def page(self) -> int | None:
        """The page to open now."""
        return self.standing.page if self.standing else self.cell.page

    @property
    def full_text_id(self) -> int | None:
        """The file to open now."""
        return self.standing.full_text_id if self.standing else self.cell.full_text_id

    @property
    def has_place(self) -> bool:
        """Whether there is more to look at than the quote."""
        return self.page is not None or len(self.cell.quote) > LONGEST_QUOTE


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One row of a repeating group; number 0, without key and label, for the study's own part."""

    number: int
    key: str
    label: str
    answers: Sequence[ToldAnswer]

    def find(self, field_key: str) -> ToldAnswer | None:
        """The answer to one question."""
        return next((one for one in self.answers if one.field.key == field_key), None)


@dataclass(frozen=True, slots=True)
class ToldGroup:
    """One part of the form with its answers; `more` rows are not told."""

    group: Group
    rows: Sequence[ToldRow]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ToldStudy:
    """What one study answers.

    Attributes:
        study: The study.
        is_final: Whether it is locked.
        groups: The parts that have an answer, in the order of the form.
        values: Number of answers, also of those that are not told.
        proven: How many of them lead to their place, see `Cell.is_proven`.
        imported: The import that all of them come from while nobody has settled any.
    """

    study: Study
    is_final: bool
    groups: Sequence[ToldGroup] = ()
    values: int = 0
    proven: int = 0
    imported: Extraction | None = None

    @property
    def has_more(self) -> bool:
        """Whether some rows are not told."""
        return any(one.more for one in self.groups)

    @property
    def percent(self) -> int | None:
        """Share of proven answers in whole percent, rounded down; None without answers."""
        return 100 * self.proven // self.values if self.values else None

    def find(self, row_key: str, field_key: str) -> ToldAnswer | None:
        """The answer of one cell: by the key of its row, empty for the study's own, and field."""
        rows = (row for shown in self.groups for row in shown.rows if row.key == row_key)
        return next((found for row in rows if (found := row.find(field_key))), None)


def told_study(study: Study, *, most_rows: int | None = None) -> ToldStudy:
    """Read what stands of a study: settled answers, else imported ones, raw ones never.

    Args:
        study: The study.
        most_rows: How many rows of each repeating group are told; all without it.

    Returns:
        Its answers, none while the review has no form or nobody settled or imported any. The
        number of queries does not depend on how many they are.
    """
    begun = Reconciliation.objects.filter(study=study).select_related("form").first()
    form = begun.form if begun else current_form(study.review)
    known = next(iter(study_answers(review=study.review, studies=[study.pk])), None)
    if form is None or known is None:
        return ToldStudy(study, is_final=False)
    groups = definition_of(form).groups
    rows = {group.key: _rows(group, known) for group in groups}
    cells = [cell for own in rows.values() for row in own for cell in row.cells.values()]
    told = {key: own[:most_rows] for key, own in rows.items()}
    teller = _Teller(study, known, [row for own in told.values() for row in own])
    return ToldStudy(
        study,
        known.is_final,
        [
            ToldGroup(one, teller.rows(one, told[one.key]), len(rows[one.key]) - len(told[one.key]))
            for one in groups
            if rows[one.key]
        ],
        values=len(cells),
        proven=sum(cell.is_proven for cell in cells),
        imported=None if any(cell.consensus_id for cell in cells) else teller.imported,
    )


def _rows(group: Group, known: StudyAnswers) -> list[AnswerRow]:
    """The rows of a part, with the answers to its questions only; a part without any has none."""
    found = [row for row in known.rows if row.group == group.key]
    if not group.repeating:
        found = [AnswerRow("", group.key, 0, known.cells)]
    keys = [one.key for one in group.fields]
    narrowed = [
        replace(row, cells={key: row.cells[key] for key in keys if key in row.cells})
        for row in sorted(found, key=lambda row: row.position)
    ]
    return [row for row in narrowed if row.cells]


class _Teller:
    """Turns the answers of one study into words, with what settled each."""

    def __init__(self, study: Study, known: StudyAnswers, rows: Iterable[AnswerRow]) -> None:
        """Look up at once what settled the answers and where their quotes stand now."""
        cells = [cell for row in rows for cell in row.cells.values()]
        self.study, self.is_final = study, known.is_final
        ids = {cell.consensus_id for cell in cells if cell.consensus_id}
        settled = ConsensusValue.objects.filter(reconciliation__study=study, pk__in=ids)
        self.settled = {one.pk: one for one in settled.select_related("decided_by__user")}
        self.standings = standings(self._quoted(cell) for cell in cells if cell.quote)
        is_imported = any(cell.status is AnswerStatus.IMPORTED for cell in cells)
        self.imported = _import_of(study) if is_imported else None

    def rows(self, group: Group, rows: Iterable[AnswerRow]) -> list[ToldRow]:
        """The rows of one part in words."""
        return [
            ToldRow(
                number=number if group.repeating else 0,
                key=row.key,
                label=self._label(group, row),
                answers=[
                    self._answer(f, row.cells[f.key]) for f in group.fields if f.key in row.cells
                ],
            )
            for number, row in enumerate(rows, start=1)
        ]

    def _label(self, group: Group, row: AnswerRow) -> str:
        named = [(group.field(key), row.cells.get(key)) for key in group.row_keys[:LABEL_FIELDS]]
        return " · ".join(words_of(field, cell) for field, cell in named if field and cell)

    def _answer(self, field: Field, cell: Cell) -> ToldAnswer:
        standing = self.standings[self._quoted(cell)] if cell.quote else None
        return ToldAnswer(field, words_of(field, cell), cell, self._settlement(cell), standing)

    def _settlement(self, cell: Cell) -> Settlement:
        ruling = self.settled.get(cell.consensus_id or 0)
        if ruling is None:
            if self.imported is None:
                return Settlement("")
            who = self.imported.extractor.user.name
            return Settlement("Imported", who, self.imported.created_at)
        how = str(ruling.get_side_display())
        if cell.status is AnswerStatus.VERIFIED:
            how = "Corrected" if ruling.side == ConsensusValue.Side.THIRD else "Confirmed"
        is_carried = ruling.carried_by_id is not None
        return Settlement(
            how,
            cell.decided_by if self.is_final else "",
            ruling.created_at if self.is_final and not is_carried else None,
            cell.rationale,
            is_carried,
        )

    def _quoted(self, cell: Cell) -> Quoted:
        return Quoted(self.study.pk, cell.full_text_id, cell.page, cell.quote)


def words_of(field: Field, cell: Cell) -> str:
    """An answer in words: yes or no, the labels of its vocabulary, a number with its unit."""
    if isinstance(cell.value, bool):
        return "yes" if cell.value else "no"
    parts = cell.value if isinstance(cell.value, tuple) else (cell.value,)
    terms = [(part, field.exact_term(part)) for part in parts]
    words = "; ".join(term.shown if term else part for part, term in terms)
    unit = field.unit(cell.unit)
    return words + UNIT_SIGNS.get(cell.unit, f" {unit.shown if unit else cell.unit}".rstrip())


def _import_of(study: Study) -> Extraction | None:
    """The newest import, whose values count."""
    brought = study.extractions.filter(origin=Extraction.Origin.IMPORT)
    return brought.select_related("extractor__user").order_by("-pk").first()
