"""Webhooks of a review: named, removed, and the log of what was sent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from screening.forms.webhooks import WebhookForm
from screening.models import Membership, Webhook, WebhookDelivery
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services.webhooks import add_webhook, remove_webhook, send_again
from screening.views.stages import said

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@review_view(Capability.MANAGE)
def webhooks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The addresses and the newest messages; a new address's secret is shown once."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    made: Webhook | None = None
    if form.is_bound and form.is_valid():
        try:
            made = add_webhook(lead=membership, **form.cleaned_data)
            form = WebhookForm()
        except ValidationError as error:
            form.add_error(None, error)
    review = membership.review
    sent = WebhookDelivery.objects.filter(webhook__review=review).select_related("webhook")
    context = {
        "form": form,
        "made": made,
        "hooks": list(Webhook.objects.filter(review=review, removed_at=None).order_by("pk")),
        "deliveries": list(sent[:SHOWN]),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "screening/webhooks.html", context, status=status)


@require_POST
@review_view(Capability.MANAGE)
def remove(request: HttpRequest, membership: Membership, webhook_id: int) -> HttpResponse:
    """Tell an address nothing any more."""
    hook = get_object_or_404(Webhook, pk=webhook_id, review=membership.review)
    remove_webhook(lead=membership, hook=hook)
    messages.success(request, f"{hook.url} is told nothing any more.")
    return redirect("screening:webhooks", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def again(request: HttpRequest, membership: Membership, delivery_id: int) -> HttpResponse:
    """Send a message once more."""
    rows = WebhookDelivery.objects.select_related("webhook")
    delivery = get_object_or_404(rows, pk=delivery_id, webhook__review=membership.review)
    try:
        send_again(lead=membership, delivery=delivery)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, "The message is sent again.")
    return redirect("screening:webhooks", slug=membership.review.slug)
