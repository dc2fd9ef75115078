"""One cell of the extraction form: saved by itself, with its evidence."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from extraction.forms.entries import CellForm, EvidenceForm, PlaceForm
from extraction.models import Extraction, Study
from extraction.models.values import Location
from extraction.selectors.entry import Entry, EntryField, entry_of
from extraction.services.values import (
    CellAddress,
    ChangedElsewhereError,
    SavedValue,
    attach_evidence,
    save_value,
)
from extraction.views.lookup import is_part, own_extraction, sentence, study_of
from screening.models import FullText, Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404


@require_POST
@review_view(Capability.EXTRACT)
def save_cell(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Save what was entered into one cell and say so beside it."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    form = CellForm(request.POST)
    if extraction is None or not form.is_valid():
        return HttpResponse("This cell is not known any more. Load the page anew.", status=400)
    cell = _address(extraction, form)
    problem: ValidationError | None = None
    saved = None
    try:
        saved = save_value(
            membership=membership,
            cell=cell,
            raw=form.entered(),
            unit=form.cleaned_data["unit"],
            expected=form.cleaned_data["expected"],
        )
    except ValidationError as error:
        problem = error
    return _answer(request, extraction, cell, saved or problem)


@require_http_methods(["GET", "POST"])
@review_view(Capability.EXTRACT)
def evidence(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Give a cell its evidence: by selection on the page, or typed into this little form."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    form = EvidenceForm(request.POST or request.GET)
    if extraction is None or not form.is_valid():
        return redirect(study)
    cell = _address(extraction, form)
    if request.method == "GET":
        return _evidence_form(request, study, extraction, cell)
    try:
        attach_evidence(
            membership=membership,
            cell=cell,
            evidence=form.evidence(_full_text(membership, form)),
            expected=form.cleaned_data["expected"],
        )
    except ValidationError as error:
        if not is_part(request):
            messages.error(request, sentence(error))
        return _answer_field(request, extraction, cell, sentence(error))
    return _answer_field(request, extraction, cell, "")


def _address(extraction: Extraction, form: PlaceForm) -> CellAddress:
    row_id = form.cleaned_data["row"]
    row = get_object_or_404(extraction.rows, pk=row_id) if row_id else None
    return CellAddress(extraction, form.cleaned_data["field"], row)


def _full_text(membership: Membership, form: EvidenceForm) -> FullText | None:
    chosen = form.cleaned_data["full_text"]
    return full_text_or_404(membership, chosen) if chosen else None


def _shown(entry: Entry, cell: CellAddress) -> EntryField | None:
    return entry.find(cell.field, cell.row.pk if cell.row else None)


def _answer(
    request: HttpRequest,
    extraction: Extraction,
    cell: CellAddress,
    outcome: SavedValue | ValidationError | None,
) -> HttpResponse:
    problem = sentence(outcome) if isinstance(outcome, ValidationError) else ""
    if not is_part(request):
        if problem:
            messages.error(request, problem)
        return _back(extraction)
    entry = entry_of(extraction)
    shown = _shown(entry, cell)
    context = {
        "study": extraction.study,
        "entry": entry,
        "one": shown,
        "problem": problem,
        "is_changed": isinstance(outcome, ChangedElsewhereError),
        "questions": outcome.questions if isinstance(outcome, SavedValue) else (),
        **_touched(entry, shown if not problem else None),
    }
    return render(request, "extraction/_saved.html", context)


def _touched(entry: Entry, shown: EntryField | None) -> dict[str, list[EntryField]]:
    """Other questions that a saved answer changes: asked or not, their unit, their range."""
    if shown is None:
        return {"dependents": [], "units_shown": [], "measured": []}
    return {
        "dependents": entry.dependents_of(shown),
        "units_shown": entry.awaiting_unit(shown),
        "measured": entry.measured_by(shown),
    }


def _answer_field(
    request: HttpRequest, extraction: Extraction, cell: CellAddress, problem: str
) -> HttpResponse:
    if not is_part(request):
        return _back(extraction)
    entry = entry_of(extraction)
    context = {"study": extraction.study, "one": _shown(entry, cell), "problem": problem}
    return render(request, "extraction/_field.html", context)


def _evidence_form(
    request: HttpRequest,
    study: Study,
    extraction: Extraction,
    cell: CellAddress,
) -> HttpResponse:
    entry = entry_of(extraction)
    shown = _shown(entry, cell)
    if shown is None:
        return redirect(study)
    context = {"study": study, "one": shown, "locations": Location.choices}
    name = "_evidence_form.html" if is_part(request) else "evidence.html"
    return render(request, f"extraction/{name}", context)


def _back(extraction: Extraction) -> HttpResponse:
    return redirect(
        "extraction:extract", slug=extraction.study.review.slug, study_id=extraction.study_id
    )
