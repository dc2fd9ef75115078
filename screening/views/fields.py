"""Choosing which record of a report gives a field, on the record's page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from screening.models import FieldChoice, Membership, Record
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.duplicates import head_of
from screening.selectors.records import record_or_404
from screening.services import fields


@require_POST
@review_view(Capability.DEDUPLICATE)
def choose_field(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Show this record's value of a field for the whole group."""
    return _act(request, membership, record_id, fields.choose_field)


@require_POST
@review_view(Capability.DEDUPLICATE)
def release_field(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Let the rules choose a field of the group again."""
    return _act(request, membership, record_id, fields.release_field)


def _act(
    request: HttpRequest,
    membership: Membership,
    record_id: int,
    act: Callable[..., FieldChoice | None],
) -> HttpResponse:
    """Do it, say why not when it is refused, and show the kept record's fields."""
    record: Record = record_or_404(membership, record_id)
    try:
        act(membership=membership, record=record, field=request.POST.get("field", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{head_of(record).get_absolute_url()}#fields")
