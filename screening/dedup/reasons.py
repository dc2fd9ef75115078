"""Why a pair was linked or is asked about, field by field and in plain words."""

from screening.dedup.evidence import Evidence
from screening.dedup.normal import Normal
from screening.dedup.records import Reason

_FIELDS = {"DOI": "doi", "PubMed id": "pmid", "arXiv id": "arxiv_id", "first page": "pages"}
_ALIKE = 0.995
_NEAR = 0.6
_MOST = 0.7


def reasons_of(one: Normal, two: Normal, found: Evidence) -> tuple[Reason, ...]:
    """Tell what speaks for one report and what against it.

    Args:
        one: the first record.
        two: the second record.
        found: their comparison.

    Returns:
        One reason per field that says something, identifiers first.

    Source:
        Own definition.
    """
    reasons = [
        *_identifier("DOI", one.doi, two.doi),
        *_identifier("PubMed id", one.pmid, two.pmid),
        *_identifier("arXiv id", one.arxiv_id, two.arxiv_id),
        *_title(found),
        *_authors(found),
        *_year(one, two),
        *_plain("venue", agrees=found.venue),
        *_values("volume", one.volume, two.volume, agrees=found.volume),
        *_values("first page", one.pages.first, two.pages.first, agrees=found.pages),
        *_plain("abstract", agrees=found.abstract),
    ]
    reasons.extend(
        Reason("type", agrees=False, text=f"Only one is marked as {kind}")
        for kind in sorted(found.kinds - {"update"})
    )
    if not found.numbers:
        reasons.append(Reason("title", agrees=False, text="Numbers in the titles differ"))
    return tuple(reasons)


def _identifier(name: str, one: str, two: str) -> list[Reason]:
    return _values(name, one, two, agrees=one == two) if one and two else []


def _values(name: str, one: str, two: str, *, agrees: bool | None) -> list[Reason]:
    if agrees is None:
        return []
    field = _FIELDS.get(name, name)
    if agrees:
        return [Reason(field, agrees=True, text=f"Same {name} {one}")]
    return [Reason(field, agrees=False, text=f"{name[0].upper()}{name[1:]} {one}, {two}")]


def _plain(name: str, *, agrees: bool | None) -> list[Reason]:
    if agrees is None:
        return []
    text = f"Same {name}" if agrees else f"{name.capitalize()} differs"
    return [Reason(name, agrees=agrees, text=text)]


def _title(found: Evidence) -> list[Reason]:
    if found.title is None:
        return [Reason("title", agrees=None, text="A title is missing")]
    if found.title >= _ALIKE:
        return [Reason("title", agrees=True, text="Same title")]
    text = f"Titles {found.title:.0%} alike"
    return [Reason("title", agrees=found.title >= _NEAR, text=text)]


def _authors(found: Evidence) -> list[Reason]:
    if found.first is None or found.authors is None:
        return [Reason("authors", agrees=None, text="No authors in one of the two")]
    if not found.first:
        return [Reason("authors", agrees=False, text="First authors differ")]
    if found.authors < _MOST:
        return [Reason("authors", agrees=False, text="Same first author, other names differ")]
    return [Reason("authors", agrees=True, text="Same authors")]


def _year(one: Normal, two: Normal) -> list[Reason]:
    if one.year is None or two.year is None:
        return []
    if one.year == two.year:
        return [Reason("year", agrees=True, text=f"Same year {one.year}")]
    return [Reason("year", agrees=False, text=f"Year {one.year}, {two.year}")]
