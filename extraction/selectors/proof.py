"""How many values lead to their page and quote, and which settled values do not."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionSettings,
    Study,
)
from extraction.schema.comparison import ComparisonSpec
from extraction.selectors.comparison import ComparedCell, Comparison
from extraction.selectors.forms import current_form, definition_of
from screening.models import Review

Needed = ExtractionSettings.Evidence


@dataclass(frozen=True, slots=True)
class ProofCount:
    """Values and how many of them are proven, see `EvidenceModel.is_proven`."""

    values: int = 0
    proven: int = 0

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down, so that 100 means all; None without values."""
        return 100 * self.proven // self.values if self.values else None

    def __add__(self, other: "ProofCount") -> "ProofCount":
        """Both together."""
        return ProofCount(self.values + other.values, self.proven + other.proven)


def plotted_proof(review: Review, study: Study | None = None) -> ProofCount | None:
    """Of the values that tables and figures take, how many have page and quote.

    Both values of each experiment of the form's comparison: settled ones, else imported ones,
    as `study_answers` merges them. Two statements, whatever the size.

    Returns:
        None while the review has no form that compares anything.
    """
    spec = _spec_of(review)
    if spec is None:
        return None
    names = (spec.arm.field, spec.comparator.field)
    settled = ConsensusValue.objects.current().filter(
        reconciliation__study__review=review,
        reconciliation__study__joined_into__isnull=True,
        field__in=names,
        value__isnull=False,
        row__group=spec.group,
        row__retired_at__isnull=True,
        row__is_left_out=False,
    )
    imported = _imported(review, spec, names)
    if study is not None:
        settled = settled.filter(reconciliation__study=study)
        imported = imported.filter(extraction__study=study)
    return _count(settled) + _count(imported)


def unproven_cells(comparison: Comparison, needed: str) -> list[ComparedCell]:
    """Settled answers that lack the evidence which the review asks for."""
    if needed == Needed.NONE:
        return []
    spec = comparison.form.comparison
    names = (spec.arm.field, spec.comparator.field) if spec else ()
    return [
        cell
        for group in comparison.groups
        for cell in group.all_cells
        if cell.settled is not None
        and cell.settled.value is not None
        and not cell.settled.is_proven
        and (
            needed == Needed.ALL
            or (spec is not None and group.group.key == spec.group and cell.field.key in names)
        )
    ]


def settled_proof(comparison: Comparison) -> ProofCount:
    """Of the settled answers of one study, how many are proven."""
    settled = [cell.settled for cell in comparison.cells if cell.settled]
    answered = [one for one in settled if one.value is not None]
    return ProofCount(len(answered), sum(one.is_proven for one in answered))


def _spec_of(review: Review) -> ComparisonSpec | None:
    form = current_form(review)
    return definition_of(form).comparison if form else None


def _imported(
    review: Review, spec: ComparisonSpec, names: tuple[str, ...]
) -> QuerySet[ExtractedValue]:
    """Values of each study's newest import, where no row of the group is settled."""
    newest = (
        Extraction.objects.filter(study__review=review, origin=Extraction.Origin.IMPORT)
        .order_by()
        .values("study")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    standing = ConsensusRow.objects.standing().filter(
        reconciliation__study=OuterRef("extraction__study"), group=spec.group, is_left_out=False
    )
    return ExtractedValue.objects.current().filter(
        ~Exists(standing),
        extraction__study__joined_into__isnull=True,
        extraction__in=newest,
        field__in=names,
        value__isnull=False,
        row__group=spec.group,
        row__removed_at__isnull=True,
    )


def _count(values: QuerySet[ConsensusValue] | QuerySet[ExtractedValue]) -> ProofCount:
    quoted = ~Q(quote="") & (Q(page__isnull=False) | ~Q(source_url=""))
    drawn = Q(page__isnull=False) & ~Q(rectangles=[])
    found = values.aggregate(n=Count("pk"), proven=Count("pk", filter=quoted | drawn))
    return ProofCount(found["n"], found["proven"])
