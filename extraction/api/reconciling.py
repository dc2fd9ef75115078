"""Reconciliation: two extractions compared, and one answer settled."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404

from extraction.api import comparison_serializers as settled
from extraction.api import serializers as shapes
from extraction.api.extracting import ExtractionApi, evidence_of
from extraction.models import ConsensusRow, ConsensusValue, Reconciliation
from extraction.permissions import can_read_values
from extraction.selectors.comparison import Comparison, comparison_of
from extraction.services import pairing, reconciling
from extraction.services.proving import prove_cell
from extraction.services.reconciling import Ruling, SettledAddress
from screening.api.base import endpoint
from screening.rules.roles import Capability

RECONCILE = Capability.RECONCILE


class ReconcileApi(ExtractionApi):
    """What endpoints of reconciliation share."""

    def begun(self, study_id: int) -> Reconciliation:
        """The study's reconciliation."""
        rows = Reconciliation.objects.select_related("study__review", "form")
        return get_object_or_404(rows, study=self.study(study_id))

    def ruled(self, known: Reconciliation) -> ConsensusValue:
        """Settle the cell that was sent."""
        given = self.given
        has_evidence = any(given[name] for name in ("page", "quote", "full_text", "source_url"))
        ruling = Ruling(
            side=given["side"],
            raw=given["value"],
            unit=given["unit"],
            rationale=given["rationale"],
            evidence=evidence_of(self, given) if has_evidence else None,
        )
        return reconciling.settle_cell(
            membership=self.membership,
            address=self.address(known, given["field"], given["row"]),
            ruling=ruling,
            expected=given["expected"],
        )

    def proven(self, known: Reconciliation) -> ConsensusValue:
        """Give the settled cell that was sent its evidence."""
        return prove_cell(
            membership=self.membership,
            address=self.address(known, self.given["field"], self.given["row"]),
            evidence=evidence_of(self, self.given),
            expected=self.given["expected"],
        )

    def opened(self, known: Reconciliation) -> None:
        """Take the settled value of the cell that was sent back."""
        address = self.address(known, self.given["field"], self.given["row"])
        reconciling.unsettle_cell(membership=self.membership, address=address)

    def row(self, known: Reconciliation, row_id: int) -> ConsensusRow:
        """A row that stands."""
        rows = known.rows.standing().select_related(
            "reconciliation__study__review", "row_a", "row_b"
        )
        found: ConsensusRow = get_object_or_404(rows, pk=row_id)
        return found

    def address(self, known: Reconciliation, field: str, row_id: int | None) -> SettledAddress:
        """One cell of the settled answers."""
        row = get_object_or_404(known.rows.standing(), pk=row_id) if row_id else None
        return SettledAddress(known, field, row)

    def comparison(self, study_id: int) -> Comparison:
        """Both extractions, when I may read them."""
        found = comparison_of(self.study(study_id))
        if found is None:
            raise ValidationError("There are not two extractions to compare yet.", code="nothing")
        for side in filter(None, (found.a, found.b)):
            if not can_read_values(self.membership, side) and not self.membership.can(RECONCILE):
                raise PermissionDenied(
                    "These values are shown when both extractors have submitted."
                )
        return found


class Compare(ReconcileApi):
    """A study's reconciliation."""

    @endpoint(settled.ComparisonOut)
    def get(self, study_id: int) -> Comparison:
        """Show both extractions side by side with what is settled."""
        return self.comparison(study_id)

    @endpoint(settled.ReconciliationOut, status=201, needs=RECONCILE)
    def post(self, study_id: int) -> Reconciliation:
        """Begin to reconcile: the rows of both are aligned and kept."""
        study = self.study(study_id)
        return reconciling.start_reconciliation(membership=self.membership, study=study)


class AcceptAgreed(ReconcileApi):
    """Cells in which both agree."""

    @endpoint(settled.SettledCountOut, needs=RECONCILE)
    def post(self, study_id: int) -> dict[str, int]:
        """Settle every open cell in which both say the same."""
        known = self.begun(study_id)
        return {
            "settled": reconciling.accept_agreed(membership=self.membership, reconciliation=known)
        }


class SettledCell(ReconcileApi):
    """One cell of the settled answers."""

    @endpoint(shapes.SettledValueOut, takes=settled.CellRulingIn, needs=RECONCILE)
    def put(self, study_id: int) -> ConsensusValue:
        """Settle a cell: A's value, B's, or a third one with its reason. Raw values stay."""
        return self.ruled(self.begun(study_id))


class ProvenCell(ReconcileApi):
    """The evidence of a settled value."""

    @endpoint(shapes.SettledValueOut, takes=shapes.EvidenceIn, needs=RECONCILE)
    def put(self, study_id: int) -> ConsensusValue:
        """Give a settled value its page and quote; the answer and its reason stay."""
        return self.proven(self.begun(study_id))


class UnsettleCell(ReconcileApi):
    """Taking a settled value back."""

    @endpoint(takes=settled.UnsettleIn, needs=RECONCILE)
    def post(self, study_id: int) -> None:
        """Open the cell again; the row stays, superseded."""
        self.opened(self.begun(study_id))


class SettledRow(ReconcileApi):
    """One row of the settled answers."""

    @endpoint(takes=settled.SettleRowIn, needs=RECONCILE)
    def post(self, study_id: int, consensus_row_id: int) -> None:
        """Take one side's values for the whole row, leave it out, take it in, or pair it."""
        known = self.begun(study_id)
        row = self.row(known, consensus_row_id)
        action, member = self.given["action"], self.membership
        if action in {"a", "b"}:
            reconciling.take_row(membership=member, row=row, side=action)
        elif action == "split":
            pairing.split_row(membership=member, row=row)
        elif action == "pair":
            if "other" not in self.given:
                raise ValidationError({"other": ["Name the row that is the same."]})
            other = self.row(known, self.given["other"])
            pairing.pair_rows(membership=member, row=row, other=other)
        else:
            is_out = action == "leave_out"
            reconciling.leave_row_out(membership=member, row=row, is_left_out=is_out)


class Finalise(ReconcileApi):
    """Locking a study."""

    @endpoint(settled.ReconciliationOut, needs=RECONCILE)
    def post(self, study_id: int) -> Reconciliation:
        """Lock a study whose cells are all settled."""
        known = self.begun(study_id)
        return reconciling.finalise_study(membership=self.membership, reconciliation=known)


class ReopenStudy(ReconcileApi):
    """Unlocking a study."""

    @endpoint(settled.ReconciliationOut, takes=shapes.WhyIn, needs=RECONCILE)
    def post(self, study_id: int) -> Reconciliation:
        """Unlock a final study so that cells can be settled anew, and say why."""
        known = self.begun(study_id)
        return reconciling.reopen_study(
            membership=self.membership, reconciliation=known, reason=self.given["reason"]
        )
