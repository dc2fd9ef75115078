"""Revising the eligibility criteria: every text stays readable under its number."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import AuditEvent, CriteriaVersion, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability

MAX_NOTE = 2000


@transaction.atomic
def revise_criteria(*, lead: Membership, criteria: Sequence[str], note: str = "") -> Review:
    """Make these the review's criteria, as a version of their own; the same ones change nothing.

    Criteria that are written down for the first time are version 1.

    Args:
        lead: Who revises.
        criteria: The sentences that all have to hold.
        note: Why they change.

    Returns:
        The review with its present version.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: The note is too long.
    """
    require(lead, Capability.MANAGE)
    wanted = [line.strip() for line in criteria if line.strip()]
    if len(note) > MAX_NOTE:
        raise ValidationError(f"The note has {len(note)} characters; {MAX_NOTE} are the most.")
    review = Review.objects.select_for_update().get(pk=lead.review_id)
    before = review.inclusion_criteria
    if wanted == before:
        return review
    versions = review.criteria_versions
    if before and not versions.exists():
        versions.create(number=1, criteria=before, created_at=review.created_at)
    review.criteria_version += int(versions.exists())
    review.inclusion_criteria = wanted
    review.save(update_fields=["inclusion_criteria", "criteria_version"])
    number = review.criteria_version
    version = CriteriaVersion.objects.create(
        review=review, number=number, criteria=wanted, note=note.strip(), created_by=lead
    )
    AuditEvent.objects.append_by(
        lead,
        "criteria.revised",
        version,
        before={"criteria": before},
        after={"criteria": wanted, "version": number, "note": version.note},
    )
    return review
