"""Pictures of the pages of full texts, after a permission check."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from screening.models import Membership
from screening.permissions import review_view
from screening.rules.roles import Capability
from screening.selectors.full_texts import full_text_or_404, page_image


@require_safe
@review_view(Capability.VIEW)
def page_picture(
    request: HttpRequest, membership: Membership, full_text_id: int, number: int
) -> HttpResponse:
    """One page as a picture; the browser keeps it, since a stored file never changes."""
    full_text = full_text_or_404(membership, full_text_id)
    tag = f'"{full_text.sha256}-{number}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    try:
        content = page_image(full_text, number)
    except ValueError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    headers = {"ETag": tag, "Cache-Control": "private, max-age=86400"}
    return HttpResponse(content, content_type="image/webp", headers=headers)
