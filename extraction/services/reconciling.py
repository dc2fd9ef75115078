"""Reconciliation: settling cells, accepting what agrees, locking and reopening a study."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import (
    ConsensusRow,
    ConsensusValue,
    ExtractedValue,
    Reconciliation,
    Study,
)
from extraction.schema.checks import CheckedValue, Refused, check_value
from extraction.schema.fields import Field
from extraction.schema.metrics import Metric
from extraction.selectors.comparison import ComparedCell, Comparison, comparison_of
from extraction.selectors.own import is_own_and_blinded
from extraction.services.values import Evidence, check_evidence, stored_form
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability

Side = ConsensusValue.Side


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reconciler decides on one cell; `raw` and `unit` belong to a third value.

    Evidence that is given takes the place of the side's own.
    """

    side: str
    raw: str = ""
    unit: str = ""
    rationale: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class SettledAddress:
    """One cell of a reconciliation: a field of the study, or of one settled row."""

    reconciliation: Reconciliation
    field: str
    row: ConsensusRow | None = None


@transaction.atomic
def start_reconciliation(*, membership: Membership, study: Study) -> Reconciliation:
    """Begin to reconcile a study: the rows of both extractions are aligned and kept.

    Raises:
        PermissionDenied: The person may not reconcile, or extracted the study.
        ValidationError: There are not two extractions to compare.
    """
    require(membership, Capability.RECONCILE)
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    require_unbiased(membership, study)
    begun = Reconciliation.objects.filter(study=study).first()
    if begun is not None:
        return begun
    comparison = comparison_of(study)
    if comparison is None:
        raise ValidationError("Reconciling begins when two extractions are there to compare.")
    newest = max((comparison.a.form, comparison.b.form), key=lambda form: form.version)
    reconciliation = Reconciliation.objects.create(
        study=study, form=newest, extraction_a=comparison.a, extraction_b=comparison.b
    )
    ConsensusRow.objects.bulk_create(
        ConsensusRow(
            reconciliation=reconciliation,
            group=group.group.key,
            position=row.number,
            row_a=row.row_a,
            row_b=row.row_b,
        )
        for group in comparison.groups
        for row in group.rows
    )
    AuditEvent.objects.append_by(membership, "study.reconciliation_started", study)
    return reconciliation


@transaction.atomic
def settle_cell(
    *, membership: Membership, address: SettledAddress, ruling: Ruling, expected: int | None
) -> ConsensusValue:
    """Settle one cell: A's value, B's value, or a third with rationale. Raw values stay.

    Args:
        membership: Who reconciles.
        address: Which cell.
        ruling: What is decided.
        expected: Id of the settled value the window showed, None for an open cell.

    Raises:
        ValidationError: The study is final, the cell was settled in another window, a third
            value has no rationale or is refused by its field.
    """
    comparison = open_comparison(membership, address.reconciliation)
    cell = _cell_at(comparison, address)
    if (cell.settled.pk if cell.settled else None) != expected:
        raise ValidationError(
            "This cell was settled in another window. Look at its value there, then choose again."
        )
    columns = _columns_of(cell, ruling, comparison, address)
    return _settle(membership, address.reconciliation, cell, columns)


@transaction.atomic
def unsettle_cell(*, membership: Membership, address: SettledAddress) -> None:
    """Take a settled value back; the row stays, superseded."""
    comparison = open_comparison(membership, address.reconciliation)
    cell = _cell_at(comparison, address)
    if cell.settled is not None:
        _supersede(cell.settled)


@transaction.atomic
def accept_agreed(*, membership: Membership, reconciliation: Reconciliation) -> int:
    """Settle every open cell in which both extractors say the same; returns how many."""
    comparison = open_comparison(membership, reconciliation)
    agreed = [cell for cell in comparison.cells if cell.is_open and cell.is_same]
    for cell in agreed:
        _settle(membership, reconciliation, cell, _taken(cell, Side.BOTH))
    return len(agreed)


@transaction.atomic
def take_row(*, membership: Membership, row: ConsensusRow, side: str) -> int:
    """Settle all open cells of one row with one side's values; returns how many."""
    comparison = open_comparison(membership, row.reconciliation)
    if side not in {Side.A, Side.B}:
        raise ValidationError("Take the row of A or of B.")
    cells = [cell for cell in comparison.cells if cell.row == row and cell.is_open]
    for cell in cells:
        taken = Side.BOTH if cell.is_same else side
        _settle(membership, row.reconciliation, cell, _taken(cell, taken))
    return len(cells)


@transaction.atomic
def leave_row_out(*, membership: Membership, row: ConsensusRow, is_left_out: bool) -> ConsensusRow:
    """Leave a row out of the settled answers, or take it in again."""
    open_comparison(membership, row.reconciliation)
    if row.is_left_out != is_left_out:
        row.is_left_out = is_left_out
        row.save(update_fields=["is_left_out"])
        action = "study.row_left_out" if is_left_out else "study.row_taken_in"
        AuditEvent.objects.append_by(
            membership, action, row.reconciliation.study, after={"row": row.key}
        )
    return row


@transaction.atomic
def finalise_study(*, membership: Membership, reconciliation: Reconciliation) -> Reconciliation:
    """Lock a study whose cells are all settled.

    Raises:
        ValidationError: Cells are open; says how many.
    """
    comparison = open_comparison(membership, reconciliation)
    if comparison.open_cells:
        count = comparison.open_cells
        raise ValidationError(f"Settle {count} more cell{'s' if count > 1 else ''} first.")
    reconciliation.finalised_at = timezone.now()
    reconciliation.finalised_by = membership
    reconciliation.save(update_fields=["finalised_at", "finalised_by"])
    AuditEvent.objects.append_by(membership, "study.finalised", comparison.study)
    return reconciliation


