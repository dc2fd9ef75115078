"""Likely places of a field's value in a report, for the extractor to look at; never a value."""

from dataclasses import dataclass
from urllib.parse import urlencode

from extraction.models import Extraction
from extraction.reading.candidates import Candidate, can_have_candidates, find_candidates
from extraction.schema.fields import Field
from extraction.selectors.forms import definition_of
from extraction.selectors.searching import page_texts
from screening.models import FullText


@dataclass(frozen=True, slots=True)
class Likely:
    """One likely sentence, counted from 1, and the query of the reader that shows it."""

    number: int
    candidate: Candidate
    query: str


@dataclass(frozen=True, slots=True)
class Search:
    """For which field a report was looked through, and what was found there."""

    field: Field
    row_id: int | None
    full_text: FullText
    found: tuple[Likely, ...]
    has_text: bool


def likely_places(
    extraction: Extraction, full_text: FullText, field_key: str, row_id: int | None
) -> Search | None:
    """Rank the sentences of a report for one field of an extraction.

    Args:
        extraction: One's own; its form has the field, its row may name a metric.
        full_text: The report.
        field_key: The field.
        row_id: Its row, None for a field of the study.

    Returns:
        None where the form has no such field, or its values leave no traces to look for.
    """
    form = definition_of(extraction.form)
    row = extraction.rows.filter(pk=row_id).first() if row_id else None
    field = form.find(field_key, row.group if row else "")
    if field is None or not can_have_candidates(field) or (row_id and row is None):
        return None
    metric = ""
    if field.metric_field:
        named = extraction.values.current().filter(row=row, field=field.metric_field).first()
        metric = named.value if named and isinstance(named.value, str) else ""
    pages = page_texts(full_text)
    found = find_candidates(field, pages, metric)
    asked = {"text": full_text.pk, "for": field_key, "row": row_id or ""}
    likely = tuple(
        Likely(number, one, urlencode({**asked, "page": one.page, "at": number}))
        for number, one in enumerate(found, start=1)
    )
    return Search(field, row_id, full_text, likely, any(text.strip() for text in pages.values()))
