"""Taking part in the talk about a record."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from screening.models import DiscussionMessage, Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.records import record_or_404
from screening.services.discussion import say, take_back
from screening.views.stages import said


@require_POST
@review_view(Capability.VIEW)
def add_message(
    request: HttpRequest, membership: Membership, stage: Stage, record_id: int
) -> HttpResponse:
    """Say something about a record; refused while its verdicts are hidden from me."""
    record = record_or_404(membership, record_id)
    try:
        say(membership=membership, record=record, stage=stage, body=request.POST.get("body", ""))
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect(f"{record.get_absolute_url()}#discussion-{stage.value}")


@require_POST
@review_view(Capability.VIEW)
def remove_message(request: HttpRequest, membership: Membership, message_id: int) -> HttpResponse:
    """Take a message of mine back."""
    rows = DiscussionMessage.objects.select_related("record__review")
    message = get_object_or_404(rows, pk=message_id, record__review=membership.review_id)
    try:
        take_back(membership=membership, message_id=message.pk)
    except ValidationError as error:
        messages.error(request, said(error))
    if message.pilot_id is not None:
        place = {"slug": membership.review.slug, "pilot_id": message.pilot_id}
        return redirect(f"{reverse('analytics:pilot', kwargs=place)}#record-{message.record_id}")
    return redirect(f"{message.record.get_absolute_url()}#discussion-{message.stage}")
