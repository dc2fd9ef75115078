"""Likely places of a field's value in a report, for the extractor to look at; never a value."""

from dataclasses import dataclass
from functools import lru_cache
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
    found, has_text = _ranked(_Report(full_text), field, metric)
    asked = {"text": full_text.pk, "for": field_key, "row": row_id or ""}
    likely = tuple(
        Likely(number, one, urlencode({**asked, "page": one.page, "at": number}))
        for number, one in enumerate(found, start=1)
    )
    return Search(field, row_id, full_text, likely, has_text)


class _Report:
    """A full text known by its file, which never changes."""

    def __init__(self, full_text: FullText) -> None:
        self.full_text = full_text
        self._key = (full_text.sha256, str(full_text.file.name))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Report) and other._key == self._key


@lru_cache(maxsize=64)
def _ranked(report: _Report, field: Field, metric: str) -> tuple[tuple[Candidate, ...], bool]:
    """Likely sentences, and whether the report has text; kept while its pages are turned."""
    pages = page_texts(report.full_text)
    has_text = any(text.strip() for text in pages.values())
    return tuple(find_candidates(field, pages, metric)), has_text
