"""How far each extraction of a study is, in words that give nothing away."""

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.models import Extraction, Study
from extraction.permissions import can_read_values
from extraction.selectors.settings import settings_of
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
    elif extraction.reopened_at is not None:
        words, icon = "Reopened", "undo"
    elif not extraction.extractor.is_active:
        words, icon = "Left unfinished", "hidden"
    is_own = extraction.extractor_id == membership.pk
    return Standing(extraction, words, icon, is_own, can_read_values(membership, extraction))


def refusal_to_settle(membership: Membership, study: Study, *, is_verification: bool) -> str:
    """Why this member does not settle a study that they extracted; empty when they may."""
    is_blinded = settings_of(membership.review).is_reconciliation_blinded
    if not is_verification and not is_blinded:
        return ""
    if not study.extractions.filter(extractor=membership).exists():
        return ""
    if is_verification:
        return "You extracted this study. Nobody verifies their own values."
    return "You extracted this study. While reconciling is blinded, somebody else settles it."
