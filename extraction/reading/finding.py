"""Where words stand in a page, and where a quote stands in a report that may have changed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from extraction.reading.folding import fold, fold_text, squeeze, squeezed_text

MIN_FUZZY = 24  # letters and digits; a shorter quote is found exactly or not at all
MIN_SCORE = 90.0
_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage: its page, its bounds in the page's text, and how alike it is (0 to 100)."""

    page: int
    start: int
    end: int
    score: float


def find_words(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Every place of some words in a text, across line ends, hyphens and ligatures.

    Args:
        words: What is searched; blanks and hyphens stand for each other, case does not matter.
        text: The text of a page.

    Yields:
        Bounds in the text, in its order, not overlapping.

    Source:
        Own definition.
    """
    wanted = fold_text(words).strip()
    if not wanted:
        return
    pattern = re.compile(_pattern(wanted))
    if not pattern.search(fold_text(text)):
        return
    folded = fold(text)
    for match in pattern.finditer(folded.text):
        yield folded.span(*match.span())


def find_quote(quote: str, pages: Mapping[int, str], near: int = 1) -> Found | None:
    """Find a quote again, whatever became of its spacing, hyphens, ligatures and page.

    A passage that is only alike is taken when it is long enough and has the same numbers in the
    same order: a changed number is another statement.

    Args:
        quote: The words as quoted.
        pages: Text by page number, from 1.
        near: The page on which it stood; the nearest exact match is taken.

    Returns:
        The passage, or None where the report does not have it.

    Source:
        Own definition; likeness is the partial ratio of rapidfuzz (Indel distance).
    """
    wanted = squeezed_text(quote)
    if not wanted:
        return None
    order = sorted(pages, key=lambda number: (abs(number - near), number))
    squeezed = {number: squeezed_text(pages[number]) for number in order}
    for number in order:
        for start in _starts(wanted, squeezed[number]):
            found = _passage(number, pages[number], (start, start + len(wanted)), 100.0)
            if _has_same_numbers(quote, pages[number], found):
                return found
    return _alike(quote, wanted, pages, squeezed)


def _alike(
    quote: str, wanted: str, pages: Mapping[int, str], squeezed: Mapping[int, str]
) -> Found | None:
    if len(wanted) < MIN_FUZZY:
        return None
    best: Found | None = None
    for number, text in squeezed.items():
        if len(text) < len(wanted) / 2:
            continue
        match = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=MIN_SCORE)
        if match is None or (best and match.score <= best.score):
            continue
        if match.dest_end - match.dest_start < len(wanted) * MIN_SCORE / 100:
            continue
        bounds = (match.dest_start, match.dest_end)
        found = _passage(number, pages[number], bounds, match.score)
        if _has_same_numbers(quote, pages[number], found):
            best = found
    return best


def _pattern(wanted: str) -> str:
    parts = []
    for at, letter in enumerate(wanted):
        if letter == " ":
            parts.append("[ -]+")
        elif letter == "-":
            parts.append("[ -]*")
        else:
            parts.append(re.escape(letter))
            if letter.isalpha() and wanted[at + 1 : at + 2].isalpha():
                parts.append("(?:- )?")  # a hyphen at a line's end that the file does not mark
    return "".join(parts)


def _starts(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _passage(page: int, text: str, squeezed: tuple[int, int], score: float) -> Found:
    """The whole words that some letters of the squeezed text belong to."""
    start, end = squeeze(fold(text)).span(*squeezed)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Found(page, start, end, score)


def _has_same_numbers(quote: str, text: str, found: Found) -> bool:
    passage = text[found.start : found.end]
    return _NUMBER.findall(fold_text(quote)) == _NUMBER.findall(fold_text(passage))
