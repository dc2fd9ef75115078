"""The tables of the extraction floor, one noun a file."""

from extraction.models.consensus import ConsensusRow, ConsensusValue, Reconciliation
from extraction.models.forms import ExtractionForm, FormDraft
from extraction.models.studies import Study, StudyReport
from extraction.models.values import ExtractedValue, Extraction, ExtractionRow

__all__ = [
    "ConsensusRow",
    "ConsensusValue",
    "ExtractedValue",
    "Extraction",
    "ExtractionForm",
    "ExtractionRow",
    "FormDraft",
    "Reconciliation",
    "Study",
    "StudyReport",
]
