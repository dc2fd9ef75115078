"""Whether what was found by an identifier is the report it was asked for."""

import re
import unicodedata

from rapidfuzz.fuzz import token_set_ratio

from screening.importers.parsed import ParsedRecord

_ALIKE = 80.0
_WORD = re.compile(r"\w+")
_NEAR_YEARS = 1


def contradiction(title: str, authors: list[str], year: int | None, found: ParsedRecord) -> str:
    """Say why a found record cannot be the one asked for; identifiers are mistyped at times.

    Args:
        title: Title as listed; "" says nothing.
        authors: Names as listed.
        year: Year as listed, if any.
        found: What the service gave for the identifier.

    Returns:
        A sentence; "" when nothing speaks against it: titles alike, or (translated titles) the
        same first author within a year.

    Source: own definition.
    """
    ours, theirs = _folded(title), _folded(found.title)
    if not ours or not theirs or token_set_ratio(ours, theirs) >= _ALIKE:
        return ""
    is_near = year is not None and found.year is not None and abs(year - found.year) <= _NEAR_YEARS
    first = _family(authors)
    if is_near and first and first == _family(list(found.authors)):
        return ""
    return f"the identifier leads to another title there: “{found.title[:120]}”"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(_WORD.findall(plain or text.lower()))


def _family(authors: list[str]) -> str:
    if not authors:
        return ""
    family, comma, _ = authors[0].partition(",")
    return _folded(family if comma else family.split()[-1] if family.split() else "")
