"""Everything that was extracted, as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.selectors.extracted import (
    FORMATS,
    VALUES,
    exported_form,
    extracted_file,
    extracted_name,
)
from analytics.tables.extracted import levels_of
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability


@require_safe
@review_view(Capability.VIEW)
def extracted(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What may be taken out and in which shape."""
    form = exported_form(membership.review)
    context = {
        "levels": levels_of(form) if form else [],
        "is_blinded": membership.review.is_extraction_blinded,
    }
    return render(request, "analytics/extracted.html", context)


@require_safe
@review_view(Capability.EXPORT)
def extracted_export(
    request: HttpRequest, membership: Membership, shape: str, file_format: str
) -> HttpResponse:
    """The answers as a file; `?values=raw` gives each person's that the member may read."""
    values = request.GET.get("values", VALUES[0])
    asked = {"values": values, "shape": shape, "file_format": file_format}
    try:
        content = extracted_file(membership, **asked)
    except ValueError as error:
        raise Http404(str(error)) from error
    name = extracted_name(membership.review, **asked)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=FORMATS[file_format], headers=headers)
