"""Several questions at once: groups of three and more, and all that are sure enough."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from screening.forms.duplicates import USUAL, CertaintyForm
from screening.models import Membership, Record
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.duplicates import head_of
from screening.selectors.questions import group_in_question, sure_suggestions
from screening.selectors.records import record_or_404
from screening.services import accepting


@require_safe
@review_view(Capability.VIEW)
def group(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """All records that questions connect with one, side by side."""
    head = head_of(record_or_404(membership, record_id))
    context = {
        "head": head,
        "group": group_in_question(membership=membership, head=head),
        "may_judge": membership.can(Capability.DEDUPLICATE),
    }
    return render(request, "screening/duplicates_group.html", context)


@require_POST
@review_view(Capability.DEDUPLICATE)
def answer_group(request: HttpRequest, membership: Membership, record_id: int) -> HttpResponse:
    """Link the chosen records of a group, or rule that they all differ."""
    head = record_or_404(membership, record_id)
    ids = [int(pk) for pk in request.POST.getlist("record") if pk.isdecimal()]
    chosen = list(Record.objects.filter(review=membership.review_id, pk__in=ids).order_by("pk"))
    wanted = request.POST.get("kept", "")
    kept = next((one for one in chosen if str(one.pk) == wanted), chosen[0] if chosen else head)

    def act() -> str:
        if request.POST.get("answer") == "different":
            count = accepting.reject_group(membership=membership, records=chosen)
            return f"{count} pair{'' if count == 1 else 's'} ruled to be different."
        count = accepting.link_group(membership=membership, kept=kept, records=chosen)
        return f"{count} record{'' if count == 1 else 's'} linked to record {kept.pk}."

    return _act(request, act, _address(membership, "duplicate-group", record_id=head.pk))


@require_safe
@review_view(Capability.DEDUPLICATE)
def sure_pairs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What would be linked above a certainty: nothing is written yet."""
    form = CertaintyForm(request.GET if "least" in request.GET else {"least": USUAL})
    least = form.least_or_usual()
    context = {
        "form": form,
        "least": least,
        "pairs": sure_suggestions(review=membership.review, least=least),
    }
    return render(request, "screening/duplicates_sure.html", context)


@require_POST
@review_view(Capability.DEDUPLICATE)
def accept_sure_pairs(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Link the pairs that were ticked in the preview."""
    ids = [int(pk) for pk in request.POST.getlist("pair") if pk.isdecimal()]

    def act() -> str:
        count = accepting.link_suggestions(membership=membership, ids=ids)
        return f"{count} pair{'' if count == 1 else 's'} linked. Undo takes them back together."

    return _act(request, act, _address(membership, "sure-pairs"))


def _address(membership: Membership, name: str, **arguments: int) -> str:
    return reverse(f"screening:{name}", kwargs={"slug": membership.review.slug, **arguments})


def _act(request: HttpRequest, act: Callable[[], str], refused: str) -> HttpResponseRedirect:
    """Do it and go to the desk; when it is refused, say why where one was."""
    try:
        messages.success(request, act())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(refused)
    slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr]  # a resolved request
    return redirect(reverse("screening:duplicates", kwargs={"slug": slug}))
