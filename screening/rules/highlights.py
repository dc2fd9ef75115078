"""Finds the words to highlight in a text: three lists, patterns and regular expressions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from screening.rules.patterns import bounded, is_expression


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `kind` is the list it was found on, or empty for plain text."""

    text: str
    kind: str = ""


def marked(text: str, terms: Iterable[tuple[str, str]]) -> list[Piece]:
    """Cut a text into plain and highlighted pieces.

    A pattern is found as whole words in any case. `*` stands for any letters within a word, `?`
    for one letter; a blank also finds a hyphen. A regular expression stands between slashes and
    is found wherever it fits; one that `patterns.bounded` refuses finds nothing. Where they
    overlap, the one that starts first wins, then the longer one.

    Args:
        text: Any text.
        terms: Pairs of list and pattern.

    Returns:
        Pieces that joined give the text again; none is empty.

    Source:
        DESIGN sections 3 and 8; own definition.
    """
    pattern, kinds = _compiled(tuple(sorted(set(terms), key=lambda term: (-len(term[1]), term))))
    if pattern is None:
        return [Piece(text)] if text else []
    pieces, end = [], 0
    for found in pattern.finditer(text):
        if found.end() == found.start():  # an expression that looks around may find nothing
            continue
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()]))
        pieces.append(Piece(found.group(), kinds[(found.lastgroup or "t0")]))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return pieces


def counted(pieces: Iterable[Piece]) -> dict[str, int]:
    """How many pieces stand on each list.

    Args:
        pieces: Pieces of one or several texts.

    Returns:
        Number of pieces per list; lists without a piece are left out.

    Source:
        Own definition.
    """
    counts: dict[str, int] = {}
    for piece in pieces:
        if piece.kind:
            counts[piece.kind] = counts.get(piece.kind, 0) + 1
    return counts


@lru_cache(maxsize=64)
def _compiled(terms: Sequence[tuple[str, str]]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    parts, kinds = [], {}
    for number, (kind, pattern) in enumerate(terms):
        words = _regular(pattern) if is_expression(pattern) else _expression(pattern)
        if words:
            name = f"t{number}"
            parts.append(f"(?P<{name}>{words})")
            kinds[name] = kind
    if not parts:
        return None, {}
    return re.compile("|".join(parts), re.IGNORECASE), kinds


def _regular(pattern: str) -> str:
    try:
        return f"(?:{bounded(pattern[1:-1])})"
    except ValueError:
        return ""


def _expression(pattern: str) -> str:
    """A pattern as a regular expression; bounded, so that no pattern can run away."""
    wild = {"*": r"\w{0,40}", "?": r"\w"}
    words = [
        "".join(wild.get(letter, re.escape(letter)) for letter in word)
        for word in pattern.split()
        if word.strip("*?")
    ]
    phrase = r"[\s-]{1,3}".join(words)
    return rf"(?<!\w){phrase}(?!\w)" if phrase else ""
