"""The agreement page: who agreed with whom, stage by stage."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from analytics.forms.agreement import AgreementForm
from analytics.selectors.agreement import Agreement, agreement_of, may_see_agreement
from analytics.selectors.agreement_rows import FILES, agreement_file
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
    form = AgreementForm(request.GET, review=membership.review, stage=stage)
    is_hidden = not may_see_agreement(membership, stage)
    context: dict[str, object] = {
        "stage": stage,
        "stage_name": STAGE_NAMES[stage],
        "stages": [(one.value, name) for one, name in STAGE_NAMES.items()],
        "is_hidden": is_hidden,
        "form": form,
        "query": urlencode({**request.GET.dict(), "stage": stage.value}),
    }
    if not is_hidden and form.is_valid():
        context["agreement"] = _found(membership, stage, form)
    status = 200 if is_hidden or form.is_valid() else 400
    return render(request, "analytics/agreement.html", context, status=status)


@require_safe
@review_view(Capability.EXPORT)
def agreement_export(
    request: HttpRequest, membership: Membership, file_format: str
) -> HttpResponse:
    """The coefficients as CSV or JSON; while the stage is blinded for the person, to the page."""
    if file_format not in FILES:
        raise Http404("The agreement comes as CSV or JSON.")
    stage = _stage(request)
    form = AgreementForm(request.GET, review=membership.review, stage=stage)
    if not may_see_agreement(membership, stage) or not form.is_valid():
        page = reverse("analytics:agreement", kwargs={"slug": membership.review.slug})
        query = urlencode({**request.GET.dict(), "stage": stage.value})
        return redirect(f"{page}?{query}")  # which says why
    file = agreement_file(_found(membership, stage, form), file_format, membership)
    return HttpResponse(file.text, headers=file.headers)


def _found(membership: Membership, stage: Stage, form: AgreementForm) -> Agreement:
    return agreement_of(
        review=membership.review,
        stage=stage,
        narrowing=form.narrowing,
        reason=form.cleaned_data["reason"],
        membership=membership,
    )


def _stage(request: HttpRequest) -> Stage:
    try:
        return Stage(request.GET.get("stage", Stage.TITLE_ABSTRACT).replace("-", "_"))
    except ValueError as error:
        raise Http404("There is no such stage.") from error