@transaction.atomic
def reopen_study(
    *, membership: Membership, reconciliation: Reconciliation, reason: str
) -> Reconciliation:
    """Unlock a final study so that cells can be settled anew.

    Raises:
        ValidationError: No reason is given.
    """
    require(membership, Capability.RECONCILE)
    locked = _locked(membership, reconciliation)
    require_unbiased(membership, locked.study)
    if not reason.strip():
        raise ValidationError("Say why the study is opened again.")
    if locked.finalised_at is not None:
        locked.finalised_at = None
        locked.finalised_by = None
        locked.save(update_fields=["finalised_at", "finalised_by"])
        AuditEvent.objects.append_by(
            membership, "study.reopened", locked.study, after={"reason": reason.strip()}
        )
    return locked


def require_unbiased(membership: Membership, study: Study) -> None:
    """Refuse one of the study's extractors while reconciling is blinded.

    Raises:
        PermissionDenied: With the sentence that says so.
    """
    if is_own_and_blinded(membership, study):
        raise PermissionDenied(
            "You extracted this study. While reconciling is blinded, somebody else settles it."
        )


def _locked(membership: Membership, reconciliation: Reconciliation) -> Reconciliation:
    locked = (
        Reconciliation.objects.select_for_update(of=("self",))
        .select_related("study", "form")
        .get(pk=reconciliation.pk)
    )
    if locked.study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    return locked


def open_comparison(membership: Membership, reconciliation: Reconciliation) -> Comparison:
    """Lock a reconciliation that may be changed by this member, and compare anew.

    Raises:
        PermissionDenied: The member may not reconcile it.
        ValidationError: It is final, or of another review.
    """
    require(membership, Capability.RECONCILE)
    locked = _locked(membership, reconciliation)
    require_unbiased(membership, locked.study)
    if locked.finalised_at is not None:
        raise ValidationError("This study is final. Reopen it to settle a cell anew.")
    comparison = comparison_of(locked.study)
    if comparison is None:
        raise ValidationError("There are not two extractions to compare any more.")
    return comparison


def _cell_at(comparison: Comparison, address: SettledAddress) -> ComparedCell:
    row_id = address.row.pk if address.row else None
    for cell in comparison.cells:
        if cell.field.key == address.field and (cell.row.pk if cell.row else None) == row_id:
            return cell
    raise ValidationError("There is no such cell to settle.")


def _columns_of(
    cell: ComparedCell, ruling: Ruling, comparison: Comparison, address: SettledAddress
) -> dict[str, Any]:
    if ruling.evidence is not None:
        check_evidence(comparison.study, ruling.evidence)
    if ruling.side in {Side.A, Side.B}:
        taken = _taken(cell, ruling.side) | {"rationale": ruling.rationale.strip()}
        return taken | (ruling.evidence.as_columns() if ruling.evidence else {})
    if ruling.side != Side.THIRD:
        raise ValidationError("Take A, take B, or enter a third value.")
    if not ruling.rationale.strip():
        raise ValidationError("Say why: a third value needs its reason.")
    checked = _third(cell.field, ruling, _settled_metric(comparison, cell, address))
    evidence = ruling.evidence or Evidence()
    return {
        "value": stored_form(checked),
        "unit": checked.unit,
        "side": Side.THIRD,
        "rationale": ruling.rationale.strip(),
        **evidence.as_columns(),
    }


def _third(field: Field, ruling: Ruling, metric: Metric | None) -> CheckedValue:
    if not ruling.raw.strip():
        return CheckedValue("")
    checked = check_value(field, ruling.raw, ruling.unit, metric)
    if isinstance(checked, Refused):
        raise ValidationError(checked.message)
    return checked


def _settled_metric(
    comparison: Comparison, cell: ComparedCell, address: SettledAddress
) -> Metric | None:
    for other in comparison.cells:
        if other.field.key == cell.field.metric_field and other.row == address.row:
            named = other.settled or other.a or other.b
            return comparison.form.metric(str(named.value)) if named else None
    return None


def _taken(cell: ComparedCell, side: str) -> dict[str, Any]:
    value = cell.b if side == Side.B else cell.a
    if side == Side.BOTH and cell.a and not _has_evidence(cell.a):
        value = cell.b
    if value is None:
        return {"value": None, "unit": "", "side": side}
    return {
        "value": value.value,
        "unit": value.unit,
        "side": side,
        "page": value.page,
        "quote": value.quote,
        "location": value.location,
        "rectangles": value.rectangles,
        "full_text": value.full_text,
        "source_url": value.source_url,
    }


def _has_evidence(value: ExtractedValue) -> bool:
    return bool(value.page or value.quote or value.source_url)


def _settle(
    membership: Membership,
    reconciliation: Reconciliation,
    cell: ComparedCell,
    columns: dict[str, Any],
) -> ConsensusValue:
    if cell.settled is not None:
        _supersede(cell.settled)
    return ConsensusValue.objects.create(
        reconciliation=reconciliation,
        row=cell.row,
        field=cell.field.key,
        value_a=cell.a,
        value_b=cell.b,
        decided_by=membership,
        **columns,
    )


def _supersede(value: ConsensusValue) -> None:
    value.superseded_at = timezone.now()
    value.save(update_fields=["superseded_at"])
