"""Saving one value of one's extraction: append-only, and never over another window's change."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from extraction.models import ExtractedValue, Extraction, ExtractionRow, Study
from extraction.models.values import Location
from extraction.schema.checks import CheckedValue, Entered, Refused, check_value
from extraction.schema.fields import Field
from extraction.schema.metrics import Metric
from extraction.selectors.desk import readable_texts
from extraction.selectors.forms import definition_of
from extraction.selectors.quotes import find_passage, guess_location
from extraction.selectors.revisits import has_revisit
from extraction.services.extractions import own_draft
from extraction.services.quotes import remember_place
from extraction.services.revisits import settle_revisits
from screening.models import FullText, Membership

MAX_RECTANGLES = 200
MAX_QUOTE = 4000
_CORNERS = 4


class ChangedElsewhereError(ValidationError):
    """The cell was changed in another window since it was read; carries the value there."""

    def __init__(self, current: ExtractedValue | None) -> None:
        """Say what stands there now."""
        self.current = current
        value = current.value if current else None
        shown = "empty" if value is None else f"“{as_text(value)}”"
        super().__init__(
            f"This cell was changed in another window and is now {shown}. "
            "Your entry was not saved; enter it again to replace that value."
        )


@dataclass(frozen=True, slots=True)
class CellAddress:
    """One cell of an extraction: a field of the study, or of one row."""

    extraction: Extraction
    field: str
    row: ExtractionRow | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was read; rectangles are [x0, y0, x1, y1] as shares of the page, 0 to 1."""

    page: int | None = None
    quote: str = ""
    location: str = ""
    rectangles: tuple[tuple[float, ...], ...] = ()
    full_text: FullText | None = None
    source_url: str = ""

    def as_columns(self) -> dict[str, Any]:
        """The columns of an evidence table."""
        return {
            "page": self.page,
            "quote": self.quote,
            "location": self.location,
            "rectangles": [list(one) for one in self.rectangles],
            "full_text": self.full_text,
            "source_url": self.source_url,
        }


@dataclass(frozen=True, slots=True)
class SavedValue:
    """The current row of a cell after a save, and what should be asked about it."""

    value: ExtractedValue
    questions: tuple[str, ...] = ()


@transaction.atomic
def save_value(
    *, membership: Membership, cell: CellAddress, raw: Entered, unit: str, expected: int | None
) -> SavedValue:
    """Save what was entered into one cell; empty text clears it. Evidence is carried over.

    What stands in the cell already is no change, whichever value the window showed: so an entry
    that was stored and whose answer got lost can be sent again.

    Args:
        membership: The extractor.
        cell: Which cell.
        raw: As typed.
        unit: The stated unit.
        expected: Id of the value that the window showed, None for an empty cell.

    Raises:
        ChangedElsewhereError: The cell's current value is neither the expected one nor the entry.
        ValidationError: The value is refused by its field.
    """
    field, current = _open_cell(membership, cell)
    checked = _checked(cell, field, raw, unit)
    entry = None if isinstance(checked, Refused) else (stored_form(checked), checked.unit)
    is_there = current is not None and (current.value, current.unit) == entry
    if not is_there:
        _check_expected(current, expected)
    if isinstance(checked, Refused):
        raise ValidationError(checked.message)
    settle_revisits(membership, extraction=cell.extraction, row=cell.row, field=cell.field)
    if current is not None and is_there:
        return SavedValue(current, checked.questions)
    evidence = _evidence_of(current)
    columns = {"value": stored_form(checked), "unit": checked.unit, **evidence.as_columns()}
    return SavedValue(_supersede(cell, current, columns), checked.questions)


def attach_evidence(
    *, membership: Membership, cell: CellAddress, evidence: Evidence, expected: int | None
) -> SavedValue:
    """Make a passage the evidence of a cell; the value stays as it is.

    A quote without rectangles is looked for in the study's full texts and gets page, rectangles
    and kind of place from there; where it is not found it stays as typed. The same passage sent
    again, as after an answer that got lost, is no change.

    Raises:
        ChangedElsewhereError: The cell's current value is not the expected one.
        ValidationError: The evidence is not of a report of this study, or is malformed.
    """
    with transaction.atomic():
        _open_cell(membership, cell)
        check_evidence(cell.extraction.study, evidence)
    found = found_in_the_text(
        cell.extraction.study, evidence
    )  # before the transaction: it reads the PDF
    with transaction.atomic():
        _field, current = _open_cell(membership, cell)
        if current is not None and _is_answered_before(current, found, expected):
            return SavedValue(current)
        _check_expected(current, expected)
        value, unit = (current.value, current.unit) if current else (None, "")
        columns = {"value": value, "unit": unit, **found.as_columns()}
        return SavedValue(_supersede(cell, current, columns))


