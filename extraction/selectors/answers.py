"""The answers of all studies in plain data: reconciled, else imported; blinded values never."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Study,
)
from extraction.permissions import extractions_needed
from extraction.schema.answers import AnswerRow, AnswerStatus, Cell, Scalar, StudyAnswers
from extraction.selectors.memory import collection_paused
from extraction.selectors.past import reconciled_rows_then, studies_then
from screening.models import Review
from screening.selectors.moments import existing, not_ended, standing

EVIDENCE = ("page", "quote", "location", "source_url", "full_text_id")
Cells = dict[str, Cell | None]


@dataclass(slots=True)
class _Layer:
    """Answers of one standing, by study; None marks a cell settled as having no answer."""

    cells: dict[int, Cells] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[int, list[AnswerRow]] = field(default_factory=lambda: defaultdict(list))


def study_answers(
    *,
    review: Review,
    include_raw: bool = False,
    only_reconciled: bool = False,
    as_of: datetime | None = None,
) -> list[StudyAnswers]:
    """All answers of a review's studies, in a constant number of queries.

    Args:
        review: The review.
        include_raw: Also take an extractor's unreconciled values where nothing better is known
            and every extractor of the study has submitted (so nobody is unblinded by it).
        only_reconciled: Take nothing but what a second person settled or verified.
        as_of: The answers as they stood at this moment; now without it. What cannot be told of
            the past is named in `extraction.selectors.past`.

    Returns:
        One item a study, by id. For each cell the reconciled value, else the imported one, else
        (if asked for) the raw one; rows of a group come from the best layer that has any.
    """
    with collection_paused():
        layers = [_reconciled(review, as_of)]
        if not only_reconciled:
            layers.append(_extracted(review, _imported_extractions(review, as_of), as_of))
        if include_raw and not only_reconciled:
            submitted = _submitted_extractions(review, as_of)
            layers.append(_extracted(review, submitted, as_of, AnswerStatus.RAW))
        return _study_answers(review, layers, as_of)


def _study_answers(
    review: Review, layers: Sequence[_Layer], as_of: datetime | None
) -> list[StudyAnswers]:
    by_then = Q() if as_of is None else Q(finalised_at__lte=as_of)
    final = set(
        Reconciliation.objects.filter(
            by_then, study__review=review, finalised_at__isnull=False
        ).values_list("study_id", flat=True)
    )
    return [
        StudyAnswers(
            study_id=study.pk,
            first_author=study.first_author,
            year=study.year,
            title=study.title,
            is_final=study.pk in final,
            cells=_merged_cells([layer.cells.get(study.pk, {}) for layer in layers]),
            rows=_merged_rows([layer.rows.get(study.pk, []) for layer in layers]),
        )
        for study in studies_then(review, as_of).order_by("pk")
    ]


def scalar(value: object) -> Scalar | None:
    """A stored JSON value as the pure rooms know it; None for a cleared cell."""
    if isinstance(value, list):
        return tuple(map(str, value))
    return value if isinstance(value, bool | str) else None


def _merged_cells(layers: Iterable[Mapping[str, Cell | None]]) -> dict[str, Cell]:
    merged: Cells = {}
    for layer in layers:
        for key, cell in layer.items():
            merged.setdefault(key, cell)
    return {key: cell for key, cell in merged.items() if cell is not None}


def _merged_rows(layers: Iterable[Sequence[AnswerRow]]) -> list[AnswerRow]:
    merged: list[AnswerRow] = []
    for layer in layers:
        known = {row.group for row in merged}
        merged.extend(row for row in layer if row.group not in known)
    return merged


def _imported_extractions(review: Review, as_of: datetime | None) -> dict[int, int]:
    """The newest imported extraction of each study: id of the extraction to id of the study."""
    found = Extraction.objects.filter(
        existing(as_of), study__review=review, origin=Extraction.Origin.IMPORT
    )
    newest = dict(found.order_by("pk").values_list("study_id", "pk"))
    return {extraction: study for study, extraction in newest.items()}


def _submitted_extractions(review: Review, as_of: datetime | None) -> dict[int, int]:
    """The first extraction of each study whose extractors have all submitted, also by then."""
    page = Q(extractions__origin=Extraction.Origin.PAGE)
    by_then = Q(extractions__submitted_at__isnull=False)
    if as_of is not None:
        by_then = Q(extractions__submitted_at__lte=as_of)
    needed = extractions_needed(review) if review.is_extraction_blinded else 1
    studies = Study.objects.filter(review=review).annotate(
        of_pages=Count("extractions", filter=page),
        submitted=Count("extractions", filter=page & by_then),
    )
    ready = studies.filter(of_pages=F("submitted"), submitted__gte=needed)
    found = Extraction.objects.filter(study__in=ready, origin=Extraction.Origin.PAGE)
    first = dict(found.order_by("-pk").values_list("study_id", "pk"))
    return {extraction: study for study, extraction in first.items()}


def _extracted(
    review: Review,
    extractions: Mapping[int, int],
    as_of: datetime | None,
    status: AnswerStatus = AnswerStatus.IMPORTED,
) -> _Layer:
    layer = _Layer()
    of_row: dict[int, dict[str, Cell]] = defaultdict(dict)
    values = ExtractedValue.objects.filter(
        standing(as_of, "superseded_at"), extraction__study__review=review
    )
    columns = ("extraction_id", "row_id", "field", "value", "unit", "pk", *EVIDENCE)
    found = values.values_list(*columns)  # 13 an experiment: read without a step too many
    for extraction, row, key, value, unit, pk, page, quote, location, url, text in found:
        known = value if value.__class__ is str else scalar(value)
        if known is None or extraction not in extractions:
            continue
        cell = Cell(known, unit, status, (pk,), None, page, quote, location, url, text)
        if row is None:
            layer.cells[extractions[extraction]][key] = cell
        else:
            of_row[row][key] = cell
    rows = ExtractionRow.objects.filter(
        standing(as_of, "removed_at"), extraction__study__review=review
    ).order_by("position", "pk")
    for pk, extraction, group, key, position in rows.values_list(
        "pk", "extraction_id", "group", "key", "position"
    ):
        if extraction in extractions:
            answer = AnswerRow(key=key, group=group, position=position, cells=of_row[pk])
            layer.rows[extractions[extraction]].append(answer)
    return layer


def _verifications(review: Review) -> QuerySet[Reconciliation, int]:
    """Studies of which a second person checks the one extraction."""
    found = Reconciliation.objects.filter(
        study__review=review, extraction_a__isnull=False, extraction_b__isnull=True
    )
    return found.values_list("study_id", flat=True)


def _reconciled(review: Review, as_of: datetime | None) -> _Layer:
    layer = _Layer()
    of_row: dict[int, Cells] = defaultdict(dict)
    values = ConsensusValue.objects.filter(
        standing(as_of, "superseded_at"), reconciliation__study__review=review
    )
    columns = ("reconciliation__study_id", "row_id", "field", "value", "unit", "pk")
    proof = ("value_a_id", "value_b_id", "rationale", "decided_by__user__name")
    verified = set(_verifications(review))
    for study, row, key, value, unit, pk, *rest in values.values_list(*columns, *proof, *EVIDENCE):
        a, b, rationale, decided_by = rest[:4]
        known = scalar(value)
        cell = None
        if known is not None:
            cell = Cell(
                value=known,
                unit=unit,
                status=AnswerStatus.VERIFIED if study in verified else AnswerStatus.RECONCILED,
                value_ids=tuple(one for one in (a, b) if one is not None),
                consensus_id=pk,
                rationale=rationale,
                decided_by=decided_by,
                **dict(zip(EVIDENCE, rest[4:], strict=True)),
            )
        (layer.cells[study] if row is None else of_row[row])[key] = cell
    rows = (
        ConsensusRow.objects.filter(not_ended(as_of, "retired_at"))
        .filter(reconciled_rows_then(review, as_of), reconciliation__study__review=review)
        .order_by("position", "pk")
    )
    for row in rows.select_related("reconciliation"):
        cells = _merged_cells([of_row[row.pk]])
        answer = AnswerRow(key=row.key, group=row.group, position=row.position, cells=cells)
        layer.rows[row.reconciliation.study_id].append(answer)
    return layer
