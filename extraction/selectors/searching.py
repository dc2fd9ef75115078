"""Searching a report: every place of some words, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.reading.finding import find_words
from screening.models import FullText

MAX_FINDINGS = 500
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of the searched words, with the words around it.

    Attributes:
        number: Counted through the report, from 1.
        page: Its page.
        nth: Counted on its page, from 0.
    """

    number: int
    page: int
    nth: int
    before: str
    words: str
    after: str


def page_texts(full_text: FullText, last: int | None = None) -> dict[int, str]:
    """Text by page number, of all pages or those up to `last`."""
    pages = full_text.pages.order_by("number")
    if last is not None:
        pages = pages.filter(number__lte=last)
    return dict(pages.values_list("number", "text"))


def find_in_report(full_text: FullText, words: str) -> list[Finding]:
    """Every place of some words in a report, `MAX_FINDINGS` at most.

    Line ends, hyphens, ligatures and case do not matter.
    """
    found: list[Finding] = []
    for page, nth, text, (start, end) in _places(full_text, words):
        before = " ".join(text[max(0, start - _AROUND) : start].split())
        after = " ".join(text[end : end + _AROUND].split())
        shown = " ".join(text[start:end].split())
        found.append(Finding(len(found) + 1, page, nth, before, shown, after))
        if len(found) == MAX_FINDINGS:
            break
    return found


def _places(full_text: FullText, words: str) -> Iterator[tuple[int, int, str, tuple[int, int]]]:
    for page, text in page_texts(full_text).items():
        for nth, bounds in enumerate(find_words(words, text)):
            yield page, nth, text, bounds
