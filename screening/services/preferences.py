"""How a person likes to work: kept for them alone, on every device."""

from django.core.exceptions import ValidationError
from django.db import transaction

from screening.models import Membership
from screening.rules.roles import Capability
from screening.services.locks import lock_member


@transaction.atomic
def choose_view(*, membership: Membership, view: str) -> Membership:
    """Show the records to screen one by one, as a list, or in three panes.

    Raises:
        PermissionDenied: The member does not screen.
        ValidationError: There is no such view.
    """
    member = lock_member(membership, Capability.SCREEN)
    if view not in Membership.View.values:
        raise ValidationError("Choose one record, the list, or three panes.")
    member.screening_view = view
    member.save(update_fields=["screening_view"])
    return member
