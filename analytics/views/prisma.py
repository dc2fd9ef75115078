"""The PRISMA page: the diagram, the rows of each box, the downloads."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.forms.moment import MomentForm
from analytics.prisma.diagram import flow_as_svg
from analytics.prisma.exports import flow_as_json
from analytics.prisma.files import FILES
from analytics.prisma.flow import Flow, FlowError
from analytics.prisma.invariants import sums_of
from analytics.selectors.prisma import flow_of
from analytics.selectors.prisma_rows import box_of, links_of, rows_to_blame, sources_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.declared import declared_removals


@require_safe
@review_view(Capability.VIEW)
def prisma(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The diagram of now or of a past day; each number opens its rows."""
    form = MomentForm(request.GET)
    context: dict[str, object] = {"form": form, "query": form.query}
    try:
        flow = flow_of(review=membership.review, membership=membership, as_of=form.moment)
    except FlowError as error:
        context["violations"] = rows_to_blame(membership.review, error.violations)
    else:
        links = links_of(membership.review, flow, form.query)
        context |= {
            "flow": flow,
            "svg": flow_as_svg(flow, links=links, title=f"PRISMA 2020 flow: {membership.review}"),
            "sums": sums_of(flow),
            "sources": sources_of(flow, links),
            "declared": declared_removals(membership.review),
            "may_declare": membership.can(Capability.MANAGE),
        }
    return render(request, "analytics/prisma.html", context)


@require_safe
@review_view(Capability.VIEW)
def prisma_box(
    request: HttpRequest, membership: Membership, box: str, number: int | None = None
) -> HttpResponse:
    """The rows of one box, or of one reason or source in it."""
    form = MomentForm(request.GET)
    flow = _flow_or_404(membership, form)
    key = box.replace("-", "_") + ("" if number is None else f".{number}")
    opened = box_of(review=membership.review, flow=flow, key=key, page=request.GET.get("page"))
    if opened is None:
        raise Http404("The PRISMA flow has no such box.")
    context = {"box": opened, "query": form.query, "page_query": form.joined_query}
    return render(request, "analytics/prisma_box.html", context | {"as_of": form.moment})


@require_safe
@review_view(Capability.EXPORT)
def prisma_export(request: HttpRequest, membership: Membership, file_format: str) -> HttpResponse:
    """The flow as a file."""
    flow = _flow_or_404(membership, MomentForm(request.GET))
    name = f"prisma-{membership.review.slug}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if file_format == "json":
        return JsonResponse(flow_as_json(flow), headers=headers)
    if file_format not in FILES:
        raise Http404("The flow comes as SVG, PDF, PNG, CSV or JSON.")
    kind, write = FILES[file_format]
    return HttpResponse(write(flow), content_type=kind, headers=headers)


def _flow_or_404(membership: Membership, form: MomentForm) -> Flow:
    try:
        return flow_of(review=membership.review, membership=membership, as_of=form.moment)
    except FlowError as error:
        raise Http404("The flow does not add up; its page says why.") from error
