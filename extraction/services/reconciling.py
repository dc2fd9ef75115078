"""Reconciliation: settling cells, accepting what agrees, locking and reopening a study."""

from dataclasses import dataclass, replace
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
from extraction.selectors.own import refusal_to_settle
from extraction.selectors.proof import unproven_cells
from extraction.selectors.settings import settings_of
from extraction.services.revisits import settle_revisits_of_cells
from extraction.services.values import Evidence, check_evidence, found_in_the_text, stored_form
from screening.models import AuditEvent, Membership, WebhookDelivery
from screening.models.webhooks import Event
from screening.permissions import require
from screening.rules.roles import Capability

Side = ConsensusValue.Side
NAMED = 5
SETTLED_ELSEWHERE = (
    "This cell was settled in another window. Look at its value there, then choose again."
)


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
    """Begin to reconcile a study, or to verify its one extraction: its rows are kept as aligned.

    Raises:
        PermissionDenied: The person may not reconcile, or extracted the study.
        ValidationError: There are not two extractions to compare.
    """
    study = Study.objects.select_for_update().get(pk=study.pk)
    if study.review_id != membership.review_id:
        raise ValidationError("This study is of another review.")
    comparison = comparison_of(study)
    require_settler(membership, study, comparison)
    begun = Reconciliation.objects.filter(study=study).first()
    if begun is not None:
        return begun
    if comparison is None:
        raise ValidationError("Reconciling begins when two extractions are there to compare.")
    forms = [side.form for side in (comparison.a, comparison.b) if side is not None]
    newest = max(forms, key=lambda form: form.version)
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
    what = "verification" if comparison.is_verification else "reconciliation"
    AuditEvent.objects.append_by(membership, f"study.{what}_started", study)
    return reconciliation


def settle_cell(
    *, membership: Membership, address: SettledAddress, ruling: Ruling, expected: int | None
) -> ConsensusValue:
    """Settle one cell: A's value, B's value, or a third with rationale. Raw values stay.

    The same ruling of the same person sent again is no change.

    Args:
        membership: Who reconciles.
        address: Which cell.
        ruling: What is decided.
        expected: Id of the settled value the window showed, None for an open cell.

    Raises:
        ValidationError: The study is final, the cell was settled in another window, a third
            value has no rationale or is refused by its field.
    """
    if ruling.evidence is not None:
        with transaction.atomic():
            study = open_comparison(membership, address.reconciliation).study
            check_evidence(study, ruling.evidence)
        found = found_in_the_text(study, ruling.evidence)  # before the transaction: it reads PDFs
        ruling = replace(ruling, evidence=found)
    with transaction.atomic():
        comparison = open_comparison(membership, address.reconciliation)
        cell = cell_at(comparison, address)
        is_expected = (cell.settled.pk if cell.settled else None) == expected
        if not is_expected and (cell.settled is None or cell.settled.decided_by != membership):
            raise ValidationError(SETTLED_ELSEWHERE)
        columns = _columns_of(cell, ruling, comparison, address)
        if cell.settled is not None and not is_expected:
            if any(getattr(cell.settled, name) != value for name, value in columns.items()):
                raise ValidationError(SETTLED_ELSEWHERE)
            return cell.settled  # sent again after an answer that got lost
        settle_revisits_of_cells(membership, address.reconciliation, [cell])
        return _settle(membership, address.reconciliation, cell, columns)


@transaction.atomic
def unsettle_cell(*, membership: Membership, address: SettledAddress) -> None:
    """Take a settled value back; the row stays, superseded."""
    comparison = open_comparison(membership, address.reconciliation)
    cell = cell_at(comparison, address)
    if cell.settled is not None:
        supersede(cell.settled)


