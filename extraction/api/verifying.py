"""Verification: one person's extraction, each value confirmed or corrected by another."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from extraction.api import comparison_serializers as settled
from extraction.api import serializers as shapes
from extraction.api.reconciling import ReconcileApi
from extraction.models import ConsensusValue, Reconciliation
from extraction.selectors.comparison import comparison_of
from extraction.services import reconciling
from screening.api.base import endpoint
from screening.rules.roles import Capability

VERIFY = Capability.VERIFY


class VerifyApi(ReconcileApi):
    """What endpoints of verification share."""

    def verified(self, study_id: int) -> Reconciliation:
        """The study's verification; a reconciliation of two is not changed here."""
        rows = Reconciliation.objects.select_related("study__review", "form")
        known: Reconciliation = get_object_or_404(rows, study=self.study(study_id))
        if not known.is_verification:
            raise ValidationError("Two people extracted this study: it is reconciled.")
        return known


class Verification(VerifyApi):
    """A study's verification; `reconciliation/` shows how far it is."""

    @endpoint(settled.ReconciliationOut, status=201, needs=VERIFY)
    def post(self, study_id: int) -> Reconciliation:
        """Begin to verify another's extraction."""
        study = self.study(study_id)
        comparison = comparison_of(study)
        if comparison is None or not comparison.is_verification:
            raise ValidationError("There is no extraction to verify here.", code="nothing")
        return reconciling.start_reconciliation(membership=self.membership, study=study)


class VerifiedCell(VerifyApi):
    """One value."""

    @endpoint(shapes.SettledValueOut, takes=settled.CellRulingIn, needs=VERIFY)
    def put(self, study_id: int) -> ConsensusValue:
        """Confirm a value (side a), or correct it (a third one with its reason)."""
        return self.ruled(self.verified(study_id))


class VerifiedEvidence(VerifyApi):
    """The evidence of a verified value."""

    @endpoint(shapes.SettledValueOut, takes=shapes.EvidenceIn, needs=VERIFY)
    def put(self, study_id: int) -> ConsensusValue:
        """Give a verified value its page and quote; the answer and its reason stay."""
        return self.proven(self.verified(study_id))


class UnverifyCell(VerifyApi):
    """Taking a confirmation back."""

    @endpoint(takes=settled.UnsettleIn, needs=VERIFY)
    def post(self, study_id: int) -> None:
        """Open the cell again; the row stays, superseded."""
        self.opened(self.verified(study_id))


class VerifiedRow(VerifyApi):
    """One row."""

    @endpoint(takes=settled.VerifyRowIn, needs=VERIFY)
    def post(self, study_id: int, consensus_row_id: int) -> None:
        """Confirm what is open in the row, leave the row out, or take it in."""
        row = self.row(self.begun(study_id), consensus_row_id)
        self.verified(study_id)
        action, member = self.given["action"], self.membership
        if action == "a":
            reconciling.take_row(membership=member, row=row, side=action)
        else:
            is_out = action == "leave_out"
            reconciling.leave_row_out(membership=member, row=row, is_left_out=is_out)


class FinaliseVerified(VerifyApi):
    """Locking a verified study."""

    @endpoint(settled.ReconciliationOut, needs=VERIFY)
    def post(self, study_id: int) -> Reconciliation:
        """Lock a study whose values are all checked."""
        known = self.verified(study_id)
        return reconciling.finalise_study(membership=self.membership, reconciliation=known)


class ReopenVerified(VerifyApi):
    """Unlocking a verified study."""

    @endpoint(settled.ReconciliationOut, takes=shapes.WhyIn, needs=VERIFY)
    def post(self, study_id: int) -> Reconciliation:
        """Unlock a verified study, and say why."""
        return reconciling.reopen_study(
            membership=self.membership,
            reconciliation=self.verified(study_id),
            reason=self.given["reason"],
        )
