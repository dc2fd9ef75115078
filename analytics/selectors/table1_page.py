"""Table 1 as its page shows it: groups, short columns, and a link from each value to its proof."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from analytics.tables.model import EMPTY, Column, Row, Table, Value
from extraction.models import Study
from screening.models import Review

HIDDEN = {"year", "first_author", "title", "study_id"}  # they stand together in the first column
RESULTS_FROM = "metric"
SUBSET = "relative_difference_subset"
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
    "difference": "Difference points",
    "relative_difference_full": "Relative, % full",
    "relative_difference_subset": "Relative, % subset",
}
SIGNED = {"difference": 1, "relative_difference_full": 2, "relative_difference_subset": 2}
PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class PageColumn:
    """One column head."""

    key: str
    label: str
    width: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell; `span` > 1 says in one place why all results are missing.

    `note` is the proof of a value, or why there is none.
    """

    text: str
    url: str = ""
    note: str = ""
    is_number: bool = False
    is_loss: bool = False
    is_void: bool = False
    span: int = 1


@dataclass(frozen=True, slots=True)
class PageRow:
    """One study."""

    author: str
    title: str
    url: str
    cells: tuple[PageCell, ...]


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
    with_results: int
    empty_cells: int
    awaiting: int

    @property
    def width(self) -> int:
        """Number of columns with the first."""
        return len(self.columns) + 1


def page_of(review: Review, table: Table) -> TablePage:
    """Lay the table out for the page."""
    columns = [one for one in table.columns if one.key not in {*HIDDEN, table.group_column}]
    groups = tuple(
        PageGroup(words, words.replace(" ", "-"), tuple(_row(review, row, columns) for row in rows))
        for words, rows in table.groups()
    )
    waiting = Study.objects.filter(review=review).aggregate(
        n=Count("pk", filter=Q(extractions__isnull=True))
    )
    return TablePage(
        columns=tuple(_column(one) for one in columns),
        groups=groups,
        studies=len(table.rows),
        with_results=sum(not row.reason for row in table.rows),
        empty_cells=sum(
            cell.is_void for group in groups for row in group.rows for cell in row.cells
        ),
        awaiting=waiting["n"],
    )


def _column(column: Column) -> PageColumn:
    width = WIDTHS.get(column.key, "w-wide" if column.is_number else "w-task")
    label = SHORT.get(column.key, column.label.removesuffix(" performance"))
    return PageColumn(column.key, label, width, column.is_number)


def _row(review: Review, row: Row, columns: list[Column]) -> PageRow:
    keys = [column.key for column in columns]
    start = keys.index(RESULTS_FROM) if row.reason else len(columns)
    cells = [_cell(review, row, column) for column in columns[:start]]
    if row.reason:
        cells.append(PageCell("", note=row.reason, span=len(columns) - start))
    author = f"{row.text('first_author')} {row.text('year')}".strip()
    url = reverse("extraction:study", kwargs={"slug": review.slug, "study_id": row.study_id})
    return PageRow(author or row.text("title"), row.text("title"), url, tuple(cells))


def _cell(review: Review, row: Row, column: Column) -> PageCell:
    value = row.values.get(column.key, EMPTY)
    if not value.text:
        note = value.note or "not stated"
        return PageCell("", note=note, is_number=column.is_number, is_void=value.applies)
    text, is_loss = _shown(column.key, value)
    key = row.subset if column.key == SUBSET else row.experiment
    url = ""
    if column.is_number and key:
        url = reverse(
            "analytics:value",
            kwargs={"slug": review.slug, "study_id": row.study_id, "row_key": key},
        )
    return PageCell(text, url, _proof_of(value), column.is_number, is_loss)


def _proof_of(value: Value) -> str:
    """Page and quote of an answer, for the pointer that rests on it."""
    cell = value.cell
    if cell is None:
        return ""
    page = f"p. {cell.page}" if cell.page else ""
    return ": ".join(part for part in (page, cell.quote) if part)


def _shown(key: str, value: Value) -> tuple[str, bool]:
    """The text of a cell: signed and rounded when computed, with its unit when extracted."""
    if key in SIGNED:
        number = round(float(value.text), SIGNED[key])
        sign = "±" if number == 0 else "+" if number > 0 else "−"
        return f"{sign}{abs(number):.{SIGNED[key]}f}", number < 0
    if value.cell and value.cell.unit == PERCENT:
        return f"{value.text} %", False
    return value.text, False
