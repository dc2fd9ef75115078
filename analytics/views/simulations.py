"""Simulations: what each model would have saved, on a labelled file or on this review."""

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from analytics.figures.simulation import recall_plot
from analytics.figures.theme import THEMES
from analytics.forms.simulations import SimulationForm
from analytics.selectors.simulations import simulations_of
from analytics.services.simulations import start_simulation
from analytics.views.figures import PLOTLY_STYLES
from screening.models import Membership
from screening.permissions import review_view
from screening.ranking.rankers import MODEL_NAMES
from screening.rules.roles import Capability


@require_safe
@csp_update(PLOTLY_STYLES)
@review_view(Capability.VIEW)
def simulations(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The review's simulations with their curves and measures."""
    return _page(request, membership, SimulationForm())


def _page(
    request: HttpRequest, membership: Membership, form: SimulationForm, status: int = 200
) -> HttpResponse:
    lines = simulations_of(membership)
    context = {
        "lines": lines,
        "form": form,
        "names": MODEL_NAMES,
        "may_manage": membership.can(Capability.MANAGE),
        "is_running": any(line.is_open for line in lines),
        "plots": {
            "base": "",
            "links": [],
            "labels": [],
            "plots": {
                f"simulation-{line.job.pk}": recall_plot(line.runs, MODEL_NAMES)
                for line in lines
                if line.runs
            },
        },
        "themes": {name: dict(colours) for name, colours in THEMES.items()},
    }
    return render(request, "analytics/simulations.html", context, status=status)


@require_POST
@csp_update(PLOTLY_STYLES)
@review_view(Capability.MANAGE)
def simulate(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Start a simulation."""
    form = SimulationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, membership, form, 400)
    given = form.cleaned_data
    try:
        start_simulation(
            lead=membership, models=given["models"], seeds=given["seeds"], table=given["table"]
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, membership, form, 400)
    messages.success(request, "The simulation has started; you can leave this page.")
    return redirect("analytics:simulations", slug=membership.review.slug)
