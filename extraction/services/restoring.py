"""Takes a change of the form back: the former version's values stand again, later ones stay."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from extraction.models import (
    ConsensusValue,
    ExtractedValue,
    Extraction,
    FormChange,
    Reconciliation,
    Revisit,
)
from extraction.schema.changes import FieldPlan, LevelPlan, plan_of
from extraction.schema.checks import Refused, check_value
from extraction.selectors.answers import scalar
from extraction.selectors.forms import definition_of
from extraction.services.carrying import AT_ONCE
from extraction.services.values import as_text

COPIED_RAW = ("extraction_id", "row_id", "field", "value", "unit", "note")
COPIED_SETTLED = (
    "reconciliation_id",
    "row_id",
    "field",
    "value",
    "unit",
    "side",
    "value_a_id",
    "value_b_id",
    "rationale",
    "decided_by_id",
)
COPIED_EVIDENCE = ("page", "quote", "location", "rectangles", "full_text_id", "source_url")


def restore_values(change: FormChange, studies: Collection[int]) -> None:
    """Let every cell of some studies that the change wrote hold again what it held before.

    A cell that somebody wrote since keeps that value. Every restored value is a new row, which
    names the earlier change that made it, or else the one that is taken back. Call in a
    transaction.
    """
    _restore(change, ExtractedValue, COPIED_RAW, "extraction_id", studies)
    _restore(change, ConsensusValue, COPIED_SETTLED, "reconciliation_id", studies)
    plan = plan_of(definition_of(change.from_form), definition_of(change.to_form))
    Revisit.objects.bulk_create(_asked(change, plan, studies), batch_size=AT_ONCE)
    for holder in (Extraction, Reconciliation):
        known = holder._base_manager.filter(form=change.to_form, study__in=studies)
        known.update(form=change.from_form)


def _restore(
    change: FormChange,
    kind: type[ExtractedValue] | type[ConsensusValue],
    columns: Sequence[str],
    holder: str,
    studies: Collection[int],
) -> None:
    of = holder.removesuffix("_id")
    known: QuerySet[Any] = kind._base_manager.filter(**{f"{of}__study__in": studies})
    written = known.filter(carried_by=change, superseded_at=None)
    standing = {_cell(one, holder): one for one in written}
    before = known.filter(superseded_at=change.made_at, **{f"{of}__form": change.to_form})
    former = {_cell(one, holder): one for one in before if _cell(one, holder) in standing}
    now = timezone.now()
    pks = [one.pk for one in standing.values()]
    for start in range(0, len(pks), AT_ONCE):
        some = kind._base_manager.filter(pk__in=pks[start : start + AT_ONCE])
        some.update(superseded_at=now)
    again: list[Model] = []
    for cell, one in former.items():
        copied = {name: getattr(one, name) for name in (*columns, *COPIED_EVIDENCE)}
        if kind is ExtractedValue:
            copied["replaces"] = standing[cell]
        copied["carried_by_id"] = one.carried_by_id or change.pk
        again.append(kind(carried_from=one, **copied))
    kind._base_manager.bulk_create(again, batch_size=AT_ONCE)  # type: ignore[arg-type]


def _cell(value: Any, holder: str) -> tuple[int, int | None, str]:
    return (getattr(value, holder), value.row_id, value.field)


def _asked(
    change: FormChange, plan: Iterable[LevelPlan], studies: Collection[int]
) -> list[Revisit]:
    """Cells written since that the former version does not take as they are."""
    asked: list[Revisit] = []
    for level in plan:
        group = Q(row__isnull=True) if not level.level else Q(row__group=level.level)
        for one in level.fields:
            if not one.sources or one.is_same:
                continue
            since = (
                ExtractedValue.objects.current()
                .filter(
                    group,
                    extraction__form=change.to_form,
                    extraction__study__in=studies,
                    field=one.field.key,
                    created_at__gt=change.made_at,
                )
                .filter(
                    Q(carried_by__isnull=True)
                    | Q(carried_by__taken_back_at__isnull=False) & ~Q(carried_by=change)
                )
            )
            for value in since.select_related("carried_by"):
                is_since = _written_at(value) > change.made_at
                reason = _reason(one, value, change) if is_since else ""
                if reason:
                    cell = {"extraction_id": value.extraction_id, "row_id": value.row_id}
                    field = one.sources[0].key
                    asked.append(Revisit(change=change, field=field, reason=reason, **cell))
    return asked


def _written_at(value: ExtractedValue) -> datetime:
    """When somebody entered a value that may have been put back since."""
    while value.carried_by_id is not None and value.carried_from_id is not None:
        value = ExtractedValue.objects.get(pk=value.carried_from_id)
    return value.created_at


def _reason(plan: FieldPlan, value: ExtractedValue, change: FormChange) -> str:
    known = scalar(value.value)
    if known is None:
        return ""
    old = plan.sources[0]
    entered = f"“{as_text(value.value)}” was entered for “{plan.field.label}”"
    if plan.field.key != old.key:
        return f"{entered} in version {change.to_form.version}, which was taken back."
    checked = check_value(old, known, value.unit)
    return f"{checked.message} {entered}." if isinstance(checked, Refused) else ""
