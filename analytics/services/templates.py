"""What a new review takes over of another's reporting: the policy and the layout of Table 1."""

from django.db import transaction

from analytics.models import ReportingSettings
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def copy_reporting(*, source: Review, lead: Membership) -> None:
    """Copy the policy and the layout; choices by hand and footnotes belong to studies and stay.

    Args:
        source: The review to take after; the caller has asked whether the lead may.
        lead: Who leads the new review.

    Raises:
        PermissionDenied: The member does not lead the new review.
    """
    require(lead, Capability.MANAGE)
    old = ReportingSettings.objects.filter(review=source).first()
    if old is None:
        return
    values = {"policy": old.policy, "layout": old.layout}
    made = ReportingSettings.objects.create(review=lead.review, **values)
    AuditEvent.objects.append_by(lead, "reporting.copied", made, after=values)
