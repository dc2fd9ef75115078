"""Where on the page of a report an answer stands, as marks for its picture."""

from collections.abc import Iterable, Sequence

from extraction.models import ConsensusValue, ExtractedValue
from extraction.reading.finding import find_quote
from extraction.reading.sheet import sheet_of
from extraction.schema.answers import Cell
from extraction.selectors.told_answers import ToldAnswer
from screening.models import FullText, Membership
from screening.selectors.full_texts import full_text_or_404, page_words
from screening.selectors.pdf import PdfTrouble

Mark = tuple[float, float, float, float]


def marks_of(membership: Membership, told: ToldAnswer) -> list[Mark]:
    """Marks on the page on which an answer is to be read now, in shares of the page.

    Args:
        membership: Who asks; a file of another review is not found.
        told: The answer.

    Returns:
        x, y, width and height of each: those found again in a newer file, else those stored with
        the value, else those of the quote's words on the page; none without a stored file.
    """
    if told.full_text_id is None or told.page is None:
        return []
    boxes: Iterable[Sequence[float]] = told.standing.rectangles if told.standing else ()
    is_moved = told.full_text_id != told.cell.full_text_id
    if not boxes and not is_moved:
        boxes = _stored(told.cell)
    if not boxes and told.cell.quote:
        full_text = full_text_or_404(membership, told.full_text_id)
        boxes = _found(full_text, told.page, told.cell.quote)
    return [(x0, y0, round(x1 - x0, 6), round(y1 - y0, 6)) for x0, y0, x1, y1 in boxes]


def _stored(cell: Cell) -> Sequence[Sequence[float]]:
    """The rectangles kept with the settled value, else with the raw one."""
    kept: ConsensusValue | ExtractedValue | None
    if cell.consensus_id:
        kept = ConsensusValue.objects.filter(pk=cell.consensus_id).first()
    else:
        kept = ExtractedValue.objects.filter(pk__in=cell.value_ids).first()
    boxes: Sequence[Sequence[float]] = kept.rectangles if kept else ()
    return boxes


def _found(full_text: FullText, number: int, quote: str) -> Sequence[Sequence[float]]:
    """Where the words of a quote stand that somebody typed without marking them."""
    try:
        sheet = sheet_of(page_words(full_text, number).words)
    except (PdfTrouble, ValueError):
        return ()
    found = find_quote(quote, {number: sheet.text}, number)
    return sheet.boxes(sheet.between(found.start, found.end)) if found else ()
