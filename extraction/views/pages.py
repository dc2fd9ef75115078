"""Pictures of the pages of full texts, after a permission check."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404, page_image
from screening.selectors.pdf import SCALES

DEFAULT_SCALE = 2.0


@require_safe
@review_view(Capability.VIEW)
def page_picture(
    request: HttpRequest, membership: Membership, full_text_id: int, number: int
) -> HttpResponse:
    """One page as a picture; the browser keeps it, since a stored file never changes.

    `?scale=` gives the pixels per point; the nearest that is drawn is taken.
    """
    full_text = full_text_or_404(membership, full_text_id)
    scale = _scale(request.GET.get("scale", ""))
    tag = f'"{full_text.sha256}-{number}-{scale}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    try:
        content = page_image(full_text, number, scale)
    except ValueError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    headers = {"ETag": tag, "Cache-Control": "private, max-age=86400"}
    return HttpResponse(content, content_type="image/webp", headers=headers)


def _scale(text: str) -> float:
    try:
        wanted = float(text)
    except ValueError:
        return DEFAULT_SCALE
    return min(SCALES, key=lambda known: abs(known - wanted))
