"""Finding the objects a page is about; what is not of the review is not found."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from extraction.models import Extraction, Study
from screening.models import Membership


def study_of(membership: Membership, study_id: int) -> Study:
    """The study of this review, or 404; also for one that was joined to another."""
    return get_object_or_404(Study.objects.standing(), pk=study_id, review=membership.review)


def own_extraction(membership: Membership, study: Study) -> Extraction | None:
    """One's own extraction of a study; another's is never named by an address."""
    return (
        study.extractions.filter(extractor=membership, origin=Extraction.Origin.PAGE)
        .select_related("form", "study__review", "extractor")
        .first()
    )


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def sentence(error: ValidationError) -> str:
    """The messages of a refusal in one line."""
    return " ".join(error.messages)
