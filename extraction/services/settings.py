"""The lead's choices for extraction."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.models import ExtractionSettings
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

OF_REVIEW = "is_extraction_blinded"


@transaction.atomic
def change_settings(*, membership: Membership, wanted: Mapping[str, object]) -> ExtractionSettings:
    """Store the choices by their names; what is the same already leaves no trace.

    Raises:
        ValidationError: A choice is unknown or has no such value.
    """
    require(membership, Capability.MANAGE)
    review = Review.objects.select_for_update().get(pk=membership.review_id)
    stored, _ = ExtractionSettings.objects.get_or_create(review=review)
    names = {field.name for field in ExtractionSettings._meta.fields} - {"id", "review"}
    unknown = set(wanted) - names - {OF_REVIEW}
    if unknown:
        raise ValidationError(f"There is no such setting: {', '.join(sorted(unknown))}.")
    before = {name: getattr(review if name == OF_REVIEW else stored, name) for name in wanted}
    if before == dict(wanted):
        return stored
    for name, value in wanted.items():
        setattr(review if name == OF_REVIEW else stored, name, value)
    stored.full_clean()
    stored.save()
    review.save(update_fields=[OF_REVIEW])
    AuditEvent.objects.append_by(
        membership, "extraction.settings_changed", review, before=before, after=dict(wanted)
    )
    return stored