@transaction.atomic
def accept_agreed(*, membership: Membership, reconciliation: Reconciliation) -> int:
    """Settle every open cell in which both extractors say the same; returns how many."""
    comparison = open_comparison(membership, reconciliation)
    agreed = [cell for cell in comparison.cells if cell.is_open and cell.is_same]
    settle_revisits_of_cells(membership, reconciliation, agreed)
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
    settle_revisits_of_cells(membership, row.reconciliation, cells)
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
    """Lock a study whose cells are all settled and, where the review asks for it, proven.

    Raises:
        ValidationError: Cells are open, or values lack page and quote; says how many or which.
    """
    comparison = open_comparison(membership, reconciliation)
    if comparison.open_cells:
        count = comparison.open_cells
        what = "Check" if comparison.is_verification else "Settle"
        raise ValidationError(f"{what} {count} more cell{'s' if count > 1 else ''} first.")
    unproven = unproven_cells(comparison, settings_of(membership.review).evidence_needed)
    if unproven:
        raise ValidationError(_unproven_sentence(unproven))
    reconciliation.finalised_at = timezone.now()
    reconciliation.finalised_by = membership
    reconciliation.save(update_fields=["finalised_at", "finalised_by"])
    study = comparison.study
    AuditEvent.objects.append_by(membership, "study.finalised", study)
    facts = {"study": study.pk, "title": study.title}
    WebhookDelivery.objects.announce(membership.review, Event.STUDY_FINAL, facts)
    return reconciliation


@transaction.atomic
def reopen_study(
    *, membership: Membership, reconciliation: Reconciliation, reason: str
) -> Reconciliation:
    """Unlock a final study so that cells can be settled anew.

    Raises:
        ValidationError: No reason is given.
    """
    locked = _locked(membership, reconciliation)
    require_settler(membership, locked.study, comparison_of(locked.study))
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


def require_settler(membership: Membership, study: Study, comparison: Comparison | None) -> None:
    """Refuse who may not settle the study: its extractors while reconciling is blinded.

    Nobody ever verifies the own extraction.

    Raises:
        PermissionDenied: With the sentence that says so.
    """
    is_verification = comparison is not None and comparison.is_verification
    require(membership, Capability.VERIFY if is_verification else Capability.RECONCILE)
    refusal = refusal_to_settle(membership, study, is_verification=is_verification)
    if refusal:
        raise PermissionDenied(refusal)


def _unproven_sentence(cells: list[ComparedCell]) -> str:
    named = list(dict.fromkeys(cell.field.label for cell in cells))
    shown = ", ".join(named[:NAMED]) + (" and others" if len(named) > NAMED else "")
    values = "value has" if len(cells) == 1 else "values have"
    return (
        f"{len(cells)} {values} no page and quote yet, and this review asks for them: {shown}. "
        "Give each its evidence first."
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
    locked = _locked(membership, reconciliation)
    comparison = comparison_of(locked.study)
    require_settler(membership, locked.study, comparison)
    if locked.finalised_at is not None:
        raise ValidationError("This study is final. Reopen it to settle a cell anew.")
    if comparison is None:
        raise ValidationError("There are not two extractions to compare any more.")
    return comparison


def cell_at(comparison: Comparison, address: SettledAddress) -> ComparedCell:
    """The cell of an address.

    Raises:
        ValidationError: There is none.
    """
    row_id = address.row.pk if address.row else None
    for cell in comparison.cells:
        if cell.field.key == address.field and (cell.row.pk if cell.row else None) == row_id:
            return cell
    raise ValidationError("There is no such cell to settle.")


def _columns_of(
    cell: ComparedCell, ruling: Ruling, comparison: Comparison, address: SettledAddress
) -> dict[str, Any]:
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
    if side == Side.BOTH and cell.a and cell.b and not _is_better_proven(cell.a, cell.b):
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


def _is_better_proven(a: ExtractedValue, b: ExtractedValue) -> bool:
    """Whether A's evidence is kept where both say the same: unless only B's leads somewhere."""
    if a.is_proven or b.is_proven:
        return a.is_proven
    return bool(a.page or a.quote or a.source_url)


def _settle(
    membership: Membership,
    reconciliation: Reconciliation,
    cell: ComparedCell,
    columns: dict[str, Any],
) -> ConsensusValue:
    if cell.settled is not None:
        supersede(cell.settled)
    return ConsensusValue.objects.create(
        reconciliation=reconciliation,
        row=cell.row,
        field=cell.field.key,
        value_a=cell.a,
        value_b=cell.b,
        decided_by=membership,
        **columns,
    )


def supersede(value: ConsensusValue) -> None:
    """A settled value stands no longer; its row stays."""
    value.superseded_at = timezone.now()
    value.save(update_fields=["superseded_at"])