def _is_answered_before(current: ExtractedValue, found: Evidence, expected: int | None) -> bool:
    """Whether the last change of the cell was to attach just this passage to the expected value."""
    before = current.replaces
    is_same = _evidence_of(current).as_columns() == found.as_columns()
    if expected != (before.pk if before else None) or not is_same:
        return False
    known = (before.value, before.unit) if before else (None, "")
    return known == (current.value, current.unit)


def stored_form(checked: CheckedValue) -> list[str] | str | bool | None:
    """A checked value as the tables keep it: choices as a list, an empty text as nothing."""
    if isinstance(checked.value, tuple):
        return list(checked.value)
    return None if checked.value == "" else checked.value


def as_text(value: object) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _open_cell(membership: Membership, cell: CellAddress) -> tuple[Field, ExtractedValue | None]:
    extraction = own_draft(membership, cell.extraction, is_revisit=_is_revisit(cell))
    row = cell.row
    if row and (row.extraction_id != extraction.pk or row.removed_at is not None):
        raise ValidationError("This row is not part of the extraction any more.")
    field = definition_of(extraction.form).find(cell.field, row.group if row else "")
    if field is None:
        raise ValidationError(
            f"The form has no field “{cell.field}” here. If the form changed while this page was "
            "open, copy your entry and load the page anew."
        )
    current = extraction.values.current().filter(row=row, field=cell.field).first()
    return field, current


def _is_revisit(cell: CellAddress) -> bool:
    return has_revisit(cell.extraction, cell.field, cell.row)


def _check_expected(current: ExtractedValue | None, expected: int | None) -> None:
    if (current.pk if current else None) != expected:
        raise ChangedElsewhereError(current)


def _checked(cell: CellAddress, field: Field, raw: Entered, unit: str) -> CheckedValue | Refused:
    is_empty = not raw.strip() if isinstance(raw, str) else raw in ([], ())
    if is_empty:
        return CheckedValue("")
    return check_value(field, raw, unit, _metric_of(cell, field))


def _metric_of(cell: CellAddress, field: Field) -> Metric | None:
    if not field.metric_field:
        return None
    values = cell.extraction.values.current()
    named = values.filter(row=cell.row, field=field.metric_field).first()
    if named is None or not isinstance(named.value, str):
        return None
    return definition_of(cell.extraction.form).metric(named.value)


def _evidence_of(value: ExtractedValue | None) -> Evidence:
    if value is None:
        return Evidence()
    return Evidence(
        page=value.page,
        quote=value.quote,
        location=value.location,
        rectangles=tuple(tuple(one) for one in value.rectangles),
        full_text=value.full_text,
        source_url=value.source_url,
    )


def found_in_the_text(study: Study, evidence: Evidence) -> Evidence:
    """The evidence with what the report's text tells of its quote; what was given is kept."""
    quote, full_text = evidence.quote.strip(), evidence.full_text
    if not quote or (evidence.rectangles and evidence.location):
        return evidence
    if evidence.rectangles:
        if full_text is None or not evidence.page:
            return evidence
        return replace(evidence, location=guess_location(full_text, evidence.page, quote))
    texts = [full_text] if full_text else list(readable_texts(study))
    passage = find_passage(texts, quote, evidence.page)
    if passage is None:
        for text in texts:
            remember_place(full_text=text, quote=quote, page=None, rectangles=[])
        return replace(evidence, quote=quote)
    return replace(
        evidence,
        quote=quote,
        full_text=passage.full_text,
        page=passage.page,
        rectangles=passage.rectangles,
        location=evidence.location or passage.location,
    )


def check_evidence(study: Study, evidence: Evidence) -> None:
    """Refuse a passage that is of no report of the study, or is malformed.

    Raises:
        ValidationError: With what is wrong.
    """
    full_text = evidence.full_text
    if full_text is not None:
        if not study.study_reports.filter(report=full_text.report_id).exists():
            raise ValidationError("This full text is of no report of this study.")
        if not evidence.page or evidence.page > full_text.page_count:
            raise ValidationError(f"The full text has {full_text.page_count} pages.")
    if len(evidence.quote) > MAX_QUOTE or len(evidence.rectangles) > MAX_RECTANGLES:
        raise ValidationError("The passage is too long. Select the sentence that holds the value.")
    for rectangle in evidence.rectangles:
        if len(rectangle) != _CORNERS or not all(0 <= side <= 1 for side in rectangle):
            raise ValidationError("A rectangle lies outside the page.")
    if evidence.location and evidence.location not in Location.values:
        raise ValidationError(f"“{evidence.location}” is no kind of place in a report.")


def _supersede(
    cell: CellAddress, current: ExtractedValue | None, columns: dict[str, Any]
) -> ExtractedValue:
    if current is not None:
        current.superseded_at = timezone.now()
        current.save(update_fields=["superseded_at"])
    return ExtractedValue.objects.create(
        extraction=cell.extraction, row=cell.row, field=cell.field, replaces=current, **columns
    )
