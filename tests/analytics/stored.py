"""Stores plain answers as imported extractions, so that pages have something to read."""

from collections.abc import Iterable

from extraction.models import ExtractedValue, Extraction, ExtractionForm, ExtractionRow, Study
from extraction.schema.answers import Cell, StudyAnswers
from extraction.schema.codec import to_json
from extraction.schema.definition import FormDefinition
from screening.models import Membership


def store(
    member: Membership, studies: Iterable[StudyAnswers], form: FormDefinition
) -> dict[str, ExtractionRow]:
    """Import the answers as that member; rows by the key they had."""
    stored = ExtractionForm.objects.create(
        review=member.review, version=1, definition=to_json(form), created_by=member
    )
    found: dict[str, ExtractionRow] = {}
    values: list[ExtractedValue] = []
    for one in studies:
        study = Study.objects.create(
            review=member.review,
            first_author=one.first_author,
            year=one.year,
            title=one.title,
            label=str(one.study_id),
        )
        extraction = Extraction.objects.create(
            study=study, form=stored, extractor=member, origin=Extraction.Origin.IMPORT
        )
        values += [_value(extraction, None, key, cell) for key, cell in one.cells.items()]
        for row in one.rows:
            kept = ExtractionRow.objects.create(
                extraction=extraction, group=row.group, position=row.position
            )
            found[row.key] = kept
            values += [_value(extraction, kept, key, cell) for key, cell in row.cells.items()]
    ExtractedValue.objects.bulk_create(values)
    return found


def _value(
    extraction: Extraction, row: ExtractionRow | None, key: str, cell: Cell
) -> ExtractedValue:
    return ExtractedValue(
        extraction=extraction,
        row=row,
        field=key,
        value=list(cell.value) if isinstance(cell.value, tuple) else cell.value,
        unit=cell.unit,
        page=cell.page,
        quote=cell.quote,
        location=cell.location,
        source_url=cell.source_url,
    )
