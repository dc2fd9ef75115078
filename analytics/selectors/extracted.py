"""What was extracted, for export: the team's answers, or each person's that one may see."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from analytics.tables.extracted import (
    Entry,
    levels_of,
    long_columns,
    long_lines,
    long_table,
    wide_table,
)
from analytics.tables.model import Table
from analytics.tables.writers import BYTE_ORDER_MARK, lines_as_csv, to_csv
from analytics.tables.xlsx import to_workbook
from extraction.models import ExtractedValue, Extraction, ExtractionRow, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.schema.answers import AnswerStatus, Cell, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.answers import Decoded, study_answers
from extraction.selectors.forms import current_form, definition_of
from extraction.selectors.memory import collection_paused
from screening.models import Membership, Review
from screening.selectors.people import named_for

RECONCILED, RAW = "reconciled", "raw"
VALUES = (RECONCILED, RAW)
LONG, ALL = "long", "all"
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "csv-excel": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 5_000
Place = tuple[int, int | None]  # extraction and row
EVIDENCE = ("page", "quote", "location", "source_url", "full_text_id")


def exported_form(review: Review) -> FormDefinition | None:
    """The form in force, or None before the first is published."""
    form = current_form(review)
    return definition_of(form) if form else None


def team_entries(review: Review) -> list[Entry]:
    """Reconciled answers, else imported ones, as Table 1 and the figures take them."""
    labels = dict(Study.objects.filter(review=review).values_list("pk", "label"))
    return [
        entry
        for study in study_answers(review=review)
        for entry in _of_team(study, labels[study.study_id])
    ]


def raw_entries(membership: Membership) -> list[Entry]:
    """What each person extracted, of the extractions that the member may read.

    In a fixed number of queries. Removed rows and replaced values are left out.
    """
    readable = readable_extractions(membership)
    with collection_paused():
        cells, notes = _raw_cells(readable)
        rows = defaultdict(list)
        kept = ExtractionRow.objects.filter(extraction__in=_ids(readable), removed_at__isnull=True)
        names = ("extraction_id", "pk", "group", "key", "position")
        for extraction, *row in kept.order_by("group", "position", "pk").values_list(*names):
            rows[extraction].append(row)
        entries = []
        found = readable.select_related("study", "extractor__user").order_by("study_id", "pk")
        for one in found:
            known = one.study
            study = StudyAnswers(one.study_id, known.first_author, known.year, known.title)
            person, state = named_for(membership, one.extractor), _state(one)
            entries += [
                Entry(
                    study=study,
                    label=known.label,
                    group=group,
                    row_key=key,
                    position=position,
                    cells=cells.get((one.pk, place), {}),
                    notes=notes.get((one.pk, place), {}),
                    person=person,
                    state=state,
                )
                for place, group, key, position in [(None, "", "", 0), *rows[one.pk]]
            ]
        return entries


def _raw_cells(
    readable: QuerySet[Extraction],
) -> tuple[dict[Place, dict[str, Cell]], dict[Place, dict[str, str]]]:
    """Current values and the notes beside them, by extraction and row, then by field."""
    cells: dict[Place, dict[str, Cell]] = defaultdict(dict)
    notes: dict[Place, dict[str, str]] = defaultdict(dict)
    decoded = Decoded()
    current = ExtractedValue.objects.current().filter(extraction__in=_ids(readable))
    names = ("extraction_id", "row_id", "field", "stored", "unit", "note", "pk", *EVIDENCE)
    values = current.annotate(stored=Cast("value", TextField())).order_by("pk")
    stream = values.values_list(*names).iterator(chunk_size=CHUNK)
    for extraction, row, key, stored, unit, note, pk, *proof in stream:
        known = decoded[stored]
        if known is not None:
            cells[extraction, row][key] = Cell(known, unit, AnswerStatus.RAW, (pk,), None, *proof)
            if note:
                notes[extraction, row][key] = note
    return cells, notes


def _ids(readable: QuerySet[Extraction]) -> QuerySet[Extraction, int]:
    return readable.order_by().values_list("pk", flat=True)


def readable_extractions(membership: Membership) -> QuerySet[Extraction]:
    """Extractions whose raw values a member may read: `can_read_values` for all at once."""
    extractions = Extraction.objects.filter(study__review=membership.review)
    if not membership.review.is_extraction_blinded:
        return extractions
    page = Extraction.Origin.PAGE
    submitted = Q(extractions__origin=page, extractions__submitted_at__isnull=False)
    open_studies = (
        Study.objects.filter(review=membership.review)
        .annotate(submitted=Count("extractions", filter=submitted))
        .filter(submitted__gte=EXTRACTIONS_NEEDED)
    )
    return extractions.filter(
        Q(extractor=membership)
        | Q(origin=Extraction.Origin.IMPORT)
        | Q(study__in=open_studies.values("pk"))
    )


def _of_team(study: StudyAnswers, label: str) -> Iterator[Entry]:
    yield Entry(study, label, cells=study.cells)
    for row in study.rows:
        yield Entry(study, label, row.group, row.key, row.position, row.cells)


def _state(extraction: Extraction) -> str:
    if extraction.origin == Extraction.Origin.IMPORT:
        return "imported"
    return "submitted" if extraction.submitted_at else "draft"


def extracted_file(membership: Membership, *, values: str, shape: str, file_format: str) -> bytes:
    """The answers as a file.

    Args:
        membership: Who takes them; raw answers are those this member may read.
        values: `reconciled` (imported where nothing is reconciled) or `raw`.
        shape: `long`, a level of the wide form, or `all` for every level in one workbook.
        file_format: csv, csv-excel or xlsx.

    Raises:
        ValueError: There is no such shape or format, or no form.
    """
    form = exported_form(membership.review)
    if form is None:
        raise ValueError("No extraction form is published yet.")
    if values not in VALUES or file_format not in FORMATS:
        raise ValueError(f"There is no export of {values} values as {file_format}.")
    is_raw = values == RAW
    with collection_paused():
        entries = raw_entries(membership) if is_raw else team_entries(membership.review)
        if file_format == "xlsx":
            return to_workbook(list(_tables(form, shape, entries, is_raw=is_raw)))
        mark = BYTE_ORDER_MARK if file_format == "csv-excel" else ""
        return (mark + _csv(form, shape, entries, is_raw=is_raw)).encode()


def extracted_name(review: Review, *, values: str, shape: str, file_format: str) -> str:
    """How the file of `extracted_file` is called."""
    kept = "-raw" if values == RAW else ""
    return f"extracted-{shape}{kept}-{review.slug}.{file_format.partition('-')[0]}"


def _csv(form: FormDefinition, shape: str, entries: list[Entry], *, is_raw: bool) -> str:
    if shape == LONG:
        keys = (one.key for one in long_columns(is_raw=is_raw))
        return lines_as_csv(keys, long_lines(form, entries, is_raw=is_raw))
    tables = list(_tables(form, shape, entries, is_raw=is_raw))
    if len(tables) > 1:
        raise ValueError("All tables at once come as xlsx.")
    return to_csv(tables[0][1])


def _tables(
    form: FormDefinition, shape: str, entries: list[Entry], *, is_raw: bool
) -> Iterator[tuple[str, Table]]:
    if shape in {LONG, ALL}:
        yield LONG, long_table(form, entries, is_raw=is_raw)
    known = dict(levels_of(form))
    if shape not in {LONG, ALL, *known}:
        raise ValueError(f"There is no table {shape}; there are {LONG}, {ALL}, {', '.join(known)}.")
    for level in known:
        if shape in {ALL, level}:
            yield level, wide_table(form, level, entries, is_raw=is_raw)
