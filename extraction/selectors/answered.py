"""What is answered at each place of a form's version, read leanly: to count, not to write."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

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
from extraction.selectors.answers import scalar
from extraction.selectors.carrying import HOLDERS_AT_ONCE

Plan = Sequence[LevelPlan]


@dataclass(slots=True)
class Answered:
    """The study level, or one row, of one extraction or reconciliation, with its answers.

    `is_submitted` is false for a removed row, and wherever nobody can be asked for more.
    """

    study_id: int
    level: str
    is_submitted: bool
    answers: dict[str, Answer] = field(default_factory=dict)


def answered_places(form: ExtractionForm, plan: Plan) -> Iterator[Answered]:
    """Places of every extraction and reconciliation on a version.

    Args:
        form: The version.
        plan: What becomes of its fields; only values that matter to it are read.
    """
    yield from _extracted(form, plan)
    yield from _settled(form, plan)


def _extracted(form: ExtractionForm, plan: Plan) -> Iterator[Answered]:
    drawn = Extraction.objects.filter(form=form).order_by("pk")
    for some in _batches(drawn.values_list("pk", "study_id", "submitted_at", "origin")):
        holders = {
            pk: (study, submitted is not None and origin == Extraction.Origin.PAGE)
            for pk, study, submitted, origin in some
        }
        rows = ExtractionRow.objects.filter(extraction__in=holders)
        values = ExtractedValue.objects.current().filter(extraction__in=holders)
        kept = rows.values_list("pk", "extraction_id", "group", "removed_at")
        yield from _places(plan, holders, kept, _told(values, "extraction_id", plan))


def _settled(form: ExtractionForm, plan: Plan) -> Iterator[Answered]:
    known = Reconciliation.objects.filter(form=form).order_by("pk")
    for some in _batches(known.values_list("pk", "study_id")):
        holders = {pk: (study, False) for pk, study in some}
        rows = ConsensusRow.objects.filter(reconciliation__in=holders)
        values = ConsensusValue.objects.current().filter(reconciliation__in=holders)
        kept = rows.values_list("pk", "reconciliation_id", "group", "retired_at")
        yield from _places(plan, holders, kept, _told(values, "reconciliation_id", plan))


Told = tuple[int, int | None, str, object, str]
Row = tuple[int, int, str, datetime | None]
Holder = TypeVar("Holder")


def _places(
    plan: Plan,
    holders: Mapping[int, tuple[int, bool]],
    rows: QuerySet[ExtractionRow, Row] | QuerySet[ConsensusRow, Row],
    values: Iterator[Told],
) -> Iterator[Answered]:
    levels = [one.level for one in plan if one.level and one.keys]
    places: dict[tuple[int, int | None], Answered] = {
        (holder, None): Answered(study, "", is_submitted)
        for holder, (study, is_submitted) in holders.items()
    }
    for pk, holder, group, gone_at in rows.filter(group__in=levels):
        study, is_submitted = holders[holder]
        places[holder, pk] = Answered(study, group, is_submitted and gone_at is None)
    for holder, row, key, value, unit in values:
        place, known = places.get((holder, row)), scalar(value)
        if place is not None and known is not None:
            place.answers[key] = Answer(known, unit)
    yield from places.values()


def _told(
    values: QuerySet[ExtractedValue] | QuerySet[ConsensusValue], holder: str, plan: Plan
) -> Iterator[Told]:
    keys = {key for one in plan for key in one.keys}
    found = values.filter(field__in=keys).values_list(holder, "row_id", "field", "value", "unit")
    yield from found.iterator()


def _batches(rows: Iterable[Holder]) -> Iterator[list[Holder]]:
    known = list(rows)
    for start in range(0, len(known), HOLDERS_AT_ONCE):
        yield known[start : start + HOLDERS_AT_ONCE]
