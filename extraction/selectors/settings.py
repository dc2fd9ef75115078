"""The review's choices for extraction, with their defaults."""

from datetime import datetime

from extraction.models import ExtractionSettings
from screening.models import AuditEvent, Review

CHANGED = "extraction.settings_changed"


def settings_of(review: Review) -> ExtractionSettings:
    """The stored settings of a review, or unsaved defaults."""
    found = ExtractionSettings.objects.filter(review=review).first()
    return found or ExtractionSettings(review=review)


def choices_then(review: Review, as_of: datetime | None) -> dict[str, object]:
    """The choices at a moment by name, that of the review itself with them; now without one.

    Today's, less every audited change since: each names what stood before it.
    """
    settings = settings_of(review)
    names = [
        one.name for one in ExtractionSettings._meta.fields if one.name not in {"id", "review"}
    ]
    choices = {name: getattr(settings, name) for name in names}
    choices["is_extraction_blinded"] = review.is_extraction_blinded
    if as_of is not None:
        events = AuditEvent.objects.filter(review=review, action=CHANGED, created_at__gt=as_of)
        for before in events.order_by("-pk").values_list("before", flat=True):
            choices |= before
    return choices
