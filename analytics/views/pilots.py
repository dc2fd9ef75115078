"""What came of a pilot round: agreement, and the verdicts side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.pilots import may_see_pilot_agreement, pilot_agreement
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability
from screening.selectors.pilot_results import pilot_rows
from screening.selectors.pilots import people_in, pilot_or_404

STAGE_NAMES = {Stage.TITLE_ABSTRACT: "Title & abstract", Stage.FULL_TEXT: "Full text"}


@require_safe
@review_view(Capability.VIEW)
def pilot(request: HttpRequest, membership: Membership, pilot_id: int) -> HttpResponse:
    """A pilot round: how far it is while it runs, and what was said once it has ended."""
    found = pilot_or_404(membership, pilot_id)
    stage = Stage(found.stage)
    rows = pilot_rows(membership=membership, pilot=found)
    people = people_in(found)
    leads = membership.can(Capability.MANAGE)
    context = {
        "pilot": found,
        "stage": stage,
        "stage_name": STAGE_NAMES[stage],
        "leads": leads,
        "people": people,
        "people_shown": people if leads else [p for p in people if p.member.pk == membership.pk],
        "done": sum(person.is_done for person in people),
        "records": len(rows),
        "differing": [row for row in rows if row.is_open and row.differs],
        "agreed": [row for row in rows if row.is_open and row.is_judged and not row.differs],
        "own": [row for row in rows if not row.is_open and row.decisions],
        "hidden": sum(not row.is_open for row in rows),
        "agreement": pilot_agreement(membership=membership, pilot=found)
        if may_see_pilot_agreement(membership, found)
        else None,
    }
    return render(request, "analytics/pilot.html", context)
