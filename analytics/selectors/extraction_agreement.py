"""How often two extractors say the same, field by field, with the statistics that fit the field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.stats.agreement import (
    Differences,
    Estimate,
    ac1,
    differences_of,
    intraclass,
    kappa,
    percent_agreement,
    table_of,
)
from analytics.stats.agreement.pairs import Table
from analytics.tables.agreement import in_percent
from extraction.schema.comparing import Answer, common_scale, meaning_of
from extraction.schema.fields import Field, FieldType, Group
from extraction.selectors.agreement import PairedAnswers, paired_answers
from screening.models import Review

CATEGORIES = frozenset({FieldType.CHOICE, FieldType.YES_NO})
SAME, OTHER = "same", "other"
LEAST = 2
DIGITS = 6
Both = list[tuple[Answer, Answer]]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the table.

    Attributes:
        group: Part of the form.
        field: The question.
        both: Cells that both answered.
        same: Of these, how many mean the same.
        only_one: Cells that one of them left empty.
        percent: Share of the same among both, in percent, with Wilson's interval.
        kappa: Cohen's kappa, for one choice and yes/no; None for other fields.
        ac1: Gwet's AC1, for the same fields.
        intraclass: ICC(1,1) on the common scale, for numbers; None for other fields.
        differences: How far numbers lie apart on the common scale; None for other fields.
    """

    group: Group
    field: Field
    both: int
    same: int
    only_one: int
    percent: Estimate
    kappa: Estimate | None = None
    ac1: Estimate | None = None
    intraclass: Estimate | None = None
    differences: Differences | None = None


@dataclass(frozen=True, slots=True)
class ExtractionAgreement:
    """The whole table and how many studies it counts."""

    studies: int
    lines: tuple[FieldLine, ...]

    @property
    def both(self) -> int:
        """Cells that both answered, over all fields."""
        return sum(line.both for line in self.lines)

    @property
    def same(self) -> int:
        """Of these, how many mean the same."""
        return sum(line.same for line in self.lines)

    @property
    def percent(self) -> float | None:
        """Share of the same over all fields, in percent."""
        return 100 * self.same / self.both if self.both else None


def extraction_agreement(review: Review) -> ExtractionAgreement:
    """Compute the agreement of the extractors of a review; see `paired_answers` for what counts."""
    paired = paired_answers(review)
    return ExtractionAgreement(paired.studies, tuple(map(_line, paired.fields)))


def agreement_rows(found: ExtractionAgreement) -> Iterator[dict[str, object]]:
    """The table as rows of plain data, numbers in full digits."""
    for line in found.lines:
        apart = line.differences
        yield {
            "part": line.group.label,
            "field": line.field.key,
            "label": line.field.label,
            "both_answered": line.both,
            "same": line.same,
            "only_one_answered": line.only_one,
            **_estimate("percent", line.percent),
            **_estimate("kappa", line.kappa),
            **_estimate("ac1", line.ac1),
            **_estimate("icc", line.intraclass),
            "mean_absolute_difference": round(apart.mean_absolute, DIGITS) if apart else None,
            "limit_of_agreement": round(apart.limit, DIGITS) if apart else None,
        }


def _line(answers: PairedAnswers) -> FieldLine:
    field = answers.field
    both = [(a, b) for a, b in answers.pairs if a is not None and b is not None]
    verdicts = [SAME if meaning_of(field, a) == meaning_of(field, b) else OTHER for a, b in both]
    share = table_of([SAME] * len(both), verdicts, [SAME, OTHER])
    categories = _categories(field, both)
    numbers = _numbers(field, both)
    return FieldLine(
        group=answers.group,
        field=field,
        both=len(both),
        same=verdicts.count(SAME),
        only_one=len(answers.pairs) - len(both),
        percent=in_percent(percent_agreement(share)),
        kappa=kappa(categories) if categories is not None else None,
        ac1=ac1(categories) if categories is not None else None,
        intraclass=intraclass(numbers) if numbers else None,
        differences=differences_of(numbers),
    )


def _categories(field: Field, both: Both) -> Table | None:
    if field.type not in CATEGORIES or not both:
        return None
    meanings = [(str(meaning_of(field, a)), str(meaning_of(field, b))) for a, b in both]
    used = sorted({word for pair in meanings for word in pair})
    padded = [*used, *["(another)"][: len(used) < LEAST]]
    return table_of([a for a, _ in meanings], [b for _, b in meanings], padded)


def _numbers(field: Field, both: Both) -> Sequence[tuple[float, float]]:
    if field.type is not FieldType.NUMBER:
        return []
    scaled = [(common_scale(field, a), common_scale(field, b)) for a, b in both]
    return [(float(a), float(b)) for a, b in scaled if a is not None and b is not None]


def _estimate(name: str, estimate: Estimate | None) -> dict[str, object]:
    parts = {name: "value", f"{name}_low": "low", f"{name}_high": "high"}
    found = {key: getattr(estimate, part, None) for key, part in parts.items()}
    return {key: None if one is None else round(one, DIGITS) for key, one in found.items()}
