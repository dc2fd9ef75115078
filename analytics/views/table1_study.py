"""Why an experiment stands for a study, and the choice of another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from analytics.forms.table1 import ChoiceForm, FootnoteForm
from analytics.selectors.comparing import layout_of, reported_form
from analytics.selectors.reported import reported_study
from analytics.selectors.table1 import NO_FORM
from analytics.services.reporting import add_footnote, choose_experiments, take_back_choice
from analytics.tables.layout import arranged
from extraction.models import Study
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def study(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Every experiment of the study, the reported ones, and the rules that chose them."""
    found = get_object_or_404(Study, pk=study_id, review=membership.review)
    return _page(request, membership, found, None, None)


@require_POST
@review_view(Capability.MANAGE)
def choose(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Choose by hand, or let the policy choose again."""
    found = get_object_or_404(Study, pk=study_id, review=membership.review)
    form = ChoiceForm(request.POST)
    try:
        if "take_back" in request.POST:
            take_back_choice(lead=membership, study=found)
            said = "The policy chooses for this study again."
        elif not form.is_valid():
            return _page(request, membership, found, form, None)
        else:
            choose_experiments(lead=membership, study=found, **form.cleaned_data)
            said = "The choice is saved and stands under Table 1 with its reason."
    except ValidationError as error:
        form.is_valid()
        form.add_error(None, error)
        return _page(request, membership, found, form, None)
    messages.success(request, said)
    return redirect("analytics:table1-study", slug=membership.review.slug, study_id=study_id)


@require_POST
@review_view(Capability.MANAGE)
def footnote(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Add a footnote to the study's row or one of its cells."""
    found = get_object_or_404(Study, pk=study_id, review=membership.review)
    form = FootnoteForm(request.POST, columns=_columns(membership))
    if not form.is_valid():
        return _page(request, membership, found, None, form)
    try:
        add_footnote(lead=membership, study=found, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, membership, found, None, form)
    messages.success(request, "The footnote is added.")
    return redirect("analytics:table1-study", slug=membership.review.slug, study_id=study_id)


def _page(
    request: HttpRequest,
    membership: Membership,
    found: Study,
    form: ChoiceForm | None,
    footnote_form: FootnoteForm | None,
) -> HttpResponse:
    reported = reported_study(membership.review, found.pk)
    if reported is None:
        raise Http404(NO_FORM)
    chosen = reported.selection
    initial = {"full": chosen.full or "", "subset": chosen.subset or ""}
    if reported.choice:
        initial["rationale"] = reported.choice.rationale
    columns = _columns(membership)
    context = {
        "study": found,
        "reported": reported,
        "form": form or ChoiceForm(initial=initial),
        "footnote_form": footnote_form or FootnoteForm(columns=columns),
        "labels": dict(columns),
        "can_manage": membership.can(Capability.MANAGE),
    }
    status = 400 if form is not None or footnote_form is not None else 200
    return render(request, "analytics/table1_study.html", context, status=status)


def _columns(membership: Membership) -> list[tuple[str, str]]:
    form = reported_form(membership.review)
    columns = arranged(form, layout_of(membership.review)) if form else ()
    return [("", "The whole row"), *((one.key, one.label) for one in columns)]
