"""The extraction list and the page of one study."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.forms.entries import StudyForm
from extraction.forms.work import with_words
from extraction.models import Assignment, Extraction, Study
from extraction.permissions import extractions_needed
from extraction.selectors.assignments import people_for, standing_assignments
from extraction.selectors.comparison import sides_of
from extraction.selectors.data_sets import shared_with
from extraction.selectors.desk import desk_of, desk_rows, readable_texts, with_people
from extraction.selectors.desk import reports_without_study as open_reports
from extraction.selectors.forms import current_form
from extraction.selectors.own import extraction_standings
from extraction.selectors.proof import plotted_proof
from extraction.selectors.revisits import (
    extraction_revisits,
    revisit_counts,
    settled_revisits,
)
from extraction.selectors.standing import lost_quotes
from extraction.selectors.states import StudyState, state_counts, state_of
from extraction.selectors.told_answers import ToldStudy, told_study
from extraction.services.extractions import start_extraction
from extraction.services.studies import StudyFacts, create_study, describe_study
from extraction.views.lookup import own_extraction, sentence, study_of
from screening.models import Membership, Report
from screening.permissions import review_view
from screening.rules.roles import Capability

PER_PAGE = 50
MOST_ROWS = 10  # of a repeating group on a study's page; the page of its answers has all
FIRST_WAITING = 8


@require_safe
@review_view(Capability.VIEW)
def studies(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Studies by state, a page at a time, and what waits for me."""
    review, is_lead = membership.review, membership.can(Capability.MANAGE)
    states = state_counts(review)
    listed = desk_of(membership)
    asked = with_words(listed, request.GET.get("q", ""))
    state = request.GET.get("state", "")
    if state in {one.key for one in StudyState}:
        asked = asked.filter(state=state)
    asked = asked.order_by("first_author", "year", "pk")
    page = Paginator(with_people(asked) if is_lead else asked, PER_PAGE).get_page(
        request.GET.get("page")
    )
    waiting = listed.exclude(waits="").order_by("first_author", "year", "pk")
    context = {
        "studies": desk_rows(page.object_list, names_people=is_lead),
        "page": page,
        "words": request.GET.get("q", ""),
        "waiting": desk_rows(waiting[:FIRST_WAITING]),
        "waiting_count": waiting.count(),
        "state": state,
        "counts": [(one.key, one.value, count) for one, count in states.items() if count],
        "total": sum(states.values()),
        "open_reports": open_reports(review),
        "form": current_form(review),
        "lost": lost_quotes(membership),
        "revisits": revisit_counts(review),
        "can_handle": membership.can(Capability.MANAGE_REPORTS),
        "can_manage": is_lead,
    }
    return render(request, "extraction/studies.html", context)


@require_safe
@review_view(Capability.VIEW)
def study(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """One study: reports, state, who extracts, where to go on; where it went when it was joined."""
    gone = Study.objects.filter(pk=study_id, review=membership.review).select_related(
        "joined_into__review"
    )
    aside = gone.filter(joined_into__isnull=False).first()
    if aside is not None and aside.joined_into is not None:
        messages.info(request, f"{aside} was joined to this study. Its values are kept with it.")
        return redirect(aside.joined_into)
    return _study_page(request, membership, study_of(membership, study_id), None)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def new_study(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a study of an included report."""
    report_id = request.POST.get("report", "")
    if not report_id.isdigit():
        return redirect("extraction:studies", slug=membership.review.slug)
    report = get_object_or_404(Report, pk=report_id, record__review=membership.review)
    try:
        made = create_study(membership=membership, report=report)
    except ValidationError as error:
        messages.error(request, sentence(error))
        return redirect("extraction:studies", slug=membership.review.slug)
    return redirect(made)


@require_POST
@review_view(Capability.MANAGE_REPORTS)
def describe(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Change what the study says of itself."""
    known = study_of(membership, study_id)
    form = StudyForm(request.POST)
    if not form.is_valid():
        return _study_page(request, membership, known, form)
    describe_study(membership=membership, study=known, facts=StudyFacts(**form.cleaned_data))
    messages.success(request, "The study is saved.")
    return redirect(known)


@require_POST
@review_view(Capability.EXTRACT)
def start(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Start or go on with one's own extraction."""
    known = study_of(membership, study_id)
    try:
        start_extraction(membership=membership, study=known)
    except ValidationError as error:
        messages.error(request, sentence(error))
        return redirect(known)
    return redirect("extraction:extract", slug=membership.review.slug, study_id=known.pk)


def _comparable(known: Study) -> str:
    """Whether there is something to compare, or to verify."""
    sides = sides_of(known)
    if sides is None:
        return ""
    return "verification" if sides[1] is None else "comparison"


def _may_be_swayed(membership: Membership, own: Extraction | None, told: ToldStudy) -> bool:
    """Whether a member who extracts this study or may begin to should read it alone first."""
    is_open = own is None or own.submitted_at is None
    return told.imported is not None and is_open and membership.can(Capability.EXTRACT)


def _study_page(
    request: HttpRequest, membership: Membership, known: Study, form: StudyForm | None
) -> HttpResponse:
    extractions = list(known.extractions.select_related("extractor__user", "form").order_by("pk"))
    own = own_extraction(membership, known)
    told = told_study(known, most_rows=MOST_ROWS)
    names = ("title", "first_author", "year", "label")
    context = {
        "study": known,
        "state": state_of(known),
        "revisits": extraction_revisits(extractions),
        "settled_revisits": settled_revisits(known),
        "needed": extractions_needed(membership.review),
        "comparable": _comparable(known),
        "proof": plotted_proof(membership.review, known),
        "assignments": standing_assignments(known),
        "people": [
            (task.value, task.label, people_for(membership.review, task.value))
            for task in Assignment.Task
            if membership.can(Capability.MANAGE)
        ],
        "own": own,
        "told": told,
        "shows_answers": told.values > 0 and not _may_be_swayed(membership, own, told),
        "standings": extraction_standings(membership, known, extractions),
        "reports": known.study_reports.select_related("report__record").order_by("-is_main", "pk"),
        "texts": list(readable_texts(known)),
        "lost": lost_quotes(membership, known),
        "shared": shared_with(known),
        "form": form or StudyForm(initial={name: getattr(known, name) for name in names}),
        "can_extract": membership.can(Capability.EXTRACT),
        "can_handle": membership.can(Capability.MANAGE_REPORTS),
        "can_manage": membership.can(Capability.MANAGE),
    }
    status = 400 if form is not None else 200
    return render(request, "extraction/study.html", context, status=status)
