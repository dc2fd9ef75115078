"""Likely places of a field's value, beside the field that asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from extraction.forms.entries import PlaceForm
from extraction.selectors.entry import entry_of
from extraction.selectors.likely import likely_places
from extraction.selectors.reader import named_text
from extraction.views.lookup import is_part, own_extraction, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability

NO_TEXT = "No full text is stored for this study yet."
NO_TRACES = "A text in your own words leaves no words to look for. Search the report instead."


@require_safe
@review_view(Capability.EXTRACT)
def candidates(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Sentences of the open report in which a field's value is likely to stand."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    form = PlaceForm(request.GET)
    if extraction is None or not form.is_valid():
        return redirect(study)
    field, row = form.cleaned_data["field"], form.cleaned_data["row"]
    one = entry_of(extraction).find(field, row)
    if one is None:
        return redirect(study)
    text = named_text(study, request.GET.get("text", ""))
    search = likely_places(extraction, text, field, row) if text else None
    context = {
        "study": study,
        "one": one,
        "search": search,
        "problem": NO_TRACES if text else NO_TEXT,
        "is_part": is_part(request),
    }
    name = "_candidates.html" if is_part(request) else "candidates.html"
    return render(request, f"extraction/{name}", context)
