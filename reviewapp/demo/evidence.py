"""Turns a stated basis or place into the columns that prove a value."""

from extraction.models.values import Location
from extraction.sheets.evidence import evidence_of_basis, place_of


def proof_of_basis(basis: str, title: str) -> dict[str, str]:
    """Evidence of a value of `studies.csv`: note, quote, place and address, maybe empty.

    Args:
        basis: The cell of the `_basis` column, e.g. `title as cited; abstract https://...`.
        title: The study's title, which is the quote where the title is the basis.
    """
    return evidence_of_basis(basis, title)


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
