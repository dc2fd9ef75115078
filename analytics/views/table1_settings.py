"""The reporting policy and the layout of Table 1, edited by the lead."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from analytics.forms.table1 import (
    ColumnForms,
    ComparatorForms,
    FootnoteForm,
    LayoutForm,
    PolicyForm,
    layout_from,
    policy_from,
    policy_initial,
)
from analytics.models import Footnote, ReportingSettings
from analytics.selectors.comparing import comparing_form, layout_of, reported_form
from analytics.selectors.table1 import NO_FORM, changes_by_policy
from analytics.selectors.table1_layout import choices_of, columns_offered, missing_columns
from analytics.services.reporting import (
    NOTHING_COMPARED,
    add_footnote,
    remove_footnote,
    set_layout,
    set_policy,
)
from analytics.tables.layout import PLAIN, catalogue
from analytics.tables.stored import policy_to_json
from extraction.schema.comparison import ComparisonSpec
from extraction.schema.definition import FormDefinition
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def policy(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The rules as they are; the lead can change them here."""
    if _form(membership).comparison is None:
        return render(request, "analytics/table1_no_policy.html")
    fields, comparators = policy_initial(_comparison(membership).policy)
    forms = PolicyForm(initial=fields), ComparatorForms(initial=comparators)
    return _policy_page(request, membership, *forms)


@require_POST
@review_view(Capability.MANAGE)
def policy_save(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show what other rules would change, save them, or go back to those of the form."""
    _comparison(membership)
    if "reset" in request.POST:
        set_policy(lead=membership, policy=None)
        messages.success(request, "The rules of the extraction form choose again.")
        return redirect("analytics:table1-policy", slug=membership.review.slug)
    form, comparators = PolicyForm(request.POST), ComparatorForms(request.POST)
    if not (form.is_valid() and comparators.is_valid()):
        return _policy_page(request, membership, form, comparators, status=400)
    wanted = policy_from(form, comparators)
    if "save" not in request.POST:
        known = _form(membership)
        changes = changes_by_policy(membership.review, policy_to_json(known, wanted))
        return _policy_page(request, membership, form, comparators, changes=changes)
    try:
        set_policy(lead=membership, policy=wanted)
    except ValidationError as error:
        form.add_error(None, error)
        return _policy_page(request, membership, form, comparators, status=400)
    messages.success(request, "The reporting policy is saved.")
    return redirect("analytics:table1", slug=membership.review.slug)


@require_safe
@review_view(Capability.MANAGE)
def layout(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Columns with their places and names, groups, footnotes."""
    known, chosen = _form(membership), layout_of(membership.review)
    columns = ColumnForms(initial=columns_offered(known, chosen))
    form = LayoutForm(**choices_of(known, chosen))
    return _layout_page(request, membership, form, columns)


@require_POST
@review_view(Capability.MANAGE)
def layout_save(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Save the layout, or go back to that of the form."""
    known, chosen = _form(membership), layout_of(membership.review)
    if "reset" in request.POST:
        set_layout(lead=membership, layout=PLAIN)
        messages.success(request, "Table 1 has the columns of the extraction form again.")
        return redirect("analytics:table1-layout", slug=membership.review.slug)
    columns = ColumnForms(request.POST, initial=columns_offered(known, chosen))
    form = LayoutForm(request.POST, **choices_of(known, chosen))
    if not (form.is_valid() and columns.is_valid()):
        return _layout_page(request, membership, form, columns, status=400)
    labels = {one.key: one.label for one in catalogue(known)}
    try:
        set_layout(lead=membership, layout=layout_from(form, columns, labels))
    except ValidationError as error:
        form.add_error(None, error)
        return _layout_page(request, membership, form, columns, status=400)
    messages.success(request, "The layout of Table 1 is saved.")
    return redirect("analytics:table1", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def head_footnote(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add a footnote to a column's head."""
    column = request.POST.get("column", "")
    try:
        add_footnote(lead=membership, text=request.POST.get("text", ""), column=column)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("analytics:table1-layout", slug=membership.review.slug)


@require_POST
@review_view(Capability.MANAGE)
def footnote_remove(request: HttpRequest, membership: Membership, footnote_id: int) -> HttpResponse:
    """Take a footnote away."""
    found = get_object_or_404(Footnote, pk=footnote_id, review=membership.review)
    remove_footnote(lead=membership, footnote=found)
    messages.success(request, "The footnote is removed.")
    if found.study_id:
        slug = membership.review.slug
        return redirect("analytics:table1-study", slug=slug, study_id=found.study_id)
    return redirect("analytics:table1-layout", slug=membership.review.slug)


def _form(membership: Membership) -> FormDefinition:
    form = reported_form(membership.review)
    if form is None:
        raise Http404(NO_FORM)
    return form


def _comparison(membership: Membership) -> ComparisonSpec:
    form = comparing_form(membership.review)
    if form is None or form.comparison is None:
        raise Http404(NOTHING_COMPARED)
    return form.comparison


def _policy_page(
    request: HttpRequest,
    membership: Membership,
    form: PolicyForm,
    comparators: Any,
    *,
    changes: Any = None,
    status: int = 200,
) -> HttpResponse:
    settings = ReportingSettings.objects.filter(review=membership.review).first()
    context = {
        "form": form,
        "comparators": comparators,
        "changes": changes,
        "is_own": bool(settings and settings.policy),
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "analytics/table1_policy.html", context, status=status)


def _layout_page(
    request: HttpRequest,
    membership: Membership,
    form: LayoutForm,
    columns: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    known, chosen = _form(membership), layout_of(membership.review)
    heads = [(one.key, one.label) for one in catalogue(known)]
    context = {
        "form": form,
        "columns": columns,
        "missing": missing_columns(known, chosen),
        "is_own": chosen != PLAIN,
        "footnotes": Footnote.objects.standing().filter(review=membership.review, study=None),
        "footnote_form": FootnoteForm(columns=heads),
        "labels": dict(heads),
    }
    return render(request, "analytics/table1_layout.html", context, status=status)
