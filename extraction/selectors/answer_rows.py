"""What answers are made of as it is stored: heads of studies, rows, values in order of study."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionRow,
)
from extraction.permissions import EXTRACTIONS_NEEDED, verified_reviews
from extraction.selectors.past import reconciled_rows_then, studies_then
from screening.models import Review
from screening.selectors.moments import existing, not_ended, standing

EVIDENCE = ("page", "quote", "location", "source_url", "full_text_id")
CHUNK = 5_000
MOST_NAMED = 400  # more studies than these are cheaper read with all others
Kind = TypeVar("Kind", bound=Model)
Ids = Collection[int] | None
Values = Callable[[int], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which answers are read; see `study_answers`."""

    include_raw: bool = False
    only_reconciled: bool = False
    as_of: datetime | None = None


class Head(NamedTuple):
    """One study and which of its extractions answer; None where there is none."""

    study_id: int
    first_author: str
    year: int | None
    title: str
    is_final: bool
    is_verification: bool
    imported: int | None
    raw: int | None


class StoredRow(NamedTuple):
    """One standing row of a repeating group; settled rows belong to no extraction."""

    pk: int
    extraction_id: int | None
    group: str
    key: str
    position: int


def heads_of(review: Review, sight: Sight, studies: Ids = None) -> list[Head]:
    """The standing studies by id, each with its newest import.

    Where raw values are asked for also with its first extraction, if all who extract have
    submitted, also by the moment asked for.
    """
    of_page = Q(extractions__origin=Extraction.Origin.PAGE)
    done = of_page & Q(extractions__submitted_at__isnull=False)
    brought = Q(extractions__origin=Extraction.Origin.IMPORT)
    if sight.as_of is not None:
        done &= Q(extractions__submitted_at__lte=sight.as_of)
        brought &= existing(sight.as_of, "extractions__")
    has_raw = sight.include_raw and not sight.only_reconciled
    needs_two: Any = Value(value=False)
    if has_raw and review.is_extraction_blinded:
        needs_two = ~Exists(verified_reviews().filter(review=OuterRef("review")))
    found = (
        _narrowed(studies_then(review, sight.as_of), "pk", studies)
        .annotate(
            imported=Max("extractions", filter=brought),
            first=Min("extractions", filter=of_page),
            of_pages=Count("extractions", filter=of_page),
            submitted=Count("extractions", filter=done),
            needs_two=needs_two,
        )
        .order_by("pk")
    )
    plain = ("pk", "first_author", "year", "title")
    settled = ("finalised_at", "extraction_a", "extraction_b")
    names = (*plain, *(f"reconciliation__{one}" for one in settled))
    heads = []
    counted = ("imported", "first", "of_pages", "submitted", "needs_two")
    for pk, author, year, title, finalised, a, b, *counts in found.values_list(*names, *counted):
        imported, first, of_pages, submitted, is_double = counts
        if studies is not None and pk not in studies:
            continue
        needed = EXTRACTIONS_NEEDED if is_double else 1
        is_ready = has_raw and of_pages == submitted >= needed
        verifies = a is not None and b is None
        raw = first if is_ready else None
        is_final = finalised is not None and (sight.as_of is None or finalised <= sight.as_of)
        imported = None if sight.only_reconciled else imported
        heads.append(Head(pk, author, year, title, is_final, verifies, imported, raw))
    return heads


def rows_of(review: Review, sight: Sight, studies: Ids = None) -> dict[int, list[StoredRow]]:
    """All standing rows by study, in the order of the form: settled and extracted ones."""
    names = ("of_study", "pk", "of_extraction", "group", "key", "position")
    extracted = _narrowed(
        ExtractionRow.objects.filter(
            standing(sight.as_of, "removed_at"), extraction__study__review=review
        ).annotate(of_study=F("extraction__study_id"), of_extraction=F("extraction_id")),
        "extraction__study_id",
        studies,
    )
    settled = _narrowed(
        ConsensusRow.objects.filter(not_ended(sight.as_of, "retired_at"))
        .filter(reconciled_rows_then(review, sight.as_of), reconciliation__study__review=review)
        .annotate(
            of_study=F("reconciliation__study_id"),
            of_extraction=Value(None, output_field=IntegerField(null=True)),
        ),
        "reconciliation__study_id",
        studies,
    )
    both = (
        extracted.order_by()
        .values_list(*names)
        .union(settled.order_by().values_list(*names), all=True)
    )
    found: dict[int, list[StoredRow]] = defaultdict(list)
    for study, *row in both.order_by("position", "pk"):
        found[study].append(StoredRow(*row))
    return found


