"""Writing what a spreadsheet brings, some studies at a time."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from extraction.models import (
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Reconciliation,
    SheetImport,
    Study,
)
from extraction.selectors.forms import current_form
from extraction.selectors.sheets import brought_by, reading_of_sheet, sheet_grid
from extraction.sheets.mapping import mapping_from_json
from extraction.sheets.reading import SheetProblem, SheetReading, SheetStudy, SheetValue
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability

CHUNK = 100  # studies a transaction
Progress = Callable[..., None]
Place = tuple[str, str, str]


def nobody_asks(**_facts: Any) -> None:
    """Progress that is told to nobody."""


def run_sheet(
    *, sheet: SheetImport, progress: Progress = nobody_asks, cursor: int | None = None
) -> None:
    """Import a started sheet, from the stored cursor on.

    The values become imported, submitted extractions of the named people. What stands already is
    never written over. Each chunk is one transaction with its progress, so that a second try goes
    on where the first ended.

    Args:
        sheet: A started sheet.
        progress: Takes `done`, `total`, `message` and `cursor`.
        cursor: Studies done before.

    Raises:
        PermissionDenied: Who started it may not import any more.
        ValidationError: The file or its mapping can be used no more.
    """
    author = Membership.objects.select_related("review", "user").get(pk=sheet.created_by_id)
    require(author, Capability.IMPORT)
    grid = sheet_grid(sheet)
    reading = reading_of_sheet(sheet, mapping_from_json(sheet.mapping), grid)
    form = current_form(sheet.review)
    if form is None:
        raise ValueError("The form is gone.")
    total = len(reading.studies)
    for start in range(cursor or 0, total, CHUNK):
        chunk = reading.studies[start : start + CHUNK]
        with transaction.atomic():
            _write(sheet, form, chunk, _problems_before(sheet, reading, start))
            done = start + len(chunk)
            progress(done=done, total=total, message="Studies imported", cursor=done)
    with transaction.atomic():
        sheet.refresh_from_db()
        if not total:
            sheet.problems = [asdict(one) for one in reading.problems]
        sheet.imported_at = timezone.now()
        sheet.started_at = sheet.started_at or sheet.imported_at
        sheet.save(update_fields=["imported_at", "started_at", "problems"])
        counts = brought_by(sheet)
        AuditEvent.objects.append_by(
            author,
            "extraction_sheet.imported",
            sheet,
            after={**asdict(counts), "problems": len(sheet.problems)},
        )


@dataclass(slots=True)
class _Chunk:
    """What a chunk is about to write."""

    sheet: SheetImport
    form: ExtractionForm
    rows: list[ExtractionRow] = field(default_factory=list)
    values: list[ExtractedValue] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)


def _problems_before(sheet: SheetImport, reading: SheetReading, start: int) -> list[dict[str, Any]]:
    if start == 0:
        return [asdict(one) for one in reading.problems]
    stored: list[dict[str, Any]] = SheetImport.objects.values_list("problems", flat=True).get(
        pk=sheet.pk
    )
    return stored


def _write(
    sheet: SheetImport,
    form: ExtractionForm,
    studies: Sequence[SheetStudy],
    problems: list[dict[str, Any]],
) -> None:
    chunk = _Chunk(sheet, form)
    ids = _study_ids(sheet, studies)
    extractions = _extractions(chunk, studies, ids)
    known = _known(extractions)
    _rows(chunk, studies, extractions, known)
    ExtractionRow.objects.bulk_create(chunk.rows)
    for one, extraction in zip(studies, extractions, strict=True):
        if extraction is not None:
            for value in one.values.values():
                _value(chunk, extraction, value, known)
    ExtractedValue.objects.bulk_create(chunk.values, batch_size=2000)
    sheet.problems = [*problems, *(asdict(one) for one in chunk.problems)]
    sheet.save(update_fields=["problems"])


def _study_ids(sheet: SheetImport, studies: Sequence[SheetStudy]) -> list[int]:
    """Ids of the studies; the unknown ones are made, once for all people that extracted them."""
    missing = {one.key.casefold(): one for one in studies if one.study_id is None}
    made = dict(
        zip(
            missing,
            Study.objects.bulk_create(
                Study(
                    review=sheet.review,
                    title=one.title,
                    first_author=one.first_author,
                    year=one.year,
                    label=one.key[:200],
                    created_by=sheet.created_by,
                    sheet=sheet,
                )
                for one in missing.values()
            ),
            strict=True,
        )
    )
    return [one.study_id or made[one.key.casefold()].pk for one in studies]


def _extractions(
    chunk: _Chunk, studies: Sequence[SheetStudy], ids: Sequence[int]
) -> list[Extraction | None]:
    """The imported extraction of each study and person; None where none may be."""
    stored = {
        (one.study_id, one.extractor_id): one
        for one in Extraction.objects.filter(study__in=ids).select_related("extractor__user")
    }
    reconciled = set(
        Reconciliation.objects.filter(study__in=ids).values_list("study_id", flat=True)
    )
    found: list[Extraction | None] = []
    fresh: list[Extraction] = []
    for one, study_id in zip(studies, ids, strict=True):
        person = one.person or chunk.sheet.extractor_id or 0
        place = (study_id, person)
        known = stored.get(place)
        problem = _refusal(known, is_reconciled=study_id in reconciled, has_person=bool(person))
        if problem:
            chunk.problems.append(SheetProblem(one.address, "", one.key, problem))
            found.append(None)
            continue
        if known is None:
            known = stored[place] = Extraction(
                study_id=study_id,
                form=chunk.form,
                extractor_id=person,
                origin=Extraction.Origin.IMPORT,
                submitted_at=timezone.now(),
                sheet=chunk.sheet,
            )
            fresh.append(known)
        found.append(known)
    Extraction.objects.bulk_create(fresh)
    return found


def _refusal(known: Extraction | None, *, is_reconciled: bool, has_person: bool) -> str:
    if not has_person:
        return "The row names nobody and no person is chosen; the study is not imported."
    if is_reconciled:
        return "The study is being reconciled, so its extractions stay as they are."
    if known is not None and known.origin == Extraction.Origin.PAGE:
        name = known.extractor.user.name
        return (
            f"{name} has extracted this study in the form, and an import never writes into that. "
            "Choose another person."
        )
    return ""


@dataclass(slots=True)
class _Known:
    """What the extractions hold: rows by key, current values by row and field, last positions."""

    rows: dict[tuple[int, str, str], ExtractionRow] = field(default_factory=dict)
    values: dict[tuple[int, int | None, str], ExtractedValue] = field(default_factory=dict)
    last: dict[tuple[int, str], int] = field(default_factory=dict)


def _known(extractions: Sequence[Extraction | None]) -> _Known:
    known = _Known()
    ids = {one.pk for one in extractions if one is not None}
    for row in ExtractionRow.objects.filter(extraction__in=ids, removed_at__isnull=True):
        if row.sheet_key:
            known.rows[row.extraction_id, row.group, row.sheet_key] = row
        place = (row.extraction_id, row.group)
        known.last[place] = max(known.last.get(place, 0), row.position)
    for value in ExtractedValue.objects.current().filter(extraction__in=ids):
        known.values[value.extraction_id, value.row_id, value.field] = value
    return known


def _rows(
    chunk: _Chunk,
    studies: Sequence[SheetStudy],
    extractions: Sequence[Extraction | None],
    known: _Known,
) -> None:
    for one, extraction in zip(studies, extractions, strict=True):
        if extraction is None:
            continue
        for group, key, has_own_key in one.rows:
            place = (extraction.pk, group, key)
            if place in known.rows:
                continue
            position = known.last.get(place[:2], 0) + 1
            known.last[place[:2]] = position
            row = ExtractionRow(
                extraction=extraction,
                group=group,
                position=position,
                sheet=chunk.sheet,
                sheet_key=key if has_own_key else "",
            )
            known.rows[place] = row
            chunk.rows.append(row)


def _value(chunk: _Chunk, extraction: Extraction, value: SheetValue, known: _Known) -> None:
    row = known.rows[extraction.pk, value.group, value.row] if value.group else None
    standing = known.values.get((extraction.pk, row.pk if row else None, value.field))
    if standing is not None:
        if (standing.value, standing.unit) != (value.value, value.unit):
            message = "An earlier import says otherwise; what stands is kept."
            problem = SheetProblem(value.address, value.field, value.text, message)
            chunk.problems.append(problem)
        return
    chunk.values.append(
        ExtractedValue(
            extraction=extraction,
            row=row,
            field=value.field,
            value=value.value,
            unit=value.unit,
            sheet=chunk.sheet,
            **value.evidence,
        )
    )
