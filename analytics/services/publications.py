"""Writes about published dashboards: publish, withdraw."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from analytics.models import Publication
from analytics.selectors.days import moment_asked
from analytics.selectors.publications import outside_selection
from screening.models import AuditEvent, Membership
from screening.permissions import require
from screening.rules.roles import Capability

MOST_OPEN = 20
MOST_DAYS = 3660


@transaction.atomic
def publish_dashboard(
    *,
    lead: Membership,
    title: str,
    asked: Mapping[str, Sequence[str]],
    day: date | None = None,
    days: int | None = None,
) -> Publication:
    """Show the figures to everybody who has the link.

    Args:
        lead: Who publishes.
        title: Heading of the public page.
        asked: Filters of the figures; what is no filter is dropped.
        day: The day at whose end the dashboard is frozen; it follows the review without.
        days: After how many days the link stops working; never without.

    Raises:
        ValidationError: No title, a day to come, a life outside 1 to 3660 days, too many links, or
            a review that compares nothing.
    """
    require(lead, Capability.MANAGE)
    moment_asked(day)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"A link lives between 1 and {MOST_DAYS} days, or until withdrawn.")
    now = timezone.now()
    if Publication.objects.open(now).filter(review=lead.review).count() >= MOST_OPEN:
        raise ValidationError(f"{MOST_OPEN} links are open. Withdraw one that is not needed.")
    selection = outside_selection(lead.review, asked, day)
    if selection is None:
        raise ValidationError("The review's form compared nothing on that day: nothing to show.")
    made = Publication(
        review=lead.review,
        title=title.strip(),
        handle=secrets.token_urlsafe(16),
        filters={key: list(values) for key, values in selection.chosen.items() if key != "as_of"},
        as_of=day,
        expires_at=None if days is None else now + timedelta(days=days),
        created_by=lead,
        created_at=now,
    )
    made.full_clean()
    made.save()
    after = {
        "title": made.title,
        "filters": made.filters,
        "as_of": made.as_of,
        "expires_at": made.expires_at,
    }
    AuditEvent.objects.append_by(lead, "dashboard.published", made, after=after)
    return made


@transaction.atomic
def withdraw_dashboard(*, lead: Membership, publication: Publication) -> Publication:
    """Make a link worthless at once and for ever; a second time does nothing.

    Raises:
        ValidationError: It is of another review.
    """
    require(lead, Capability.MANAGE)
    made = Publication.objects.select_for_update().get(pk=publication.pk)
    if made.review_id != lead.review_id:
        raise ValidationError("This dashboard is of another review.")
    if made.withdrawn_at is None:
        made.withdrawn_at, made.withdrawn_by = timezone.now(), lead
        made.save(update_fields=["withdrawn_at", "withdrawn_by"])
        before = {"title": made.title}
        AuditEvent.objects.append_by(lead, "dashboard.withdrawn", made, before=before)
    return made
