"""What a new review takes over of another's extraction: the form in force and how it is done."""

from django.db import transaction
from django.forms.models import model_to_dict

from extraction.models import ExtractionForm, ExtractionSettings
from extraction.selectors.forms import current_form, definition_of
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def copy_extraction(*, source: Review, lead: Membership) -> None:
    """Copy the form in force as the first version, and the settings; no study, no value.

    Args:
        source: The review to take after; the caller has asked whether the lead may.
        lead: Who leads the new review.

    Raises:
        PermissionDenied: The member does not lead the new review.
    """
    require(lead, Capability.MANAGE)
    form = current_form(source)
    if form is not None:
        made = ExtractionForm.objects.create(
            review=lead.review,
            version=1,
            definition=form.definition,
            note=form.note,
            created_by=lead,
        )
        title = definition_of(made).title
        after = {"version": 1, "title": title, "note": made.note}
        AuditEvent.objects.append_by(lead, "form.published", made, after=after)
    settings = ExtractionSettings.objects.filter(review=source).first()
    if settings is not None:
        values = model_to_dict(settings, exclude=["id", "review"])
        copied = ExtractionSettings.objects.create(review=lead.review, **values)
        AuditEvent.objects.append_by(lead, "extraction.settings_changed", copied, after=values)
