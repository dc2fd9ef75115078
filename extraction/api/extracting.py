"""One's own extraction: started, filled cell by cell with its evidence, submitted, reopened."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from extraction.api import serializers as shapes
from extraction.api.studies import StudyApi
from extraction.models import Extraction, ExtractionRow, Reconciliation
from extraction.permissions import can_read_values
from extraction.selectors.missing import missing_answers
from extraction.selectors.settings import settings_of
from extraction.services import extractions
from extraction.services.values import (
    CellAddress,
    ChangedElsewhereError,
    Evidence,
    SavedValue,
    attach_evidence,
    save_value,
)
from screening.api.base import endpoint
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404

EXTRACT = Capability.EXTRACT


class MissingOut(serializers.Serializer[Any]):
    """What still lacks an answer before submitting."""

    missing = serializers.ListField(child=serializers.CharField())


class ExtractionApi(StudyApi):
    """What endpoints of extractions share."""

    def own(self, study_id: int) -> Extraction:
        """My extraction of a study; another's is never named by an address."""
        study = self.study(study_id)
        rows = study.extractions.filter(extractor=self.membership, origin=Extraction.Origin.PAGE)
        found = rows.select_related("form", "study__review", "extractor__user").first()
        if found is None:
            raise ValidationError(
                "You have not started an extraction of this study.", code="nothing"
            )
        return found

    def extraction(self, extraction_id: int) -> Extraction:
        """Anybody's extraction in the review."""
        rows = Extraction.objects.select_related("form", "study__review", "extractor__user")
        return get_object_or_404(rows, pk=extraction_id, study__review=self.review)

    def shown(self, extraction: Extraction) -> Extraction:
        """The extraction with the values that stand."""
        found: Any = extraction
        found.standing = list(extraction.values.current().order_by("pk"))
        return extraction

    def cell(self, extraction: Extraction) -> CellAddress:
        """The cell that was sent."""
        row_id = self.given["row"]
        row = get_object_or_404(extraction.rows, pk=row_id) if row_id else None
        return CellAddress(extraction, self.given["field"], row)


def told(saved: SavedValue) -> dict[str, Any]:
    """A saved value as it is sent."""
    return {"value": saved.value, "questions": list(saved.questions)}


def evidence_of(api: ExtractionApi, given: dict[str, Any]) -> Evidence:
    """The passage that was sent; its PDF is one of the review."""
    chosen = given["full_text"]
    return Evidence(
        page=given["page"],
        quote=given["quote"],
        location=given["location"],
        rectangles=tuple(tuple(one) for one in given["rectangles"]),
        full_text=full_text_or_404(api.membership, chosen) if chosen else None,
        source_url=given["source_url"],
    )


class OwnExtraction(ExtractionApi):
    """My extraction of a study."""

    @endpoint(shapes.ExtractionOut, needs=EXTRACT)
    def get(self, study_id: int) -> Extraction:
        """Show my rows and the values that stand, with their evidence."""
        return self.shown(self.own(study_id))

    @endpoint(shapes.ExtractionOut, status=201, needs=EXTRACT)
    def post(self, study_id: int) -> Extraction:
        """Start my extraction, or go on with the one I have begun."""
        study = self.study(study_id)
        extractions.start_extraction(membership=self.membership, study=study)
        return self.shown(self.own(study_id))


class Cell(ExtractionApi):
    """One cell of my extraction."""

    @endpoint(shapes.SavedOut, takes=shapes.CellIn, needs=EXTRACT)
    def put(self, study_id: int) -> dict[str, Any]:
        """Save what was entered; 409 when the cell is not as the caller knows it."""
        extraction = self.own(study_id)
        try:
            return told(
                save_value(
                    membership=self.membership,
                    cell=self.cell(extraction),
                    raw=self.given["value"],
                    unit=self.given["unit"],
                    expected=self.given["expected"],
                )
            )
        except ChangedElsewhereError as error:
            error.code = "changed_elsewhere"
            raise


