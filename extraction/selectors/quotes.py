"""Where a quote stands in a stored report: its page, rectangles and kind of place."""

from collections.abc import Iterable
from dataclasses import dataclass

from extraction.reading.finding import find_quote
from extraction.reading.places import place_of
from extraction.reading.sheet import Box, sheet_of
from extraction.selectors.searching import page_texts
from screening.models import FullText
from screening.selectors.full_texts import page_words
from screening.selectors.pdf import PdfTrouble

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote found in a full text; without rectangles where the page cannot be drawn."""

    full_text: FullText
    page: int
    rectangles: tuple[Box, ...]
    location: str


def find_passage(
    full_texts: Iterable[FullText], quote: str, near: int | None = None
) -> Passage | None:
    """Find a quote in the first of some full texts that has it.

    Args:
        full_texts: Where to look, in this order.
        quote: The words as quoted.
        near: The page on which they are said to stand; other pages are looked at too.

    Returns:
        The passage, None where no text has it.
    """
    for full_text in full_texts:
        pages = page_texts(full_text)
        found = find_quote(quote, pages, near or 1)
        if found is not None:
            boxes = _boxes(full_text, found.page, quote)
            location = place_of(pages, found.page, found.start, found.end)
            return Passage(full_text, found.page, boxes, location.value)
    return None


def guess_location(full_text: FullText, page: int, quote: str) -> str:
    """The kind of place in which a selected quote stands; empty where its page has no text."""
    pages = page_texts(full_text, last=page)
    found = find_quote(quote, {page: pages.get(page, "")}, page)
    return place_of(pages, page, found.start, found.end).value if found else ""


def _boxes(full_text: FullText, page: int, quote: str) -> tuple[Box, ...]:
    try:
        sheet = sheet_of(page_words(full_text, page).words)
    except PdfTrouble:
        return ()
    found = find_quote(quote, {page: sheet.text}, page)
    if found is None:
        return ()
    boxes = sheet.boxes(sheet.between(found.start, found.end))
    return tuple(_rounded(box) for box in boxes)


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0), _DIGITS) for side in box)
    return (left, top, right, bottom)
