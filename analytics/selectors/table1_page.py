"""Table 1 as its page shows it: groups, short columns, and a link from each value to its proof."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from analytics.selectors.comparing import reported_form
from analytics.tables.footnotes import Footnotes, footnotes_of
from analytics.tables.model import EMPTY, Column, Row, Table, Value
from analytics.tables.words import printed
from extraction.models import Study
from screening.models import Review

HIDDEN = {"year", "first_author", "study_id"}  # they stand together in the first column
SUBSET = "relative_difference_subset"
FIRST = Column("study", "First author, year")
ONLY_ONE = "Only one experiment has a gain, so no rule had to choose."
WIDTHS = {
    "imaging_modality": "w-modality",
    "clinical_domain": "w-domain",
    "outcome_task": "w-task",
    "combined_method": "w-combined",
    "ssl_framework": "w-framework",
    "fine_tuning": "w-tuning",
    "metric": "w-metric",
    "relative_difference_full": "w-value",
    "relative_difference_subset": "w-value",
}
SHORT = {
    "Relative difference, %": "Relative, %",
    "Relative difference, %, full data": "Relative, % full",
    "Relative difference, %, subset": "Relative, % subset",
}
SUBSETS = {SUBSET, "subset_difference"}


@dataclass(frozen=True, slots=True)
class PageColumn:
    """One column head."""

    key: str
    label: str
    width: str
    is_number: bool
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell; a gap says in one place why all results beside each other are missing.

    `note` is the proof of a value, or why there is none; `marks` are numbers of footnotes.
    """

    text: str
    url: str = ""
    note: str = ""
    is_number: bool = False
    is_loss: bool = False
    is_void: bool = False
    is_gap: bool = False
    span: int = 1
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRow:
    """One study."""

    author: str
    title: str
    url: str
    cells: tuple[PageCell, ...]
    why: str = ""
    why_url: str = ""
    is_by_hand: bool = False
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PageGroup:
    """One strategy with its studies."""

    words: str
    slug: str
    rows: tuple[PageRow, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """Everything the page of Table 1 shows."""

    columns: tuple[PageColumn, ...]
    groups: tuple[PageGroup, ...]
    studies: int
    has_results: bool
    with_results: int
    empty_cells: int
    awaiting: int
    by_hand: int
    grouped_by: str
    footnotes: tuple[tuple[int, str], ...]

    @property
    def width(self) -> int:
        """Number of columns with the first."""
        return len(self.columns) + 1


def page_of(review: Review, table: Table, query: str = "") -> TablePage:
    """Lay the table out for the page; `query` names the past day whose values it leads to."""
    default = {"title"} if _is_default(table) else set()
    hidden = {*HIDDEN, *default, table.group_column}
    columns = [one for one in table.columns if one.key not in hidden]
    notes = footnotes_of(table, (FIRST, *columns))
    layout = _Sheet(_places(review), columns, notes, query)
    groups = tuple(
        PageGroup(words, words.replace(" ", "-"), tuple(layout.row(row) for row in rows))
        for words, rows in table.groups()
    )
    waiting = (
        Study.objects.standing()
        .filter(review=review)
        .aggregate(n=Count("pk", filter=Q(extractions__isnull=True)))
    )
    return TablePage(
        columns=tuple(_column(one, notes) for one in columns),
        groups=groups,
        studies=len(table.rows),
        has_results=any(one.is_result for one in table.columns),
        with_results=sum(not row.reason for row in table.rows),
        empty_cells=sum(
            cell.is_void for group in groups for row in group.rows for cell in row.cells
        ),
        awaiting=waiting["n"],
        by_hand=sum(row.is_by_hand for row in table.rows),
        grouped_by=_grouped_by(table, review),
        footnotes=tuple(notes.numbered),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where links lead, up to the number of the study: a large table has thousands of them."""

    studies: str
    reasons: str
    values: str


def _places(review: Review) -> _Places:
    study = {"slug": review.slug, "study_id": 0}
    return _Places(
        studies=reverse("extraction:study", kwargs=study).removesuffix("0/"),
        reasons=reverse("analytics:table1-study", kwargs=study).removesuffix("0/"),
        values=reverse("analytics:value", kwargs={**study, "row_key": "x"}).removesuffix("0/x/"),
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every row needs."""

    places: _Places
    columns: list[Column]
    notes: Footnotes
    query: str = ""

    def row(self, row: Row) -> PageRow:
        cells: list[PageCell] = []
        gap = 0
        for column in self.columns:
            if row.reason and column.is_result:
                gap += 1
                continue
            if gap:
                cells.append(PageCell("", note=row.reason, is_gap=True, span=gap))
                gap = 0
            cells.append(self.cell(row, column))
        if gap:
            cells.append(PageCell("", note=row.reason, is_gap=True, span=gap))
        author = f"{row.text('first_author')} {row.text('year')}".strip()
        return PageRow(
            author=author or row.text("title"),
            title=row.text("title"),
            url=f"{self.places.studies}{row.study_id}/",
            cells=tuple(cells),
            why=" ".join(row.trace) or ONLY_ONE,
            why_url=f"{self.places.reasons}{row.study_id}/",
            is_by_hand=row.is_by_hand,
            marks=self.notes.of(FIRST, row),
        )

    def cell(self, row: Row, column: Column) -> PageCell:
        value = row.values.get(column.key, EMPTY)
        marks = self.notes.of(column, row)
        if not value.text:
            note = value.note or "not stated"
            return PageCell(
                "", note=note, is_number=column.is_number, is_void=value.applies, marks=marks
            )
        unit = value.cell.unit if value.cell and column.is_number else ""
        text, is_loss = printed(column.key, value.text, unit)
        return PageCell(
            text=text,
            url=self._proof(row, column),
            note=_proof_of(value),
            is_number=column.is_number,
            is_loss=is_loss,
            marks=marks,
        )

    def _proof(self, row: Row, column: Column) -> str:
        key = row.subset if column.key in SUBSETS else row.experiment
        if not (column.is_number and column.is_result and key):
            return ""
        return f"{self.places.values}{row.study_id}/{key}/{self.query}"


def _is_default(table: Table) -> bool:
    """Whether title and id of the study close the table, as they do unless columns are chosen."""
    return [one.key for one in table.columns][-2:] == ["title", "study_id"]


def _grouped_by(table: Table, review: Review) -> str:
    if not table.group_column:
        return ""
    label = next((one.label for one in table.columns if one.key == table.group_column), "")
    if label:
        return label.lower()
    form = reported_form(review)
    field = form.find(table.group_column) if form else None
    return (field.label if field else table.group_column).lower()


def _column(column: Column, notes: Footnotes) -> PageColumn:
    width = WIDTHS.get(column.key, "w-wide" if column.is_number else "w-task")
    label = SHORT.get(column.label, column.label.removesuffix(" performance"))
    label = column.label if column.is_renamed else label
    return PageColumn(column.key, label, width, column.is_number, notes.of(column))


def _proof_of(value: Value) -> str:
    """Status, page and quote of an answer, for the pointer that rests on it."""
    cell = value.cell
    if cell is None:
        return ""
    page = f"{cell.status.value}, p. {cell.page}" if cell.page else cell.status.value
    return ": ".join(part for part in (page, cell.quote) if part)
