"""Reports of a study: joined after a look at what it does, split again; shared data sets."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.models import DataSet
from extraction.selectors.data_sets import data_set_list
from extraction.selectors.reports import joinable, joining, splitting
from extraction.services.data_sets import add_data_sets, change_data_set, retire_data_set
from extraction.services.reports import join_report, split_report
from extraction.views.lookup import sentence, study_of
from screening.models import Membership, Report
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE_REPORTS)
def join(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Find a report, look at what joining it does, then join it."""
    study = study_of(membership, study_id)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = sent.get("report", "")
    report = None
    if chosen.isdigit():
        report = get_object_or_404(Report, pk=chosen, record__review=membership.review)
    if request.method == "POST":
        if report is None:
            messages.error(request, "Choose a report first.")
            return redirect("extraction:join-report", membership.review.slug, study.pk)
        try:
            join_report(membership=membership, study=study, report=report)
            messages.success(request, "The report is joined to this study.")
        except ValidationError as error:
            messages.error(request, sentence(error))
        return redirect(study)
    words = request.GET.get("q", "")
    context = {
        "study": study,
        "words": words,
        "found": joinable(membership, study, words),
        "move": joining(study, report) if report else None,
    }
    return render(request, "extraction/join.html", context)


@require_http_methods(["GET", "POST"])
@review_view(Capability.MANAGE_REPORTS)
def split(
    request: HttpRequest, membership: Membership, study_id: int, report_id: int
) -> HttpResponse:
    """Look at what splitting a report off does, then do it."""
    study = study_of(membership, study_id)
    report = get_object_or_404(Report, pk=report_id, record__review=membership.review)
    move = splitting(study, report)
    if move is None:
        messages.error(request, "This report does not belong to this study.")
        return redirect(study)
    if request.method == "POST":
        try:
            now = split_report(membership=membership, study=study, report=report)
        except ValidationError as error:
            messages.error(request, sentence(error))
            return redirect(study)
        messages.success(request, f"The report is split off. It belongs to {now} now.")
        return redirect(study)
    return render(request, "extraction/split.html", {"study": study, "move": move})


@require_safe
@review_view(Capability.VIEW)
def data_sets(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The vocabulary of data sets, which studies share them, and words it does not know."""
    context = {
        "listed": data_set_list(membership.review),
        "can_manage": membership.can(Capability.MANAGE),
    }
    return render(request, "extraction/data_sets.html", context)


@require_POST
@review_view(Capability.MANAGE)
def save_data_set(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Add data sets, change one, or take one out."""
    try:
        _save(request, membership)
    except ValidationError as error:
        messages.error(request, sentence(error))
    return redirect("extraction:data-sets", slug=membership.review.slug)


def _save(request: HttpRequest, membership: Membership) -> None:
    chosen = request.POST.get("data_set", "")
    if not chosen.isdigit():
        added = add_data_sets(membership=membership, names=request.POST.getlist("name"))
        messages.success(request, f"{added} data set{'' if added == 1 else 's'} added.")
        return
    data_set = get_object_or_404(DataSet, pk=chosen, review=membership.review)
    if request.POST.get("action") == "retire":
        retire_data_set(membership=membership, data_set=data_set)
        messages.success(request, f"{data_set} is taken out of the list. No value changed.")
        return
    others = request.POST.get("other_names", "").split(";")
    change_data_set(
        membership=membership,
        data_set=data_set,
        name=request.POST.get("name", ""),
        other_names=[one for one in others if one.strip()],
    )