class CellEvidence(ExtractionApi):
    """The evidence of one cell of mine."""

    @endpoint(shapes.SavedOut, takes=shapes.EvidenceIn, needs=EXTRACT)
    def put(self, study_id: int) -> dict[str, Any]:
        """Make a passage the evidence of a cell; the value stays."""
        extraction = self.own(study_id)
        try:
            return told(
                attach_evidence(
                    membership=self.membership,
                    cell=self.cell(extraction),
                    evidence=evidence_of(self, self.given),
                    expected=self.given["expected"],
                )
            )
        except ChangedElsewhereError as error:
            error.code = "changed_elsewhere"
            raise


class Rows(ExtractionApi):
    """The rows of my extraction."""

    @endpoint(shapes.RowOut, takes=shapes.RowIn, status=201, needs=EXTRACT)
    def post(self, study_id: int) -> ExtractionRow:
        """Add a row to a repeating group, empty or as a copy."""
        extraction = self.own(study_id)
        copied = self.given["copy_of"]
        return extractions.add_row(
            membership=self.membership,
            extraction=extraction,
            group=self.given["group"],
            copy_of=get_object_or_404(extraction.rows, pk=copied) if copied else None,
        )


class OneRow(ExtractionApi):
    """One row of my extraction."""

    @endpoint(needs=EXTRACT)
    def delete(self, study_id: int, row_id: int) -> None:
        """Take the row out; it stays in the database and can be restored."""
        extraction = self.own(study_id)
        row = get_object_or_404(extraction.rows, pk=row_id)
        extractions.remove_row(membership=self.membership, extraction=extraction, row=row)

    @endpoint(shapes.RowOut, needs=EXTRACT)
    def post(self, study_id: int, row_id: int) -> ExtractionRow:
        """Bring a removed row back."""
        extraction = self.own(study_id)
        row = get_object_or_404(extraction.rows, pk=row_id)
        extractions.restore_row(membership=self.membership, extraction=extraction, row=row)
        row.refresh_from_db()
        return row


class Missing(ExtractionApi):
    """What my extraction lacks."""

    @endpoint(MissingOut, needs=EXTRACT)
    def get(self, study_id: int) -> dict[str, list[str]]:
        """List the answers that are missing before it can be submitted."""
        return {"missing": missing_answers(self.own(study_id))}


class Submit(ExtractionApi):
    """Submitting."""

    @endpoint(shapes.ExtractionOut, needs=EXTRACT)
    def post(self, study_id: int) -> Extraction:
        """Submit my extraction."""
        extraction = self.own(study_id)
        extractions.submit_extraction(membership=self.membership, extraction=extraction)
        return self.shown(self.own(study_id))


class ReopenOwn(ExtractionApi):
    """Going on after submitting."""

    @endpoint(shapes.ExtractionOut, needs=EXTRACT)
    def post(self, study_id: int) -> Extraction:
        """Make my submitted extraction a draft again."""
        extraction = self.own(study_id)
        extractions.reopen_extraction(membership=self.membership, extraction=extraction)
        return self.shown(self.own(study_id))


class OneExtraction(ExtractionApi):
    """Anybody's extraction."""

    @endpoint(shapes.ExtractionOut)
    def get(self, extraction_id: int) -> Extraction:
        """Show an extraction whose values I may read."""
        extraction = self.extraction(extraction_id)
        if not can_read_values(self.membership, extraction):
            raise PermissionDenied("These values are shown when both extractors have submitted.")
        if self._hides_names(extraction):
            raise PermissionDenied(
                "Until the study is final, these values are shown in the comparison only, "
                "which does not say whose they are."
            )
        return self.shown(extraction)

    def _hides_names(self, extraction: Extraction) -> bool:
        """Whether who reconciles must not learn whose values these are."""
        is_open = extraction.extractor_id == self.membership.pk
        if is_open or extraction.origin == Extraction.Origin.IMPORT:
            return False
        known = Reconciliation.objects.filter(study=extraction.study_id).first()
        is_final = known is not None and known.finalised_at is not None
        return not is_final and settings_of(self.review).is_reconciliation_blinded


class Reopen(ExtractionApi):
    """A submitted extraction, opened again."""

    @endpoint(takes=shapes.WhyIn, needs=Capability.MANAGE)
    def post(self, extraction_id: int) -> None:
        """A lead makes a submitted extraction a draft again, and says why."""
        extractions.reopen_extraction(
            membership=self.membership,
            extraction=self.extraction(extraction_id),
            reason=self.given["reason"],
        )
