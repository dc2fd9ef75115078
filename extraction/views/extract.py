"""The extraction form beside the full text."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from extraction.models import Extraction, Study
from extraction.models.values import Location
from extraction.selectors.entry import entry_of
from extraction.selectors.reader import open_page
from extraction.services import extractions
from extraction.views.lookup import is_part, own_extraction, sentence, study_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.EXTRACT)
def extract(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """The form of one's own extraction, the page of the report beside it."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    if extraction is None:
        messages.info(request, "Start your extraction first.")
        return redirect(study)
    context = {
        "study": study,
        "extraction": extraction,
        "entry": entry_of(extraction),
        **_reading(study, request, extraction),
        "is_locked": extraction.submitted_at is not None,
    }
    return render(request, "extraction/extract.html", context)


@require_safe
@review_view(Capability.EXTRACT)
def sheet(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """One page of the report with one's own marks."""
    study = study_of(membership, study_id)
    if not is_part(request):
        url = redirect("extraction:extract", slug=membership.review.slug, study_id=study_id).url
        return redirect(f"{url}?{request.GET.urlencode()}")
    reading = _reading(study, request, own_extraction(membership, study))
    return render(request, "extraction/_sheet.html", {"study": study, **reading})


@require_safe
@review_view(Capability.EXTRACT)
def thumbnails(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Small pictures of all pages; each is drawn when it comes into sight."""
    study = study_of(membership, study_id)
    reader = open_page(study, request.GET, None)
    count = reader.full_text.page_count if reader.full_text else 0
    context = {
        "study": study,
        "reader": reader,
        "full_text": reader.full_text,
        "numbers": range(1, count + 1),
    }
    name = "_thumbnails.html" if is_part(request) else "thumbnails.html"
    return render(request, f"extraction/{name}", context)


@require_POST
@review_view(Capability.EXTRACT)
def rows(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Add, copy, remove or restore a row."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    anchor = "form"
    if extraction is None:
        return redirect(study)
    try:
        anchor = _change_rows(request, membership, extraction)
    except ValidationError as error:
        messages.error(request, sentence(error))
    url = redirect("extraction:extract", slug=membership.review.slug, study_id=study_id).url
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}#{anchor}" if query else f"{url}#{anchor}")


@require_POST
@review_view(Capability.EXTRACT)
def submit(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Submit one's extraction."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    if extraction is None:
        return redirect(study)
    try:
        extractions.submit_extraction(membership=membership, extraction=extraction)
    except ValidationError as error:
        messages.error(request, sentence(error))
        return redirect("extraction:extract", slug=membership.review.slug, study_id=study_id)
    messages.success(request, "Your extraction is submitted.")
    return redirect(study)


@require_POST
@review_view(Capability.EXTRACT)
def reopen_own(request: HttpRequest, membership: Membership, study_id: int) -> HttpResponse:
    """Make one's own submitted extraction a draft again."""
    study = study_of(membership, study_id)
    extraction = own_extraction(membership, study)
    return redirect(study) if extraction is None else _reopen(request, membership, extraction)


@require_POST
@review_view(Capability.MANAGE)
def reopen(request: HttpRequest, membership: Membership, extraction_id: int) -> HttpResponse:
    """A lead makes a submitted extraction a draft again."""
    extraction = get_object_or_404(Extraction, pk=extraction_id, study__review=membership.review)
    return _reopen(request, membership, extraction)


def _reopen(request: HttpRequest, membership: Membership, extraction: Extraction) -> HttpResponse:
    try:
        extractions.reopen_extraction(
            membership=membership, extraction=extraction, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, sentence(error))
    return redirect(extraction.study)


def _reading(
    study: Study, request: HttpRequest, extraction: Extraction | None
) -> dict[str, object]:
    reader = open_page(study, request.GET, extraction)
    found = [(one, reader.hit_address(one), one == reader.hit) for one in reader.findings]
    return {"reader": reader, "found": found, "locations": Location.choices}


def _change_rows(request: HttpRequest, membership: Membership, extraction: Extraction) -> str:
    known = {str(row.pk): row for row in extraction.rows.all()}
    row = known.get(request.POST.get("row", ""))
    action = request.POST.get("action", "add")
    if action == "add" or row is None:
        made = extractions.add_row(
            membership=membership, extraction=extraction, group=request.POST.get("group", "")
        )
        return f"row-{made.pk}"
    if action == "copy":
        made = extractions.add_row(
            membership=membership, extraction=extraction, group=row.group, copy_of=row
        )
        return f"row-{made.pk}"
    if action == "remove":
        extractions.remove_row(membership=membership, extraction=extraction, row=row)
        text = f"The {row.group} is removed. It can be restored under the form."
        messages.success(request, text)
        return "form"
    extractions.restore_row(membership=membership, extraction=extraction, row=row)
    return f"row-{row.pk}"
