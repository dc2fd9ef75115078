"""The form in force, its definition, and the draft of the next one."""

from extraction.models import ExtractionForm, FormDraft
from extraction.schema.codec import from_json, sketch_from_json
from extraction.schema.definition import FormDefinition, FormSketch
from extraction.selectors.past import form_then
from screening.models import Review


def current_form(review: Review) -> ExtractionForm | None:
    """The newest version that is not taken back, or None before the first is published."""
    return form_then(review, None)


def definition_of(form: ExtractionForm) -> FormDefinition:
    """The checked definition of a stored form version."""
    return from_json(form.definition)


def form_draft(review: Review) -> FormDraft | None:
    """The draft of the next version, if one is being written."""
    drafts = FormDraft.objects.select_related("base", "updated_by__user")
    return drafts.filter(review=review).first()


def sketch_of(draft: FormDraft) -> FormSketch:
    """What is written so far."""
    return sketch_from_json(draft.definition)


def base_of(draft: FormDraft) -> FormSketch:
    """The version the draft goes on from; empty where it is the first."""
    return sketch_from_json(draft.base.definition) if draft.base else FormSketch("", "", ())
