"""The page of an export and its file."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.forms.exports import ExportForm
from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.exports import chosen_records
from screening.services.exports import export_records
from screening.views.stages import said


@require_safe
@review_view(Capability.EXPORT)
def export(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Choose which records to take out and in which format; says how many they are."""
    form = ExportForm(request.GET, membership=membership)
    count = None
    if form.is_valid():
        count = chosen_records(membership=membership, choice=form.choice()).count()
    context = {"form": form, "count": count}
    part = "_export_count.html" if request.headers.get("HX-Request") else "export.html"
    return render(request, f"screening/{part}", context, status=400 if form.errors else 200)


@require_safe
@review_view(Capability.EXPORT)
def export_file(
    request: HttpRequest, membership: Membership
) -> HttpResponse | StreamingHttpResponse:
    """The records as a file, streamed."""
    form = ExportForm(request.GET, membership=membership)
    if not form.is_valid():
        return render(request, "screening/export.html", {"form": form, "count": None}, status=400)
    try:
        file = export_records(
            membership=membership, file_format=form.file_format, choice=form.choice()
        )
    except ValidationError as error:
        return HttpResponse(said(error), status=400, content_type="text/plain")
    return StreamingHttpResponse(file.pieces, headers=file.headers)
