"""PDFs: the reading page, the file, the picture of a page and its words. Members only."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404, page_image, page_words
from screening.selectors.stored import stored_or_404
from screening.views.stages import number_in

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PRIVATE = "private, no-store"
KEEP_PICTURE = "private, max-age=86400, immutable"


@require_safe
@review_view(Capability.VIEW)
def full_text(request: HttpRequest, membership: Membership, full_text_id: int) -> HttpResponse:
    """Read a PDF page by page."""
    found = full_text_or_404(membership, full_text_id)
    number = min(max(number_in(request.GET, "page"), 1), found.page_count)
    context = {
        "full_text": found,
        "report": found.report,
        "number": number,
        "pages": range(1, found.page_count + 1),
    }
    return render(request, "screening/full_text.html", context)


@require_safe
@review_view(Capability.VIEW)
def full_text_file(request: HttpRequest, membership: Membership, full_text_id: int) -> FileResponse:
    """The PDF itself; shown in the browser's own viewer with `?inline`, else downloaded."""
    found = full_text_or_404(membership, full_text_id)
    response = FileResponse(
        stored_or_404(found.file),
        as_attachment="inline" not in request.GET,
        filename=found.original_name,
        content_type="application/pdf",
    )
    response["Cache-Control"] = PRIVATE
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@review_view(Capability.VIEW)
def full_text_page(
    request: HttpRequest, membership: Membership, full_text_id: int, number: int
) -> HttpResponse:
    """The picture of a page as WebP; `?scale=` gives the pixels per point."""
    found = full_text_or_404(membership, full_text_id)
    try:
        scale = float(request.GET.get("scale", "2"))
        picture = page_image(found, number, scale)
    except ValueError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(picture, content_type="image/webp")
    response["Cache-Control"] = KEEP_PICTURE
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@review_view(Capability.VIEW)
def full_text_boxes(
    request: HttpRequest, membership: Membership, full_text_id: int, number: int
) -> JsonResponse:
    """The words of a page, each with its rectangle in shares (0 to 1) of the page."""
    found = full_text_or_404(membership, full_text_id)
    try:
        page = page_words(found, number)
    except ValueError as error:
        raise Http404(str(error)) from error
    words = [
        {
            "text": word.text,
            "left": round(word.left, 5),
            "top": round(word.top, 5),
            "right": round(word.right, 5),
            "bottom": round(word.bottom, 5),
        }
        for word in page.words
    ]
    response = JsonResponse({"width": page.width, "height": page.height, "words": words})
    response["Cache-Control"] = PRIVATE
    return response
