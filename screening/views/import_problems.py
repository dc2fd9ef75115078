"""The page of a rejected row: correct it and read it again, or leave it out."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from screening.forms.imports import CorrectionForm, LeaveOutForm
from screening.models import ImportProblem, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.imports import next_unsettled
from screening.services.detection import detect_after_import
from screening.services.import_settling import correct_problem, leave_out, reopen_problem

Forms = tuple[CorrectionForm, LeaveOutForm]


@require_http_methods(["GET", "HEAD", "POST"])
@review_view(Capability.IMPORT)
def import_problem(
    request: HttpRequest, membership: Membership, batch_id: int, problem_id: int
) -> HttpResponse:
    """A rejected row with its raw text; what is sent says what to do about it."""
    problems = ImportProblem.objects.select_related("batch__source", "record", "settled_by__user")
    problem = get_object_or_404(
        problems.filter(severity=ImportProblem.Severity.REJECTED),
        pk=problem_id,
        batch=batch_id,
        batch__review=membership.review,
    )
    act = ACTIONS.get(request.POST.get("action", ""))
    correction = CorrectionForm(initial={"text": problem.raw_text})
    forms = correction, LeaveOutForm()
    if request.method == "POST" and act is not None:
        forms, is_done = act(request, membership, problem)
        if is_done:
            return _onwards(membership, problem)
    context = {
        "problem": problem,
        "batch": problem.batch,
        "correction": forms[0],
        "leave": forms[1],
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "screening/import_problem.html", context, status=status)


def _correct(
    request: HttpRequest, membership: Membership, problem: ImportProblem
) -> tuple[Forms, bool]:
    form = CorrectionForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            record = correct_problem(membership=membership, problem=problem, text=text)
        except ValidationError as error:
            form.add_error("text", ValidationError(error.messages))
        else:
            detect_after_import(review=membership.review, asked_by=membership.user)
            messages.success(request, f"Imported as record {record.pk}: {record.title[:80]}")
            return (form, LeaveOutForm()), True
    return (form, LeaveOutForm()), False


def _leave_out(
    request: HttpRequest, membership: Membership, problem: ImportProblem
) -> tuple[Forms, bool]:
    form = LeaveOutForm(request.POST)
    if form.is_valid():
        try:
            leave_out(membership=membership, problem=problem, note=form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error("note", ValidationError(error.messages))
        else:
            messages.success(request, f"Line {problem.position} is left out.")
            return (CorrectionForm(), form), True
    return (CorrectionForm(initial={"text": problem.raw_text}), form), False


def _reopen(
    request: HttpRequest, membership: Membership, problem: ImportProblem
) -> tuple[Forms, bool]:
    try:
        reopen_problem(membership=membership, problem=problem)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return (CorrectionForm(), LeaveOutForm()), True


ACTIONS: dict[str, Callable[[HttpRequest, Membership, ImportProblem], tuple[Forms, bool]]] = {
    "correct": _correct,
    "leave_out": _leave_out,
    "reopen": _reopen,
}


def _onwards(membership: Membership, problem: ImportProblem) -> HttpResponse:
    """To the next row of the file that waits, else back to the report."""
    following = next_unsettled(problem)
    slug = membership.review.slug
    if following is None:
        return redirect("screening:import-report", slug, problem.batch_id)
    return redirect("screening:import-problem", slug, problem.batch_id, following.pk)
