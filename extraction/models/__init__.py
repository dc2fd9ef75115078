"""The tables of the extraction floor, one noun a file."""

from extraction.models.assignments import Assignment
from extraction.models.consensus import ConsensusRow, ConsensusValue, Reconciliation
from extraction.models.data_sets import DataSet
from extraction.models.forms import ExtractionForm, FormChange, FormDraft
from extraction.models.quotes import QuotePlace
from extraction.models.revisits import Revisit
from extraction.models.settings import ExtractionSettings
from extraction.models.sheets import SheetImport
from extraction.models.studies import Study, StudyReport
from extraction.models.values import ExtractedValue, Extraction, ExtractionRow

__all__ = [
    "Assignment",
    "ConsensusRow",
    "ConsensusValue",
    "DataSet",
    "ExtractedValue",
    "Extraction",
    "ExtractionForm",
    "ExtractionRow",
    "ExtractionSettings",
    "FormChange",
    "FormDraft",
    "QuotePlace",
    "Reconciliation",
    "Revisit",
    "SheetImport",
    "Study",
    "StudyReport",
]
