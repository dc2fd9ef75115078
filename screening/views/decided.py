"""What I have decided at a stage, to look at again and to change."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage, Verdict
from screening.rules.roles import Capability
from screening.selectors.decisions import own_decisions
from screening.selectors.shown import shown_by_id
from screening.views.stages import stage_context

PER_PAGE = 50


@require_safe
@review_view(Capability.SCREEN)
def decided(request: HttpRequest, membership: Membership, stage: Stage) -> HttpResponse:
    """My verdicts, the newest first."""
    asked = request.GET.get("verdict", "")
    verdict = asked if asked in list(Verdict) else ""
    words = request.GET.get("words", "")[:200]
    decisions = own_decisions(membership=membership, stage=stage, verdict=verdict, words=words)
    here = "maybes" if verdict == Verdict.MAYBE else "decided"
    page = Paginator(decisions, PER_PAGE).get_page(request.GET.get("page"))
    context = stage_context(membership, stage, here) | {
        "page": page,
        "shown": shown_by_id(one.record for one in page),
        "verdict": verdict,
        "words": words,
        "query": urlencode({"verdict": verdict, "words": words}),
        "verdicts": [(one.value, one.value.title()) for one in Verdict],
    }
    return render(request, "screening/decided.html", context)
