"""Risk of bias: traffic light and summary of each tool, and their files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.figures.files import csv_of
from analytics.figures.risk_drawing import summary_svg, traffic_light_svg
from analytics.figures.risk_of_bias import (
    LEVELS,
    NAMES,
    SIGNS,
    table_of,
    title_of,
)
from analytics.selectors.risk_of_bias import ToolResult, risk_of_bias
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

DRAWINGS = {"traffic-light": traffic_light_svg, "summary": summary_svg}


@require_safe
@review_view(Capability.VIEW)
def risk_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each tool's judgements, study by domain and as shares."""
    found = [
        {
            "result": one,
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
        "levels": [(level.value, SIGNS[level], NAMES[level]) for level in LEVELS],
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/risk_of_bias.html", context)


@require_safe
@review_view(Capability.VIEW)
def risk_file(request: HttpRequest, membership: Membership, tool: str, kind: str) -> HttpResponse:
    """Every judgement as CSV, or one of the two drawings as SVG."""
    found = next((one for one in risk_of_bias(membership.review) if one.slug == tool), None)
    if found is None or kind not in {"csv", *DRAWINGS}:
        raise Http404("There is no such tool or file.")
    return _file(membership, found, kind)


def _file(membership: Membership, found: ToolResult, kind: str) -> HttpResponse:
    name = f"{membership.review.slug}-{found.slug}"
    if kind == "csv":
        text = csv_of(table_of(found.tool, found.assessments))
        content_type, name = "text/csv; charset=utf-8", f"{name}.csv"
    else:
        text = DRAWINGS[kind](found.tool, found.assessments)
        content_type, name = "image/svg+xml", f"{name}-{kind}.svg"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=content_type, headers=headers)
