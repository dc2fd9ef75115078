"""The agreement page: who agreed with whom, stage by stage."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from analytics.selectors.agreement import agreement_of, may_see_agreement
from analytics.selectors.agreement_rows import agreement_rows
from analytics.tables.agreement import rows_as_csv
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.consensus import Stage
from screening.rules.roles import Capability

STAGE_NAMES = {Stage.TITLE_ABSTRACT: "Title & abstract", Stage.FULL_TEXT: "Full text"}


@require_safe
@review_view(Capability.VIEW)
def agreement(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The coefficients of a stage; while the stage is blinded, not for those who screen."""
    stage = _stage(request)
    context: dict[str, object] = {
        "stage": stage,
        "stage_name": STAGE_NAMES[stage],
        "stages": [(one.value, name) for one, name in STAGE_NAMES.items()],
        "is_hidden": not may_see_agreement(membership, stage),
    }
    if not context["is_hidden"]:
        context["agreement"] = agreement_of(review=membership.review, stage=stage)
    return render(request, "analytics/agreement.html", context)


@require_safe
@review_view(Capability.EXPORT)
def agreement_export(
    request: HttpRequest, membership: Membership, file_format: str
) -> HttpResponse:
    """The coefficients of a stage as CSV; while it is blinded for the person, back to the page."""
    if file_format != "csv":
        raise Http404("The agreement comes as CSV.")
    stage = _stage(request)
    if not may_see_agreement(membership, stage):
        page = reverse("analytics:agreement", kwargs={"slug": membership.review.slug})
        return redirect(f"{page}?stage={stage.value}")  # which says why
    found = agreement_of(review=membership.review, stage=stage)
    name = f"agreement-{membership.review.slug}-{stage.value.replace('_', '-')}.csv"
    return HttpResponse(
        rows_as_csv(agreement_rows(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _stage(request: HttpRequest) -> Stage:
    try:
        return Stage(request.GET.get("stage", Stage.TITLE_ABSTRACT).replace("-", "_"))
    except ValueError as error:
        raise Http404("There is no such stage.") from error
