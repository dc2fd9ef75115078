"""Sentences of a page: what can be quoted as one; a row of a table stands for itself."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|approx|resp|fig|figs|tab|eq|eqs|ref|refs|sec|no|nos|dr|prof"
    r"|st|ca|incl|suppl|vol|pp|p)|\b[A-Z])\.$",
    re.I,
)
_NUMERIC = re.compile(r"^[(\[<>=±~≈]*[-−+]?\d[\d.,]*(?:[–-]\d[\d.,]*)?[%)\],;*†‡]*$")
_HEADING = re.compile(r"^(?:\d+(?:\.\d+)*\.?\s+)?[A-Z][A-Za-z ]{2,40}$|^(?:table|fig)", re.I)
_SENTENCE_END = re.compile(r"[a-z]\.\s*$")
MAX_SENTENCE = 700
_ROW_NUMBERS = 2
_ROW_SHARE = 0.34


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences of a page.

    Args:
        text: A page with its line ends.

    Yields:
        Start and end in the text, in order, without blanks around them. Rows of tables and
        headings are sentences of their own; one longer than `MAX_SENTENCE` is cut at a line end.

    Source:
        Own definition.
    """
    start = 0
    for at, line in _lines(text):
        if _stands_alone(line):
            yield from _split(text, start, at)
            yield from _trimmed(text, at, at + len(line))
            start = at + len(line)
        elif at - start > MAX_SENTENCE:
            yield from _split(text, start, at)
            start = at
    yield from _split(text, start, len(text))


def is_row(line: str) -> bool:
    """Whether a line looks like a row of a table: several numbers, and few words beside them.

    Source:
        Own definition.
    """
    parts = line.split()
    if _SENTENCE_END.search(line):
        return False
    numbers = sum(bool(_NUMERIC.match(part)) for part in parts)
    return numbers >= _ROW_NUMBERS and numbers >= _ROW_SHARE * len(parts)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)


def _stands_alone(line: str) -> bool:
    return is_row(line) or bool(_is_heading(line.strip()))


def _is_heading(line: str) -> bool:
    titled = line.istitle() or line.isupper() or line[:1].isdigit() or len(line.split()) == 1
    return bool(_HEADING.match(line)) and titled and not line.endswith((".", ","))


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if _ABBREVIATION.search(text, begin, match.end()):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
