"""The cells that a change of the form is about, place by place."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db.models import QuerySet

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Extraction,
    ExtractionForm,
    ExtractionRow,
    Reconciliation,
)
from extraction.schema.changes import LevelPlan
from extraction.schema.comparing import Answer
from extraction.schema.fields import Field
from extraction.selectors.answers import scalar

HOLDERS_AT_ONCE = 300
Stored = TypeVar("Stored", ExtractedValue, ConsensusValue)


@dataclass(slots=True)
class Place(Generic[Stored]):
    """The study level, or one row, of one extraction or reconciliation.

    `holder_id` is the extraction or reconciliation; `values` are current rows by field.
    """

    holder_id: int
    study_id: int
    row_id: int | None
    level: str
    is_submitted: bool
    values: dict[str, Stored] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Answer]:
        """What is answered here."""
        known = {key: (scalar(one.value), one.unit) for key, one in self.values.items()}
        return {
            key: Answer(value, unit) for key, (value, unit) in known.items() if value is not None
        }

    def lacks(self, asked: Field) -> bool:
        """Whether a field is asked here and has no answer."""
        return lacks(self.answers, asked)


def lacks(answers: Mapping[str, Answer], asked: Field) -> bool:
    """Whether a field is asked beside these answers and is not among them."""
    values = {key: answer.value for key, answer in answers.items()}
    is_asked = asked.only_if is None or asked.only_if.holds(values)
    return is_asked and asked.key not in answers


def raw_places(
    form: ExtractionForm, plan: Sequence[LevelPlan], studies: Collection[int] | None = None
) -> Iterator[list[Place[ExtractedValue]]]:
    """Places of every extraction on a version, some hundred extractions at a time.

    Args:
        form: The version.
        plan: What becomes of its fields.
        studies: Only extractions of these; None for all.
    """
    known = _of_studies(Extraction.objects.filter(form=form), studies)
    for some in _batches(known.values_list("pk", "study_id", "submitted_at", "origin")):
        holders = {
            pk: (study, submitted is not None and origin == Extraction.Origin.PAGE)
            for pk, study, submitted, origin in some
        }
        rows = ExtractionRow.objects.filter(extraction__in=holders, group__in=_levels(plan))
        places: dict[tuple[int, int | None], Place[ExtractedValue]] = {
            (holder, None): Place[ExtractedValue](holder, study, None, "", is_submitted)
            for holder, (study, is_submitted) in holders.items()
        }
        for pk, holder, group, at in rows.values_list("pk", "extraction_id", "group", "removed_at"):
            study, is_submitted = holders[holder]
            is_counted = is_submitted and at is None
            places[holder, pk] = Place[ExtractedValue](holder, study, pk, group, is_counted)
        values = ExtractedValue.objects.current().filter(
            extraction__in=holders, field__in=_keys(plan)
        )
        for value in values:
            if (value.extraction_id, value.row_id) in places:
                places[value.extraction_id, value.row_id].values[value.field] = value
        yield list(places.values())


def settled_places(
    form: ExtractionForm, plan: Sequence[LevelPlan], studies: Collection[int] | None = None
) -> Iterator[list[Place[ConsensusValue]]]:
    """Places of every reconciliation on a version, some hundred at a time; as `raw_places`."""
    known = _of_studies(Reconciliation.objects.filter(form=form), studies)
    for some in _batches(known.values_list("pk", "study_id")):
        holders = dict(some)
        rows = ConsensusRow.objects.filter(reconciliation__in=holders, group__in=_levels(plan))
        places: dict[tuple[int, int | None], Place[ConsensusValue]] = {
            (holder, None): Place[ConsensusValue](holder, study, None, "", is_submitted=False)
            for holder, study in holders.items()
        }
        for pk, holder, group in rows.values_list("pk", "reconciliation_id", "group"):
            places[holder, pk] = Place[ConsensusValue](
                holder, holders[holder], pk, group, is_submitted=False
            )
        values = ConsensusValue.objects.current().filter(
            reconciliation__in=holders, field__in=_keys(plan)
        )
        for value in values:
            if (value.reconciliation_id, value.row_id) in places:
                places[value.reconciliation_id, value.row_id].values[value.field] = value
        yield list(places.values())


Holder = TypeVar("Holder", Extraction, Reconciliation)


def _of_studies(holders: QuerySet[Holder], studies: Collection[int] | None) -> QuerySet[Holder]:
    known = holders.order_by("pk")
    return known if studies is None else known.filter(study__in=studies)


def _levels(plan: Sequence[LevelPlan]) -> list[str]:
    return [one.level for one in plan if one.level and one.keys]


def _keys(plan: Sequence[LevelPlan]) -> set[str]:
    return {key for one in plan for key in one.keys}


Row = TypeVar("Row")


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    known = list(rows)
    for start in range(0, len(known), HOLDERS_AT_ONCE):
        yield known[start : start + HOLDERS_AT_ONCE]
