"""The review's exclusion reasons, one by one: added, renamed, moved, retired, taken up again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from screening.models import ExclusionReason, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.reasons import all_reasons, reason_or_404
from screening.services import reasons as services
from screening.views.stages import said


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.MANAGE)
def reasons(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All reasons in their order; a POST adds those that are written, one a line."""
    asked = ""
    if request.method == "POST":
        asked = request.POST.get("label", "")
        try:
            services.add_reasons(lead=membership, labels=asked.splitlines())
        except ValidationError as error:
            messages.error(request, said(error))
        else:
            return redirect("screening:reasons", slug=membership.review.slug)
    found = all_reasons(membership)
    context = {
        "used": [one for one in found if one.retired_at is None],
        "retired": [one for one in found if one.retired_at is not None],
        "asked": asked,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "screening/reasons.html", context, status=status)


@require_POST
@review_view(Capability.MANAGE)
def change_reason(request: HttpRequest, membership: Membership, reason_id: int) -> HttpResponse:
    """Rename, move, retire or take up a reason, as `action` says."""
    reason = reason_or_404(membership, reason_id)
    try:
        _act(membership, reason, request.POST)
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect("screening:reasons", slug=membership.review.slug)


def _act(lead: Membership, reason: ExclusionReason, sent: QueryDict) -> None:
    match sent.get("action"):
        case "rename":
            services.rename_reason(lead=lead, reason=reason, label=sent.get("label", ""))
        case "up" | "down" as way:
            services.move_reason(lead=lead, reason=reason, is_up=way == "up")
        case "retire" | "restore" as way:
            services.set_reason_retired(lead=lead, reason=reason, is_retired=way == "retire")
        case _:
            raise ValidationError("Choose what to do with the reason.")
