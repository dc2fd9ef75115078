"""Turns a stated basis or place into the columns that prove a value."""

import re

from extraction.models.values import Location

_URL = re.compile(r"https?://[^\s;,)]+")
_PLACES = (
    (Location.ABSTRACT, re.compile(r"\babstract\b", re.I)),
    (Location.FIGURE, re.compile(r"figure|panel|\bbars?\b", re.I)),
    (Location.TABLE, re.compile(r"\btables?\b|\bcolumns?\b|\brows?\b", re.I)),
    (Location.SUPPLEMENT, re.compile(r"supplement", re.I)),
)
_QUOTED_TITLE = re.compile(r"^title\b", re.I)


def place_of(words: str) -> str:
    """Where in a report the words point to; empty when they name no such place."""
    return next((place.value for place, pattern in _PLACES if pattern.search(words)), "")


def proof_of_basis(basis: str, title: str) -> dict[str, str]:
    """Evidence of a value of `studies.csv`.

    Args:
        basis: The cell of the `_basis` column, e.g. `title as cited; abstract https://...`.
        title: The study's title, which is the quote where the title is the basis.

    Returns:
        Columns of `ExtractedValue`: the basis in the note, the title as quote, place, address.
    """
    address = _URL.search(basis)
    return {
        "note": f"Basis: {basis}" if basis else "",
        "quote": title if _QUOTED_TITLE.match(basis) else "",
        "location": place_of(basis),
        "source_url": address.group() if address else "",
    }


def proof_of_result(row: dict[str, str]) -> dict[str, str]:
    """Evidence of a value of `results.csv`: quote or place, and the address of the source."""
    quoted = row["quote_or_location"]
    place = place_of(quoted)
    if row["read_method"] in {"digitised figure", "text inside a vector figure"}:
        place = Location.FIGURE.value
    elif row["read_method"] == "table image, read by eye":
        place = Location.TABLE.value
    return {
        "note": f"Row {row['result_id']} of the demo's results",
        "quote": quoted,
        "location": place or Location.OTHER.value,
        "source_url": row["source_url"],
    }
