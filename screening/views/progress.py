"""How far and how fast a stage is: for everybody numbers only, per person for the lead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.conflicts import conflict_counts
from screening.selectors.counts import queue_counts
from screening.selectors.progress import (
    own_pace,
    people_paces,
    people_progress,
    team_pace,
    team_progress,
)
from screening.views.stages import stage_context


@require_safe
@review_view(Capability.VIEW)
def progress(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The stage's progress."""
    return progress_page(request, membership, stage)


def progress_page(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Render the progress; what a blinded stage hides is not in it."""
    leads, screens = membership.can(Capability.MANAGE), membership.can(Capability.SCREEN)
    here = "progress" if screens else "screen"
    team = team_progress(membership=membership, stage=stage)
    own = queue_counts(membership=membership, stage=stage)
    context = stage_context(membership, stage, here) | {
        "team": team,
        "own": own if screens else None,
        "own_pace": own_pace(membership=membership, stage=stage, left=own.to_decide),
        "team_pace": team_pace(membership=membership, stage=stage, total=team.total),
        "conflicts": conflict_counts(membership=membership, stage=stage).open,
        "people": people_progress(membership=membership, stage=stage) if leads else None,
        "paces": people_paces(membership=membership, stage=stage) if leads else {},
    }
    return render(request, "screening/stage.html", context)