def prints_of(
    review: Review, heads: Iterable[Head], rows: dict[int, list[StoredRow]]
) -> dict[int, str]:
    """What tells each study's answers from those of another moment, in one query.

    Values are only ever added or superseded, so how many there are, the last of them, its moment
    and how many are superseded say whether any changed; heads and rows are taken as they are. The
    moment tells a study from itself in a restored database whose ids were given out again.
    """
    counts: dict[int, list[object]] = defaultdict(list)
    marks = [
        QuerySet(model)
        .filter(**{f"{path}__review": review})
        .order_by()
        .values(of_study=F(path))
        .annotate(
            kind=Value(kind),
            n=Count("pk"),
            last=Max("pk"),
            moment=Max("created_at"),
            gone=Count("superseded_at"),
        )
        .values_list("of_study", "kind", "n", "last", "moment", "gone")
        for kind, (model, path) in enumerate(
            ((ExtractedValue, "extraction__study"), (ConsensusValue, "reconciliation__study"))
        )
    ]
    for study, *mark in marks[0].union(marks[1], all=True).order_by("kind"):
        counts[study].append(tuple(mark))
    return {
        one.study_id: _print((tuple(one), rows.get(one.study_id, []), counts[one.study_id]))
        for one in heads
    }


def _print(facts: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def typed_values(review: Review, sight: Sight, studies: Ids) -> Values:
    """Values that stand, as extractors typed them or files brought them, study by study.

    Each is study, extraction, row, field, stored value, unit, id, evidence, and whether it is
    marked.
    """
    found = ExtractedValue.objects.filter(
        standing(sight.as_of, "superseded_at"), extraction__study__review=review
    )
    if not sight.include_raw:
        found = found.filter(extraction__origin=Extraction.Origin.IMPORT)
    names = ("extraction__study_id", "extraction_id", "row_id", "field", "value", "unit", "pk")
    return _in_order(found, names, studies)


def settled_values(review: Review, sight: Sight, studies: Ids) -> Values:
    """Settled values that stand, study by study.

    Each is study, row, field, stored value, unit, id, both raw values, why, by whom, evidence, and
    whether it is marked.
    """
    found = ConsensusValue.objects.filter(
        standing(sight.as_of, "superseded_at"), reconciliation__study__review=review
    )
    names = ("reconciliation__study_id", "row_id", "field", "value", "unit", "pk")
    proof = ("value_a_id", "value_b_id", "rationale", "decided_by__user__name")
    return _in_order(found, (*names, *proof), studies)


def _in_order(found: QuerySet[Any], names: tuple[str, ...], studies: Ids) -> Values:
    """Values by study, to be asked for in ascending order of the studies' ids.

    `value` is the JSON text as it is stored: most of them come again and again, see `Decoded`.
    """
    names = tuple("stored" if name == "value" else name for name in names)
    stored = Cast("value", TextField())
    # no BooleanField and no number, whose values Django turns one by one: 0 or 1, or a boolean
    is_marked = ExpressionWrapper(~Q(rectangles=[]), output_field=TextField())
    ordered = _narrowed(found, names[0], studies).annotate(is_marked=is_marked, stored=stored)
    ordered = ordered.order_by(names[0])
    stream = ordered.values_list(*names, *EVIDENCE, "is_marked").iterator(chunk_size=CHUNK)
    groups = groupby(stream, key=itemgetter(0))
    ahead: list[tuple[int, Iterator[tuple[Any, ...]]]] = []

    def of_study(study_id: int) -> Iterable[tuple[Any, ...]]:
        while True:
            if not ahead:
                following = next(groups, None)
                if following is None:
                    return ()
                ahead.append(following)
            if ahead[0][0] > study_id:
                return ()
            key, values = ahead.pop()
            if key == study_id:
                return values

    return of_study


def _narrowed(found: QuerySet[Kind], path: str, studies: Ids) -> QuerySet[Kind]:
    if studies is None or len(studies) > MOST_NAMED:
        return found
    return found.filter(**{f"{path}__in": list(studies)})
