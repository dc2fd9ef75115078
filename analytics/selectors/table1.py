"""Table 1 of a review, from its reconciled and imported answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analytics.models import Footnote
from analytics.selectors.comparing import choices_by_hand, comparing_form, layout_of, reported_form
from analytics.tables.layout import PLAIN
from analytics.tables.long import long_table1
from analytics.tables.model import Note, Row, Table
from analytics.tables.provenance import with_provenance
from analytics.tables.results import results_of
from analytics.tables.table1 import table1
from extraction.schema.answers import StudyAnswers
from extraction.selectors.answers import study_answers
from extraction.selectors.memory import collection_paused
from screening.models import Review
from screening.selectors.moments import standing

NO_FORM = "This review has no extraction form yet, so it has no Table 1."


def table1_of(
    *,
    review: Review,
    is_long: bool = False,
    has_provenance: bool = False,
    has_all_columns: bool = False,
    as_of: datetime | None = None,
) -> Table | None:
    """Table 1 or its long form, in a fixed number of queries.

    Args:
        review: The review.
        is_long: One row per experiment, or row of any kind, instead of one per study.
        has_provenance: With the columns that say where each value comes from.
        has_all_columns: The form's columns and groups, whatever layout was chosen.
        as_of: As it was at this moment; now without it.

    Returns:
        The table, or nothing while the review has no form. Of a form that compares nothing it
        tells what the studies are. Unreconciled values of a blinded extractor are never in it.
    """
    form = reported_form(review, as_of=as_of)
    if form is None:
        return None
    with collection_paused():
        studies: list[StudyAnswers] = study_answers(review=review, as_of=as_of)
        results = results_of(studies, form, choices_by_hand(review, studies, as_of))
        if is_long:
            table = long_table1(form, studies, results)
        else:
            layout = PLAIN if has_all_columns else layout_of(review, as_of)
            table = table1(form, studies, results, layout, own_notes(review, as_of))
        return with_provenance(table) if has_provenance else table


def own_notes(review: Review, as_of: datetime | None = None) -> list[Note]:
    """The review's own footnotes, now or at a moment."""
    found = Footnote.objects.filter(standing(as_of, "removed_at"), review=review)
    return [
        Note(text, column, study)
        for text, column, study in found.values_list("text", "column", "study_id")
    ]


def changes_by_policy(review: Review, policy: Mapping[str, Any]) -> list[tuple[Row, Row]]:
    """Rows of Table 1 whose experiment another policy would change, as they are and would be.

    Args:
        review: The review.
        policy: As `policy_to_json` writes it; empty for the form's own.
    """
    form, other = comparing_form(review), comparing_form(review, policy)
    if form is None or other is None:
        return []
    studies: list[StudyAnswers] = study_answers(review=review)
    by_hand = choices_by_hand(review, studies)
    before = table1(form, studies, results_of(studies, form, by_hand))
    after = table1(other, studies, results_of(studies, other, by_hand))
    rows = {row.study_id: row for row in after.rows}
    pairs = [(row, rows[row.study_id]) for row in before.rows]
    return [
        (old, new)
        for old, new in pairs
        if (old.experiment, old.subset) != (new.experiment, new.subset)
    ]
