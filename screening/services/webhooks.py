"""Writes about webhooks: named and removed by a lead, sent by a worker with patience."""

import json
import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from screening.models import AuditEvent, Job, Membership, Webhook, WebhookDelivery
from screening.models.webhooks import DELIVERY_JOB, Event
from screening.online.hooks import (
    EVENT,
    ID,
    SIGNATURE,
    TIMESTAMP,
    Outcome,
    RefusedAddressError,
    checked_target,
    send,
    signature_of,
)
from screening.permissions import require
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.blinding import hides_conflicts

MOST = 20
# minutes until the next try, after each that failed; then it is given up
PAUSES = (1, 5, 30, 120, 480)


@transaction.atomic
def add_webhook(*, lead: Membership, url: str, events: Collection[str]) -> Webhook:
    """Name an address that is told of events.

    Raises:
        PermissionDenied: The member does not lead.
        ValidationError: No event is chosen, the address may not be asked, or there are too many.
    """
    require(lead, Capability.MANAGE)
    unknown = sorted(set(events) - set(Event.values))
    if unknown or not events:
        raise ValidationError(f"Choose events among {', '.join(Event.values)}.")
    try:
        checked_target(url, may_be_private=settings.WEBHOOK_PRIVATE_TARGETS)
    except RefusedAddressError as error:
        raise ValidationError({"url": [str(error)]}) from error
    if Webhook.objects.standing().filter(review=lead.review).count() >= MOST:
        raise ValidationError(f"A review has at most {MOST} webhooks. Remove one first.")
    ordered = [event for event in Event.values if event in events]
    hook = Webhook(review=lead.review, url=url, events=ordered, created_by=lead)
    hook.full_clean()
    hook.save()
    AuditEvent.objects.append_by(lead, "webhook.added", hook, after={"url": url, "events": ordered})
    return hook


@transaction.atomic
def remove_webhook(*, lead: Membership, hook: Webhook) -> None:
    """Tell an address nothing any more; the log stays."""
    require(lead, Capability.MANAGE)
    if hook.review_id != lead.review_id:
        raise ValidationError("This webhook is of another review.")
    if Webhook.objects.filter(pk=hook.pk, removed_at=None).update(removed_at=timezone.now()):
        AuditEvent.objects.append_by(lead, "webhook.removed", hook, before={"url": hook.url})


@transaction.atomic
def send_again(*, lead: Membership, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send the same message anew, as a delivery of its own with the same number of the event.

    Raises:
        ValidationError: It still waits, or the webhook was removed.
    """
    require(lead, Capability.MANAGE)
    hook = delivery.webhook
    if hook.review_id != lead.review_id or hook.removed_at is not None:
        raise ValidationError("This webhook was removed.")
    if delivery.state == WebhookDelivery.State.WAITING:
        raise ValidationError("This message is still being sent.", code="in_progress")
    return WebhookDelivery.objects.send_soon(hook, delivery.event, delivery.facts)


def deliver(*, delivery_id: int) -> WebhookDelivery | None:
    """Send one message, and plan the next try when it was not taken.

    Called again for a message that was delivered or given up, it does nothing.
    """
    rows = WebhookDelivery.objects.select_related(
        "webhook__review", "webhook__created_by__user", "webhook__created_by__review"
    )
    delivery: WebhookDelivery | None = rows.filter(pk=delivery_id).first()
    if delivery is None or delivery.state != WebhookDelivery.State.WAITING:
        return None
    hook = delivery.webhook
    if not Webhook.objects.standing().filter(pk=hook.pk).exists():
        return _store(delivery, Outcome(None, "The webhook was removed."), is_last=True)
    return _store(delivery, _sent(delivery), is_last=delivery.attempts >= len(PAUSES))


def body_of(delivery: WebhookDelivery) -> bytes:
    """What is sent, without what whoever named the webhook may not know."""
    facts: dict[str, Any] = dict(delivery.facts)
    hook = delivery.webhook
    if delivery.event == Event.CONFLICT and hides_conflicts(hook.created_by, Stage(facts["stage"])):
        facts.pop("record", None)  # who has still to decide on it must not learn of it
    told = {
        "id": str(delivery.uuid),
        "event": delivery.event,
        "review": hook.review.slug,
        "at": delivery.created_at.isoformat(),
        "data": facts,
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def _sent(delivery: WebhookDelivery) -> Outcome:
    if not settings.ONLINE_SERVICES:
        return Outcome(None, "This installation asks nobody outside (ONLINE_SERVICES).")
    hook, body, now = delivery.webhook, body_of(delivery), int(time.time())
    try:
        target = checked_target(hook.url, may_be_private=settings.WEBHOOK_PRIVATE_TARGETS)
    except RefusedAddressError as error:
        return Outcome(None, str(error))
    headers = {
        SIGNATURE: signature_of(hook.secret, now, body),
        TIMESTAMP: str(now),
        EVENT: delivery.event,
        ID: str(delivery.uuid),
    }
    return send(target, body, headers)


@transaction.atomic
def _store(delivery: WebhookDelivery, outcome: Outcome, *, is_last: bool) -> WebhookDelivery:
    now, states = timezone.now(), WebhookDelivery.State
    delivery.attempts += 1
    delivery.status_code = outcome.status
    delivery.error = outcome.error
    delivery.next_at = None
    if outcome.is_ok:
        delivery.state, delivery.delivered_at = states.DELIVERED, now
    elif is_last:
        delivery.state = states.FAILED
    else:
        delivery.next_at = now + timedelta(minutes=PAUSES[delivery.attempts - 1])
        # not sent now: the sweeper sends what is queued once its clock has run out
        Job.objects.create(
            kind=DELIVERY_JOB,
            params={"delivery_id": delivery.pk},
            lease_until=delivery.next_at,
        )
    delivery.save()
    return delivery
