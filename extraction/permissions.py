"""Who may read whose values: the blinding rule of extraction, in one place."""

from extraction.models import Extraction, Study
from screening.models import Membership

EXTRACTIONS_NEEDED = 2


def is_open_for_comparison(study: Study) -> bool:
    """Whether enough extractors have submitted that nobody can be influenced any more."""
    submitted = study.extractions.filter(
        origin=Extraction.Origin.PAGE, submitted_at__isnull=False
    ).count()
    return submitted >= EXTRACTIONS_NEEDED


def can_read_values(membership: Membership, extraction: Extraction) -> bool:
    """Whether a member may see the raw values of an extraction.

    One's own and imported values always; another's only when the review does not blind
    extraction, or when both extractors of the study have submitted.
    """
    if extraction.extractor_id == membership.pk or extraction.origin == Extraction.Origin.IMPORT:
        return True
    if not membership.review.is_extraction_blinded:
        return True
    return is_open_for_comparison(extraction.study)
