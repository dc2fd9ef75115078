"""Cells that need a revisit since the form changed, as each member may know of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from extraction.models import (
    ExtractedValue,
    Extraction,
    ExtractionRow,
    Reconciliation,
    Revisit,
    Study,
)
from extraction.schema.definition import FormSketch
from extraction.schema.editing import level_of
from screening.models import Review

Place = tuple[int | None, str]


def revisits_of(extraction: Extraction) -> Mapping[Place, list[str]]:
    """Open revisits of one's own extraction: reasons by row and field."""
    found: dict[Place, list[str]] = defaultdict(list)
    for one in Revisit.objects.open().filter(extraction=extraction).order_by("pk"):
        found[one.row_id, one.field].append(one.reason)
    return found


def has_revisit(extraction: Extraction, field: str, row: ExtractionRow | None) -> bool:
    """Whether a cell needs a revisit."""
    known = Revisit.objects.open().filter(extraction=extraction, field=field, row=row)
    return known.exists()


def revisit_counts(review: Review) -> Mapping[int, int]:
    """How many cells of each study need a revisit; studies without any are absent.

    A count says nothing of an answer, so that everybody may see it.
    """
    kept = Q(row__isnull=True) | Q(row__removed_at__isnull=True)
    open_ones = Revisit.objects.open().of_review(review).filter(kept)
    counts: dict[int, int] = defaultdict(int)
    for study in open_ones.values_list(
        Coalesce("extraction__study_id", "reconciliation__study_id"), flat=True
    ):
        counts[study] += 1
    return counts


def extraction_revisits(extractions: Iterable[Extraction]) -> Mapping[int, int]:
    """How many cells of each extraction need a revisit."""
    return dict(
        Revisit.objects.open()
        .filter(extraction__in=list(extractions))
        .values("extraction")
        .annotate(count=Count("pk"))
        .values_list("extraction", "count")
    )


def settled_revisits(study: Study) -> list[Revisit]:
    """Open revisits of what was reconciled for a study."""
    known = Reconciliation.objects.filter(study=study)
    found = Revisit.objects.open().filter(reconciliation__in=known)
    return list(found.select_related("consensus_row").order_by("pk"))


def outside_the_form(extraction: Extraction, form: FormSketch) -> list[ExtractedValue]:
    """Values of an extraction that the form of now has no field for; they stay stored."""
    known = {(level_of(group), field.key) for group in form.groups for field in group.fields}
    taken = {
        (level_of(group), key)
        for group in form.groups
        for field in group.fields
        for key in field.was
    }
    values = (
        extraction.values.current()
        .filter(Q(row__isnull=True) | Q(row__removed_at__isnull=True))
        .exclude(value__isnull=True)
        .select_related("row")
        .order_by("row__position", "pk")
    )
    places = [(value.row.group if value.row else "", value.field) for value in values]
    is_known = [place in known | taken for place in places]
    return [value for value, known_here in zip(values, is_known, strict=True) if not known_here]
