"""The review's choices for extraction, with their defaults."""

from extraction.models import ExtractionSettings
from screening.models import Review


def settings_of(review: Review) -> ExtractionSettings:
    """The stored settings of a review, or unsaved defaults."""
    found = ExtractionSettings.objects.filter(review=review).first()
    return found or ExtractionSettings(review=review)
