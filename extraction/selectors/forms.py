"""The form in force and its definition."""

import json
from functools import lru_cache

from extraction.models import ExtractionForm
from extraction.schema.codec import from_json
from extraction.schema.definition import FormDefinition
from screening.models import Review


def current_form(review: Review) -> ExtractionForm | None:
    """The newest version of the review's form, or None before the first is published."""
    return ExtractionForm.objects.filter(review=review).order_by("-version").first()


def definition_of(form: ExtractionForm) -> FormDefinition:
    """The checked definition of a stored form version."""
    return _parsed(json.dumps(form.definition))


@lru_cache(maxsize=64)
def _parsed(definition: str) -> FormDefinition:
    """A form is read many times in a request and never changes once it is published."""
    return from_json(json.loads(definition))
