"""What was extracted, for export: the team's answers, or each person's that one may see."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from analytics.tables.extracted import Entry, levels_of, long_table, wide_table
from analytics.tables.model import Table
from analytics.tables.writers import to_csv, to_excel_csv
from analytics.tables.xlsx import to_workbook
from extraction.models import ExtractedValue, Extraction, ExtractionRow, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.schema.answers import AnswerStatus, Cell, StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.answers import scalar, study_answers
from extraction.selectors.forms import current_form, definition_of
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
    found = list(
        readable_extractions(membership)
        .select_related("study", "extractor__user")
        .order_by("study_id", "pk")
    )
    ids = [one.pk for one in found]
    cells: dict[tuple[int, int | None], dict[str, Cell]] = defaultdict(dict)
    notes: dict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
    current = ExtractedValue.objects.current().filter(extraction__in=ids).order_by("pk")
    names = ("extraction_id", "row_id", "field", "value", "unit", "note", "pk", *EVIDENCE)
    for extraction, row, key, value, unit, note, pk, *proof in current.values_list(*names):
        known = scalar(value)
        if known is not None:
            evidence = dict(zip(EVIDENCE, proof, strict=True))
            cells[extraction, row][key] = Cell(known, unit, AnswerStatus.RAW, (pk,), **evidence)
            notes[extraction, row][key] = note
    rows = defaultdict(list)
    kept = ExtractionRow.objects.filter(extraction__in=ids, removed_at__isnull=True)
    for row_ in kept.order_by("group", "position", "pk"):
        rows[row_.extraction_id].append(row_)
    entries = []
    for one in found:
        study = StudyAnswers(one.study_id, one.study.first_author, one.study.year, one.study.title)
        person, state = named_for(membership, one.extractor), _state(one)
        places = [(None, "", "", 0), *((r.pk, r.group, r.key, r.position) for r in rows[one.pk])]
        entries += [
            Entry(
                study=study,
                label=one.study.label,
                group=group,
                row_key=key,
                position=position,
                cells=cells[one.pk, place],
                notes=notes[one.pk, place],
                person=person,
                state=state,
            )
            for place, group, key, position in places
        ]
    return entries


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
    entries = raw_entries(membership) if is_raw else team_entries(membership.review)
    tables = list(_tables(form, shape, entries, is_raw=is_raw))
    if file_format == "xlsx":
        return to_workbook(tables)
    if len(tables) > 1:
        raise ValueError("All tables at once come as xlsx.")
    write = to_excel_csv if file_format == "csv-excel" else to_csv
    return write(tables[0][1]).encode()


def extracted_name(review: Review, *, values: str, shape: str, file_format: str) -> str:
    """How the file of `extracted_file` is called."""
    kept = "-raw" if values == RAW else ""
    return f"extracted-{shape}{kept}-{review.slug}.{file_format.partition('-')[0]}"


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
