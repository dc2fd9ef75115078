"""Who may read whose values: the blinding rule of extraction, in one place."""

from django.db.models import QuerySet

from extraction.models import Extraction, ExtractionSettings, Study
from screening.models import Membership, Review

EXTRACTIONS_NEEDED = 2


def extractions_needed(review: Review) -> int:
    """How many people extract each study: two, or one where a second person verifies."""
    return 1 if verified_reviews().filter(review=review).exists() else EXTRACTIONS_NEEDED


def verified_reviews() -> QuerySet[ExtractionSettings]:
    """The settings of the reviews in which one person extracts and a second one verifies."""
    return ExtractionSettings.objects.filter(mode=ExtractionSettings.Mode.VERIFIED)


def is_open_for_comparison(study: Study) -> bool:
    """Whether enough extractors have submitted that nobody can be influenced any more.

    Two; or one where a second person verifies, while nobody else extracts.
    """
    in_form = study.extractions.filter(origin=Extraction.Origin.PAGE)
    submitted = in_form.filter(submitted_at__isnull=False).count()
    if submitted >= EXTRACTIONS_NEEDED:
        return True
    is_alone = submitted == 1 and in_form.count() == 1
    return is_alone and extractions_needed(study.review) == 1


def can_read_values(membership: Membership, extraction: Extraction) -> bool:
    """Whether a member may see the raw values of an extraction.

    One's own and imported values always; another's only when the review does not blind
    extraction, or when the extractors of the study have submitted.
    """
    if extraction.extractor_id == membership.pk or extraction.origin == Extraction.Origin.IMPORT:
        return True
    if not membership.review.is_extraction_blinded:
        return True
    return is_open_for_comparison(extraction.study)
