"""Where a value was read, out of the words of a sheet."""

import re

PLACES = ("abstract", "text", "table", "figure", "supplement", "other")
_URL = re.compile(r"https?://[^\s;,)]+")
_FINDS = (
    ("abstract", re.compile(r"\babstract\b", re.I)),
    ("figure", re.compile(r"figure|panel|\bbars?\b|\bfig\.", re.I)),
    ("table", re.compile(r"\btables?\b|\bcolumns?\b|\brows?\b", re.I)),
    ("supplement", re.compile(r"supplement", re.I)),
)
_TITLE = re.compile(r"^title\b", re.I)


def place_of(words: str) -> str:
    """Where in a report the words point to.

    Args:
        words: E.g. `Table 2, column NCC`.

    Returns:
        abstract, figure, table or supplement; empty when they name no such place.
    """
    return next((place for place, pattern in _FINDS if pattern.search(words)), "")


def evidence_of_basis(basis: str, title: str) -> dict[str, str]:
    """Take the words that say where a value was read apart.

    Args:
        basis: E.g. `title as cited; abstract https://...`.
        title: The study's title, which is the quote where the title is the basis.

    Returns:
        The words as note, the title as quote, place and address; empty where nothing is said.
    """
    found = _URL.search(basis)
    return {
        "note": f"Basis: {basis}" if basis else "",
        "quote": title if _TITLE.match(basis) else "",
        "location": place_of(basis),
        "source_url": found.group() if found else "",
    }
