"""The draft as the entry form people will fill, with its checks and conditions; nothing is kept."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from extraction.forms.entries import CellForm
from extraction.schema.checks import CheckedValue, Refused
from extraction.selectors.forms import form_draft, sketch_of
from extraction.selectors.tryout import Tried, as_tried, tried_key, try_value, tryout
from extraction.views.drafts import to_form
from extraction.views.lookup import is_part
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

Session = dict[str, Tried]


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def try_form(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The whole form to try; a POST empties it."""
    draft = form_draft(membership.review)
    if draft is None:
        return to_form(request, membership)
    if request.method == "POST":
        request.session.pop(_name(membership), None)
        return redirect("extraction:try-form", slug=membership.review.slug)
    entry = tryout(sketch_of(draft), _answers(request, membership))
    context = {"draft": draft, "sketch": sketch_of(draft), "entry": entry, "is_preview": True}
    return render(request, "extraction/tryout.html", context)


@require_POST
@review_view(Capability.MANAGE)
def try_cell(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Check one entry as the real form would, and ask or hide what depends on it."""
    draft = form_draft(membership.review)
    form = CellForm(request.POST)
    if draft is None:
        return to_form(request, membership)
    answers = _answers(request, membership)
    row = form.cleaned_data["row"] if form.is_valid() else None
    key = form.cleaned_data.get("field", "")
    shown = tryout(sketch_of(draft), answers).find(key, row)
    if shown is None:
        return HttpResponse("The draft has no such field any more.", status=400)
    outcome = try_value(
        form=sketch_of(draft),
        field=shown.field,
        entered=(form.entered(), form.cleaned_data["unit"]),
        answers=answers,
        row=row,
    )
    if not isinstance(outcome, Refused):
        _keep(request, membership, tried_key(row, key), outcome)
    return _answer(request, membership, (key, row), outcome)


def _answer(
    request: HttpRequest,
    membership: Membership,
    place: tuple[str, int | None],
    outcome: CheckedValue | Refused | None,
) -> HttpResponse:
    problem = outcome.message if isinstance(outcome, Refused) else ""
    if not is_part(request):
        if problem:
            messages.error(request, problem)
        return redirect("extraction:try-form", slug=membership.review.slug)
    draft = form_draft(membership.review)
    entry = tryout(sketch_of(draft), _answers(request, membership)) if draft else None
    shown = entry.find(*place) if entry else None
    context = {
        "entry": entry,
        "one": shown,
        "problem": problem,
        "questions": outcome.questions if isinstance(outcome, CheckedValue) else (),
        "dependents": entry.dependents_of(shown) if entry and shown and not problem else [],
        "units_shown": entry.awaiting_unit(shown) if entry and shown and not problem else [],
        "measured": entry.measured_by(shown) if entry and shown and not problem else [],
        "is_preview": True,
    }
    return render(request, "extraction/_saved.html", context)


def _keep(
    request: HttpRequest, membership: Membership, name: str, checked: CheckedValue | None
) -> None:
    answers = dict(_answers(request, membership))
    answers.pop(name, None)
    if checked is not None:
        answers[name] = as_tried(checked)
    request.session[_name(membership)] = answers


def _answers(request: HttpRequest, membership: Membership) -> Session:
    return cast("Session", request.session.get(_name(membership), {}))


def _name(membership: Membership) -> str:
    return f"tried_form_{membership.review_id}"
