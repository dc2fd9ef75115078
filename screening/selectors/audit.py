"""The audit trail as one person may read it."""

from django.db.models import Q, QuerySet

from screening.models import AuditEvent, Membership, StageSettings

# What these say of a record would tell that, and how, somebody else judged or read it.
BLINDED = ("record.", "note.", "discussion.", "ruling.")


def audit_of(*, membership: Membership) -> QuerySet[AuditEvent]:
    """The events of the member's review; while a stage is blinded, without others' on records.

    Args:
        membership: Who reads; the caller has asked whether they may at all.

    Returns:
        The events with their actors, in no order.
    """
    events = AuditEvent.objects.filter(review=membership.review_id).select_related("actor")
    if StageSettings.objects.filter(review=membership.review_id, is_blinded=True).exists():
        hidden = Q()
        for prefix in BLINDED:
            hidden |= Q(action__startswith=prefix)
        events = events.exclude(hidden & ~Q(actor=membership.user_id))
    return events
