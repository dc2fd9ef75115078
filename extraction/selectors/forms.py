"""The form in force and its definition."""

from extraction.models import ExtractionForm
from extraction.schema.codec import from_json
from extraction.schema.definition import FormDefinition
from screening.models import Review


def current_form(review: Review) -> ExtractionForm | None:
    """The newest version of the review's form, or None before the first is published."""
    return ExtractionForm.objects.filter(review=review).order_by("-version").first()


def definition_of(form: ExtractionForm) -> FormDefinition:
    """The checked definition of a stored form version."""
    return from_json(form.definition)
