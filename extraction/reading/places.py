"""What kind of place in a report a passage stands in, guessed from the lines around it."""

import re
from collections.abc import Mapping
from enum import StrEnum

from extraction.reading.sentences import is_row

_ABSTRACT = re.compile(r"^\s*(?:abstract|summary)\b", re.I | re.M)
_BODY = re.compile(r"^\s*(?:\d+\.?\s+|I\.?\s+)?(?:introduction|background|keywords)\b", re.I | re.M)
_SUPPLEMENT = re.compile(
    r"^\s*(?:supplement(?:ary|al)?\b[^.\n]{0,40}$|appendix\b[^.\n]{0,40}$|[A-Z]\.?\s+appendix)",
    re.I | re.M,
)
_TABLE = re.compile(r"^\s*(?:supplementary\s+)?tab(?:le|\.)\s*[A-Z]?\.?\d+", re.I | re.M)
_FIGURE = re.compile(r"^\s*(?:supplementary\s+)?fig(?:ure|\.)\s*[A-Z]?\.?\d+", re.I | re.M)
ABSTRACT_PAGES = 2
CAPTION_LINES = 6


class Place(StrEnum):
    """Kinds of places, as the tables know them."""

    ABSTRACT = "abstract"
    TEXT = "text"
    TABLE = "table"
    FIGURE = "figure"
    SUPPLEMENT = "supplement"


def place_of(pages: Mapping[int, str], page: int, start: int, end: int) -> Place:
    """Guess where a passage stands.

    Args:
        pages: Text by page number, with line ends; only pages up to `page` are looked at.
        page: The passage's page.
        start: Where it begins in that page's text.
        end: Where it ends.

    Returns:
        Supplement after a heading of that name; abstract between its heading and the
        introduction; table for a row of numbers under a table's caption, and for the caption;
        figure in a figure's caption; else text.

    Source:
        Own definition.
    """
    text = pages[page]
    before = "\n".join(pages[number] for number in sorted(pages) if number < page)
    if _SUPPLEMENT.search(before) or _SUPPLEMENT.search(text[:start]):
        return Place.SUPPLEMENT
    if page <= ABSTRACT_PAGES and _is_in_abstract(f"{before}\n{text[:start]}"):
        return Place.ABSTRACT
    line_start = text.rfind("\n", 0, start) + 1
    caption = _caption_before(text, line_start, end)
    if caption is not None:
        return caption
    line_end = text.find("\n", start)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    if is_row(line) and _TABLE.search(text):
        return Place.TABLE
    return Place.TEXT


def _is_in_abstract(before: str) -> bool:
    heads = list(_ABSTRACT.finditer(before))
    return bool(heads) and not _BODY.search(before, heads[-1].end())


def _caption_before(text: str, line_start: int, end: int) -> Place | None:
    """The kind of caption that the passage is part of, if it is."""
    lines = text[:end].count("\n", 0, line_start)
    for kind, pattern in ((Place.TABLE, _TABLE), (Place.FIGURE, _FIGURE)):
        for match in pattern.finditer(text, 0, end):
            between = text[match.start() : line_start]
            begins = text.count("\n", 0, match.start())
            is_open = not re.search(r"\.\s*\n", between)
            if lines - begins <= CAPTION_LINES and (match.start() >= line_start or is_open):
                if is_row(text[line_start:end]):
                    return Place.TABLE
                return kind
    return None
