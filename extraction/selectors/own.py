"""How far each extraction of a study is, in words that give nothing away."""

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.models import Extraction, Study
from extraction.permissions import can_read_values
from screening.models import Membership


@dataclass(frozen=True, slots=True)
class Standing:
    """One extraction as a member may know of it."""

    extraction: Extraction
    words: str
    icon: str
    is_own: bool
    is_readable: bool


def extraction_standings(
    membership: Membership, study: Study, extractions: Sequence[Extraction]
) -> list[Standing]:
    """Who extracts the study and how far; the values only if they may be read."""
    return [_standing(membership, study, one) for one in extractions]


def _standing(membership: Membership, study: Study, extraction: Extraction) -> Standing:
    extraction.study = study
    words, icon = "Draft", "awaiting"
    if extraction.origin == Extraction.Origin.IMPORT:
        words, icon = "Imported", "sources"
    elif extraction.submitted_at is not None:
        words, icon = "Submitted", "check"
    is_own = extraction.extractor_id == membership.pk
    return Standing(extraction, words, icon, is_own, can_read_values(membership, extraction))
