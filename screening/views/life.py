"""A review as a whole: archive and reopen it, have it deleted, keep it after all."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.services import life as services
from screening.views.bundles import told_of_life

DONE = {
    "archive": "The review is archived: everything can be read and nothing changed.",
    "reopen": "The review is open again.",
    "delete": "The review will be deleted. Every member sees until when it can be taken back.",
    "keep": "The review stays.",
}


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE, even_archived=True)
def life(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What can be done with the whole review; each has a button of its own."""
    typed = request.POST.get("title", "")
    error = _act(membership, request.POST.get("action", ""), typed) if request.POST else ""
    if request.method == "POST" and not error:
        messages.success(request, DONE[request.POST["action"]])
        return redirect("screening:life", slug=membership.review.slug)
    context = {"error": error, "typed": typed} | told_of_life(membership.review)
    return render(request, "screening/life.html", context, status=400 if error else 200)


def _act(lead: Membership, action: str, typed: str) -> str:
    """Do it; what speaks against it in words."""
    acts: Mapping[str, Callable[[], object]] = {
        "archive": lambda: services.archive_review(lead=lead),
        "reopen": lambda: services.reopen_review(lead=lead),
        "delete": lambda: services.ask_deletion(lead=lead, title=typed),
        "keep": lambda: services.take_back_deletion(lead=lead),
    }
    if action not in acts:
        return "Choose what to do with the review."
    try:
        acts[action]()
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""
