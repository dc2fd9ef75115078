"""Pilot rounds: their list, starting and ending them, talking about their records.

What came of one is a page of the top floor, since it shows the agreement.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from screening.forms.pilots import PilotForm
from screening.models import Membership, Pilot
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.pilots import drawable, pilot_or_404, pilot_state, pilots_of
from screening.selectors.records import record_or_404
from screening.selectors.stages import settings_of
from screening.services import pilots as services
from screening.services.discussion import say
from screening.views.stages import said, stage_context


@require_safe
@review_view(Capability.VIEW)
def pilots(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """The pilot rounds of a stage, and the form that starts one."""
    return _page(request, membership, stage, PilotForm())


@require_POST
@review_view(Capability.MANAGE)
def start(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """Start a pilot round."""
    form = PilotForm(request.POST)
    if form.is_valid():
        try:
            pilot = services.start_pilot(lead=membership, stage=stage, plan=form.plan)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{pilot} has started. Its records are handed to everybody.")
            return redirect(_results(membership, pilot))
    return _page(request, membership, stage, form, status=400)


@require_POST
@review_view(Capability.MANAGE)
def end(request: HttpRequest, membership: Membership, pilot_id: int) -> HttpResponse:
    """End a pilot before everybody has decided."""
    pilot = pilot_or_404(membership, pilot_id)
    services.end_pilot(lead=membership, pilot=pilot)
    messages.success(request, f"{pilot} has ended. Its verdicts are open now.")
    return redirect(_results(membership, pilot))


@require_POST
@review_view(Capability.MANAGE)
def open_main(request: HttpRequest, membership: Membership, pilot_id: int) -> HttpResponse:
    """Let the main round go on."""
    pilot = pilot_or_404(membership, pilot_id)
    try:
        services.open_main_round(lead=membership, pilot=pilot)
    except ValidationError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, "The main round is open.")
    return redirect(_results(membership, pilot))


@require_POST
@review_view(Capability.VIEW)
def add_message(
    request: HttpRequest, membership: Membership, pilot_id: int, record_id: int
) -> HttpResponse:
    """Say something about a record's verdicts in a pilot."""
    pilot = pilot_or_404(membership, pilot_id)
    record = record_or_404(membership, record_id)
    body = request.POST.get("body", "")
    try:
        say(
            membership=membership,
            record=record,
            stage=Stage(pilot.stage),
            body=body,
            pilot=pilot,
        )
    except ValidationError as error:
        messages.error(request, said(error))
    return redirect(f"{_results(membership, pilot)}#record-{record.pk}")


def _page(
    request: HttpRequest, membership: Membership, stage: Stage, form: PilotForm, status: int = 200
) -> HttpResponse:
    leads = membership.can(Capability.MANAGE)
    state = pilot_state(membership, settings_of(membership.review, stage))
    context = stage_context(membership, stage, "pilots") | {
        "pilots": pilots_of(membership=membership, stage=stage),
        "pilot": state,
        "form": form if leads and not (state and state.pilot.is_running) else None,
        "drawable": drawable(membership.review_id, stage).count() if leads else 0,
    }
    return render(request, "screening/pilots.html", context, status=status)


def _results(membership: Membership, pilot: Pilot) -> str:
    place = {"slug": membership.review.slug, "pilot_id": pilot.pk}
    return reverse("analytics:pilot", kwargs=place)
