"""Reads across tables of the extraction floor; blinding is kept here."""

from extraction.selectors.answers import study_answers
from extraction.selectors.forms import current_form, definition_of

__all__ = ["current_form", "definition_of", "study_answers"]
