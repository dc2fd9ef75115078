"""How far and how fast a stage is: for everybody numbers only, per person for the lead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.progress import stage_progress
from screening.views.stages import stage_context


@require_safe
@review_view(Capability.VIEW)
def progress(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The stage's progress."""
    return progress_page(request, membership, stage)


def progress_page(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Render the progress; what a blinded stage hides is not in it."""
    screens = membership.can(Capability.SCREEN)
    here = "progress" if screens else "screen"
    found = stage_progress(membership=membership, stage=stage)
    context = stage_context(membership, stage, here) | {
        "team": found.team,
        "own": found.own if screens else None,
        "own_pace": found.own_pace,
        "team_pace": found.team_pace,
        "conflicts": found.conflicts,
        "people": found.people,
        "paces": found.paces,
        "pilot": found.pilot,
    }
    return render(request, "screening/stage.html", context)
