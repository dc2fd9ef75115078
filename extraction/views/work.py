"""The lead's desk of extraction: naming people, progress, settings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.forms.work import SettingsForm, ShareForm, settings_values
from extraction.models import Assignment
from extraction.selectors.assignments import plan_of
from extraction.selectors.progress import extraction_progress
from extraction.selectors.proof import plotted_proof
from extraction.selectors.settings import settings_of
from extraction.selectors.states import StudyState
from extraction.services import assignments as services
from extraction.services.assignments import name_for_study, share_studies, withdraw_assignments
from extraction.services.settings import change_settings
from extraction.views.lookup import sentence, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

FILLS = {
    StudyState.FINAL: "accent",
    StudyState.RECONCILING: "maybe",
    StudyState.VERIFYING: "maybe",
    StudyState.READY: "conflict",
    StudyState.TO_VERIFY: "conflict",
    StudyState.EXTRACTING: "include",
    StudyState.IMPORTED: "quiet",
    StudyState.NEW: "awaiting",
}


VERIFIED = (StudyState.TO_VERIFY, StudyState.VERIFYING)


@require_safe
@review_view(Capability.VIEW)
def progress(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How far the team is, and each person for a lead."""
    found = extraction_progress(membership)
    parts = []
    offset = 0
    for state, fill in FILLS.items():
        count = found.states[state]
        if count or state not in VERIFIED:
            parts.append({"state": state, "fill": fill, "count": count, "offset": offset})
        offset += count
    context = {
        "progress": found,
        "proof": plotted_proof(membership.review),
        "parts": parts,
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "extraction/progress.html", context)


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def assign(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Share studies among people: choose, see who would get how many, then do it."""
    is_sent = request.method == "POST"
    form = ShareForm(request.POST if is_sent else None, review=membership.review)
    context: dict[str, object] = {"form": form}
    if is_sent and form.is_valid():
        asked = form.cleaned_data
        studies = form.studies()
        chosen = {"task": asked["task"], "seats": asked["seats"]}
        if "confirmed" in request.POST:
            plan = share_studies(
                membership=membership, studies=studies, members=asked["members"], **chosen
            )
            messages.success(request, f"{len(plan.pairs)} places are given.")
            return redirect("extraction:progress", slug=membership.review.slug)
        context["plan"] = plan_of(studies, asked["members"], **chosen)
        context["studies"] = len(studies)
    status = 400 if form.errors else 200
    return render(request, "extraction/assign.html", context, status=status)


@require_POST
@review_view(Capability.MANAGE)
def name_person(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Name one person for one study."""
    study = study_of(membership, study_id)
    chosen = request.POST.get("member", "")
    task = request.POST.get("task", Assignment.Task.EXTRACT)
    if not chosen.isdigit():
        messages.error(request, "Choose a person first.")
        return redirect(study)
    member = get_object_or_404(Membership, pk=chosen, review=membership.review)
    try:
        name_for_study(membership=membership, study=study, member=member, task=task)
    except ValidationError as error:
        messages.error(request, sentence(error))
    return redirect(study)


@require_POST
@review_view(Capability.MANAGE)
def withdraw(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Take back that a person is named for a study."""
    study = study_of(membership, study_id)
    chosen = request.POST.get("assignment", "")
    if chosen.isdigit():
        found = list(study.assignments.filter(pk=chosen))
        withdraw_assignments(membership=membership, assignments=found)
    return redirect(study)


@require_POST
@review_view(Capability.MANAGE)
def withdraw_person(request: HttpRequest, membership: Membership, member_id: int) -> HttpResponse:
    """Take back everything that a person is named for and has not begun."""
    member = get_object_or_404(Membership, pk=member_id, review=membership.review)
    count = services.withdraw_person(membership=membership, member=member)
    messages.success(request, f"{count} places of {member} are free again.")
    return redirect("extraction:progress", slug=membership.review.slug)


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE)
def settings(request: HttpRequest, membership: Membership) -> HttpResponse:
    """How this review extracts and reconciles."""
    review = membership.review
    stored = settings_values(review, settings_of(review))
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_bound and form.is_valid():
        change_settings(membership=membership, wanted=form.cleaned_data)
        messages.success(request, "The settings of the extraction are saved.")
        return redirect("extraction:settings", slug=review.slug)
    status = 400 if form.errors else 200
    return render(request, "extraction/settings.html", {"form": form}, status=status)
