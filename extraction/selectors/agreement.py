"""How often the two extractors of a study say the same, field by field over all studies."""

from collections import defaultdict
from dataclasses import dataclass

from extraction.models import Extraction, Study
from extraction.permissions import EXTRACTIONS_NEEDED
from extraction.schema.comparing import Answer, FieldAgreement, field_agreement
from extraction.schema.fields import Field, Group
from extraction.selectors.comparison import answer_of, comparison_of
from screening.models import Review

Pairs = list[tuple[Answer | None, Answer | None]]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One field of the table."""

    group: Group
    field: Field
    agreement: FieldAgreement


@dataclass(frozen=True, slots=True)
class ExtractionAgreement:
    """The whole table and what it counts."""

    studies: int
    lines: list[AgreementLine]


def extraction_agreement(review: Review) -> ExtractionAgreement:
    """Compare what both extractors entered before anything was settled.

    Only studies that two people have submitted count: nobody is unblinded by it, and an import
    is no second reading. Rows are aligned by content; a row of one alone counts as answered by
    one alone.
    """
    studies = [
        study
        for study in Study.objects.filter(review=review).prefetch_related("extractions")
        if _submitted(study) >= EXTRACTIONS_NEEDED
    ]
    cells: dict[tuple[str, str], Pairs] = defaultdict(list)
    fields: dict[tuple[str, str], tuple[Group, Field]] = {}
    for study in studies:
        comparison = comparison_of(study)
        for shown in comparison.groups if comparison else []:
            for cell in [*shown.cells, *(cell for row in shown.rows for cell in row.cells)]:
                key = (shown.group.key, cell.field.key)
                fields[key] = (shown.group, cell.field)
                cells[key].append((answer_of(cell.a), answer_of(cell.b)))
    lines = [
        AgreementLine(group, field, field_agreement(field, cells[key]))
        for key, (group, field) in fields.items()
    ]
    return ExtractionAgreement(len(studies), lines)


def _submitted(study: Study) -> int:
    return sum(
        one.origin == Extraction.Origin.PAGE and one.submitted_at is not None
        for one in study.extractions.all()
    )
