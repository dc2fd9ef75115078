"""Who should screen what: assigned by batch or by share, withdrawn, handed on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from screening.forms.assignments import AssigningForm, BatchForm, ReassignForm, SharesForm
from screening.forms.base import StyledForm
from screening.models import Membership, ScreeningAssignment
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.assignments import (
    assignment_or_404,
    assignments_of,
    unassigned,
    unfinished,
    untouched,
)
from screening.selectors.stages import settings_of
from screening.services import assignments as services
from screening.views.stages import in_words, said, stage_context


@require_safe
@review_view(Capability.VIEW)
def assignments(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The standing assignments of a stage with their progress; all of them for a lead."""
    return _page(request, membership, stage, {})


@require_POST
@review_view(Capability.MANAGE)
def assign_batch(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Assign a named set of records."""
    form = BatchForm(request.POST, membership=membership, prefix="batch")
    if form.is_valid():
        try:
            made = services.assign_batch(
                lead=membership,
                stage=stage,
                members=list(form.cleaned_data["members"]),
                batch=form.batch,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{form.batch.name} is assigned to {_names(made)}.")
            return redirect("screening:assignments", membership.review.slug, stage)
    return _page(request, membership, stage, {"batch": form}, status=400)


@require_POST
@review_view(Capability.MANAGE)
def assign_shares(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Share out what is assigned to nobody."""
    form = SharesForm(request.POST, membership=membership, prefix="shares")
    if form.is_valid():
        try:
            made = services.assign_shares(
                lead=membership, stage=stage, shares=form.shares, name=form.cleaned_data["name"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"The records are shared out to {_names(made)}.")
            return redirect("screening:assignments", membership.review.slug, stage)
    return _page(request, membership, stage, {"shares": form}, status=400)


@require_POST
@review_view(Capability.MANAGE)
def set_assigning(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Say how far the queue heeds assignments."""
    try:
        services.set_assigning(lead=membership, stage=stage, mode=request.POST.get("mode", ""))
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, "Saved. Records are handed out this way from now on.")
    return redirect("screening:assignments", membership.review.slug, stage)


@require_POST
@review_view(Capability.MANAGE)
def change_assignment(
    request: HttpRequest, membership: Membership, screening_assignment_id: int
) -> HttpResponse:
    """Withdraw an assignment, or hand what is left of it to somebody else."""
    assignment = assignment_or_404(membership, screening_assignment_id)
    try:
        if request.POST.get("action") == "withdraw":
            left = services.withdraw_assignment(lead=membership, assignment=assignment)
            messages.success(request, f"Withdrawn: {len(left)} records wait for others.")
        else:
            form = ReassignForm(request.POST, membership=membership)
            if not form.is_valid():
                raise ValidationError(in_words(form))  # noqa: TRY301 - said like the service's
            to = form.cleaned_data["to"]
            services.reassign(lead=membership, assignment=assignment, to=to)
            messages.success(request, f"What was left is assigned to {to}.")
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect("screening:assignments", membership.review.slug, Stage(assignment.stage))


def _names(made: list[ScreeningAssignment]) -> str:
    return ", ".join(str(one.member) for one in made)


def _page(
    request: HttpRequest,
    membership: Membership,
    stage: Stage,
    given: dict[str, StyledForm],
    status: int = 200,
) -> HttpResponse:
    settings = settings_of(membership.review, stage)
    leads = membership.can(Capability.MANAGE)
    context = stage_context(membership, stage, "assignments") | {
        "rows": assignments_of(membership=membership, stage=stage),
        "leads": leads,
        "settings": settings,
    }
    if leads:
        context |= {
            "batch_form": given.get("batch") or BatchForm(membership=membership, prefix="batch"),
            "shares_form": given.get("shares")
            or SharesForm(membership=membership, prefix="shares"),
            "mode_form": AssigningForm(initial={"mode": settings.assigning}),
            "people": ReassignForm(membership=membership).fields["to"].queryset,  # type: ignore[attr-defined]  # a ModelChoiceField
            "unassigned": unassigned(unfinished(settings), stage).count(),
            "untouched": untouched(settings).count(),
        }
    return render(request, "screening/assignments.html", context, status=status)
