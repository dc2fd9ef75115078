"""Saying that a cell is right as it stands, although the form changed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from extraction.forms.entries import PlaceForm
from extraction.selectors.entry import entry_of
from extraction.services.revisits import confirm_cell
from extraction.views.lookup import is_part, own_extraction, sentence, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_POST
@review_view(Capability.EXTRACT)
def confirm(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Take the mark "needs revisit" off one's own cell; its value stays."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    place = PlaceForm(request.POST)
    if extraction is None or not place.is_valid():
        return redirect(study)
    field, row_id = place.cleaned_data["field"], place.cleaned_data["row"]
    row = get_object_or_404(extraction.rows, pk=row_id) if row_id else None
    try:
        confirm_cell(membership=membership, extraction=extraction, field=field, row=row)
    except ValidationError as error:
        messages.error(request, sentence(error))
    if not is_part(request):
        url = redirect("extraction:extract", slug=membership.review.slug, study_id=study_id).url
        return redirect(f"{url}#cell-f-{row_id or 0}-{field}")
    entry = entry_of(extraction)
    is_locked = extraction.submitted_at is not None
    context = {"study": study, "one": entry.find(field, row_id), "is_locked": is_locked}
    return render(request, "extraction/_field.html", context)
