"""Publishing a version of the extraction form, and taking it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import ExtractionForm, FormChange
from extraction.schema.changes import source_problems
from extraction.schema.codec import from_json, to_json
from extraction.schema.definition import FormInvalidError
from extraction.selectors.form_changes import last_change, unfinished_change
from extraction.selectors.forms import current_form, definition_of
from extraction.services.following import follow_or_enqueue
from screening.models import AuditEvent, Membership, Review
from screening.permissions import require
from screening.rules.roles import Capability


@transaction.atomic
def publish_form(
    *, membership: Membership, definition: dict[str, Any], note: str = ""
) -> ExtractionForm:
    """Publish a version of the review's form and let every stored value follow to it.

    In a large review a worker carries the values; each study stands on its former version until
    its turn comes.

    Raises:
        ValidationError: With every fault of the definition and its place, or the values of the
            change before are still to follow.
    """
    require(membership, Capability.MANAGE)
    try:
        form = from_json(definition)
    except FormInvalidError as error:
        raise ValidationError([str(problem) for problem in error.problems]) from error
    Review.objects.select_for_update().get(pk=membership.review_id)
    _refuse_unfinished(membership)
    former = current_form(membership.review)
    faults = source_problems(definition_of(former), form) if former else []
    if faults:
        raise ValidationError([str(problem) for problem in faults])
    newest = ExtractionForm.objects.filter(review=membership.review).first()
    published = ExtractionForm.objects.create(
        review=membership.review,
        version=newest.version + 1 if newest else 1,
        definition=to_json(form),
        note=note,
        created_by=membership,
    )
    AuditEvent.objects.append_by(
        membership,
        "form.published",
        published,
        after={"version": published.version, "title": form.title, "note": note},
    )
    if former is not None:
        change = FormChange.objects.create(
            review=membership.review, from_form=former, to_form=published, made_by=membership
        )
        follow_or_enqueue(change, membership)
    return published


@transaction.atomic
def take_back_form(*, membership: Membership) -> ExtractionForm:
    """Make the version before the one in force current again, with its values.

    Values written since stay: where the former version has their field they stand, elsewhere
    they are kept beside it and shown; what does not fit is marked for a revisit.

    Returns:
        The version that is in force again.

    Raises:
        ValidationError: There is no version before this one, or values are still to follow.
    """
    require(membership, Capability.MANAGE)
    Review.objects.select_for_update().get(pk=membership.review_id)
    _refuse_unfinished(membership)
    change = last_change(current_form(membership.review))
    if change is None:
        raise ValidationError("There is no version before this one.")
    change.taken_back_by = membership
    change.taken_back_at = timezone.now()
    change.carried_at = None
    change.save(update_fields=["taken_back_by", "taken_back_at", "carried_at"])
    change.revisits.open().update(settled_at=timezone.now(), settled_by=membership)
    follow_or_enqueue(change, membership)
    AuditEvent.objects.append_by(
        membership,
        "form.taken_back",
        change.to_form,
        before={"version": change.to_form.version},
        after={"version": change.from_form.version},
    )
    return change.from_form


def _refuse_unfinished(membership: Membership) -> None:
    change = unfinished_change(membership.review)
    if change is not None:
        raise ValidationError(
            f"The values of the change to version {change.to_form.version} are still being "
            "carried. The form’s page shows how far they are; try again when they are done."
        )
