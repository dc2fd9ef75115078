"""Publishing versions of the extraction form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from extraction.models import ExtractionForm
from extraction.schema.codec import from_json, to_json
from extraction.schema.definition import FormInvalidError
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def publish_form(
    *, membership: Membership, definition: dict[str, Any], note: str = ""
) -> ExtractionForm:
    """Publish a version of the review's form. Extractions begun keep the version they have.

    Raises:
        ValidationError: With every fault of the definition and its place.
    """
    require(membership, Capability.MANAGE)
    try:
        form = from_json(definition)
    except FormInvalidError as error:
        raise ValidationError([str(problem) for problem in error.problems]) from error
    Review.objects.select_for_update().get(pk=membership.review_id)
    newest = ExtractionForm.objects.filter(review=membership.review).first()
    published = ExtractionForm.objects.create(
        review=membership.review,
        version=newest.version + 1 if newest else 1,
        definition=to_json(form),
        note=note,
        created_by=membership,
    )
    AuditEvent.objects.append(
        review=membership.review,
        actor=membership.user,
        action="form.published",
        target=published,
        after={"version": published.version, "title": form.title, "note": note},
    )
    return published
