"""Table 1 of a review, from its reconciled and imported answers."""

from analytics.tables.model import Table
from analytics.tables.provenance import with_provenance
from analytics.tables.results import results_of
from analytics.tables.table1 import long_table1, table1
from extraction.schema.answers import StudyAnswers
from extraction.schema.definition import FormDefinition
from extraction.selectors.answers import study_answers
from extraction.selectors.forms import current_form, definition_of
from screening.models import Review


def definition_for(review: Review) -> FormDefinition | None:
    """The form whose comparison names Table 1's columns; nothing when there is none."""
    form = current_form(review)
    definition = definition_of(form) if form else None
    return definition if definition and definition.comparison else None


def table1_of(
    *, review: Review, is_long: bool = False, has_provenance: bool = False
) -> Table | None:
    """Table 1 or its long form, in a fixed number of queries.

    Args:
        review: The review.
        is_long: One row per experiment instead of one per study.
        has_provenance: With the columns that say where each value comes from.

    Returns:
        The table, or nothing when the review's form compares nothing. Unreconciled values of a
        blinded extractor are never in it.
    """
    form = definition_for(review)
    if form is None:
        return None
    studies: list[StudyAnswers] = study_answers(review=review)
    build = long_table1 if is_long else table1
    table = build(form, studies, results_of(studies, form))
    return with_provenance(table) if has_provenance else table
