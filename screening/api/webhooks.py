"""Webhooks and the log of what was sent."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from screening.api.base import ReviewApi, endpoint
from screening.models import Webhook, WebhookDelivery
from screening.models.webhooks import Event
from screening.rules.roles import Capability
from screening.services.webhooks import add_webhook, remove_webhook, send_again

MANAGE = Capability.MANAGE


class WebhookIn(serializers.Serializer[Any]):
    """An address and what it is told of."""

    url = serializers.URLField(max_length=500)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=Event.choices), min_length=1, max_length=3
    )


class WebhookOut(serializers.ModelSerializer[Webhook]):
    """A webhook; its secret is told once, when it is made."""

    events = serializers.ListField(child=serializers.CharField())
    secret = serializers.SerializerMethodField()

    class Meta:
        model = Webhook
        fields = ("id", "url", "events", "secret", "created_at")

    def get_secret(self, hook: Webhook) -> str | None:
        """What signs its messages; null later."""
        return hook.secret if getattr(hook, "is_new", False) else None


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    """A message and how sending it went."""

    class Meta:
        model = WebhookDelivery
        fields = (
            "id",
            "uuid",
            "webhook",
            "event",
            "state",
            "attempts",
            "status_code",
            "error",
            "created_at",
            "next_at",
            "delivered_at",
        )


class Webhooks(ReviewApi):
    """Addresses that are told of events."""

    @endpoint(WebhookOut, many=True, needs=MANAGE)
    def get(self) -> QuerySet[Webhook]:
        """List the webhooks."""
        return Webhook.objects.filter(review=self.review, removed_at=None)

    @endpoint(WebhookOut, takes=WebhookIn, status=201, needs=MANAGE)
    def post(self) -> Webhook:
        """Name an address; the secret that signs its messages is told only now."""
        hook = add_webhook(lead=self.membership, **self.given)
        hook.is_new = True  # type: ignore[attr-defined]  # read by the serializer
        return hook


class OneWebhook(ReviewApi):
    """One webhook."""

    @endpoint(needs=MANAGE)
    def delete(self, webhook_id: int) -> None:
        """Tell the address nothing any more; the log stays."""
        hook = get_object_or_404(Webhook, pk=webhook_id, review=self.review)
        remove_webhook(lead=self.membership, hook=hook)


class Deliveries(ReviewApi):
    """The log of what was sent."""

    @endpoint(DeliveryOut, many=True, needs=MANAGE)
    def get(self) -> QuerySet[WebhookDelivery]:
        """List the messages, newest first."""
        return WebhookDelivery.objects.filter(webhook__review=self.review)


class SendAgain(ReviewApi):
    """A message, sent once more."""

    @endpoint(DeliveryOut, status=202, needs=MANAGE)
    def post(self, delivery_id: int) -> WebhookDelivery:
        """Send the same message again."""
        rows = WebhookDelivery.objects.select_related("webhook")
        delivery = get_object_or_404(rows, pk=delivery_id, webhook__review=self.review)
        return send_again(lead=self.membership, delivery=delivery)
