"""Risk of bias: traffic light and summary of each tool, and their files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.figures.risk_of_bias import NAMES, SIGNS, levels_of, title_of
from analytics.selectors.risk_of_bias import risk_file_of, risk_of_bias
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def risk_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each tool's judgements, study by domain and as shares."""
    found = [
        {
            "result": one,
            "levels": [(x.value, SIGNS[x], NAMES[x]) for x in levels_of(one.tool)],
            "heads": [(column, title_of(column)) for column in one.tool.columns],
            "bars": [(title_of(bar.column), bar) for bar in one.bars],
            "lines": [
                (study, [(head, study.judgements.get(head.key)) for head in one.tool.columns])
                for study in one.assessments
            ],
        }
        for one in risk_of_bias(membership.review)
    ]
    context = {
        "tools": found,
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/risk_of_bias.html", context)


@require_safe
@review_view(Capability.VIEW)
def risk_file(request: HttpRequest, membership: Membership, tool: str, kind: str) -> HttpResponse:
    """Every judgement as CSV, or one of the two drawings as SVG."""
    file = risk_file_of(membership.review, tool, kind)
    if file is None:
        raise Http404("There is no such tool or file.")
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.text, content_type=file.content_type, headers=headers)
