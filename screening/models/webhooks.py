"""Addresses that are told of events, and the log of what was sent to them."""

import secrets
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from screening.models.jobs import Job
from screening.models.people import Membership, Review

DELIVERY_JOB = "deliver_webhook"


class Event(models.TextChoices):
    """What a webhook may be told of."""

    IMPORT_DONE = "import.done", "An import is done"
    CONFLICT = "conflict", "A record has come into conflict"
    STUDY_FINAL = "study.final", "A study is final"


def new_secret() -> str:
    """What signs the messages to one address."""
    return f"whs_{secrets.token_urlsafe(32)}"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Narrowings of webhooks."""

    def standing(self) -> Self:
        """Not removed, of leads who may still manage the review."""
        return self.filter(
            removed_at=None,
            created_by__is_lead=True,
            created_by__deactivated_at=None,
            created_by__user__is_active=True,
        )


class Webhook(models.Model):
    """One address of a review. The secret is kept, since it signs; it is shown once."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)  # list of Event values
    secret = models.CharField(max_length=80, default=new_secret)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = WebhookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Makes deliveries."""

    @transaction.atomic
    def announce(self, review: Review, event: str, facts: Mapping[str, Any]) -> None:
        """Queue a message of an event for each address that wants it; one read without any.

        Args:
            review: Where it happened.
            event: One of `Event`.
            facts: Numbers and names that every lead may know; what only some may know is left
                out when the message is sent.
        """
        for hook in Webhook.objects.standing().filter(review=review):
            if event in hook.events:
                self.send_soon(hook, event, facts)

    def send_soon(self, hook: Webhook, event: str, facts: Mapping[str, Any]) -> "WebhookDelivery":
        """Queue one message."""
        delivery = self.create(webhook=hook, event=event, facts=dict(facts))
        Job.objects.enqueue(
            kind=DELIVERY_JOB,
            review=None,
            created_by=None,
            params={"delivery_id": delivery.pk},
            is_short=True,
        )
        return delivery


class WebhookDelivery(models.Model):
    """One message to one address: what it says, and how sending it went."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=20, choices=Event.choices)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False),
                name="webhook_delivery_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.uuid}"
