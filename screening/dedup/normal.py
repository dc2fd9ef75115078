"""A record brought to the one form in which records are compared."""

import re
from typing import NamedTuple

from screening.dedup.identifiers import clean_arxiv, clean_doi, clean_pmid
from screening.dedup.locators import (
    Pages,
    clean_number,
    clean_pages,
    clean_year,
    digits_of,
)
from screening.dedup.names import Person, parse_people
from screening.dedup.records import DedupRecord
from screening.dedup.text import fold
from screening.dedup.titles import Title, read_title
from screening.dedup.venues import fold_venue, is_preprint_venue, is_registry

_PREPRINT_DOI = re.compile(
    r"^10\.(?:48550|1101/(?:\d{6}$|\d{4}\.\d\d)|21203|20944|2139/ssrn|26434|31234|31219|36227|22541"
    r"|31235|64898)"
)
_ABSTRACT_START = 300
_ISSUES_A_YEAR = 12
_MEETING = re.compile(r"proceeding|conference|meeting|poster|abstract")


class Normal(NamedTuple):
    """A record in comparable form; empty parts are "", None, or empty sets.

    Attributes:
        id: of the record.
        title: see `Title`.
        first: folded words of the first author's family name.
        people: the authors as read.
        families: folded words of all family names.
        year, venue, volume, issue, pages, doi, pmid, arxiv_id: cleaned.
        page, last_page: the numbers in the first and last page.
        abstract: folded beginning of the abstract.
        kinds: special kinds of document, from title, venue, type and identifiers.
    """

    id: str
    title: Title
    people: tuple[Person, ...]
    families: frozenset[str]
    year: int | None
    venue: str
    volume: str
    issue: str
    pages: Pages
    page: str
    last_page: str
    doi: str
    pmid: str
    arxiv_id: str
    abstract: str
    kinds: frozenset[str]


def normalise(record: DedupRecord) -> Normal:
    """Bring a record to comparable form.

    Args:
        record: as a source lists it.

    Returns:
        The comparable form; two spellings of one value become equal.

    Source:
        Own definition.
    """
    title = read_title(record.title)
    people = parse_people(record.authors)
    venue = fold_venue(record.venue)
    doi = clean_doi(record.doi)
    arxiv_id = clean_arxiv(record.arxiv_id) or (
        clean_arxiv(record.doi) if "arxiv" in record.doi.lower() else ""
    )
    kinds = title.kinds | _kinds(record, venue, doi)
    issue = clean_number(record.issue)
    pages = clean_pages(record.pages)
    return Normal(
        id=record.id,
        title=title,
        people=people,
        families=frozenset(word for person in people for word in person.family),
        year=clean_year(record.year),
        venue=venue,
        volume=clean_number(record.volume),
        issue=_issue(issue, kinds),
        pages=pages,
        page=digits_of(pages.first),
        last_page=digits_of(pages.last),
        doi=doi,
        pmid=clean_pmid(record.pmid),
        arxiv_id=arxiv_id,
        abstract=_abstract(record.abstract),
        kinds=kinds,
    )


def _issue(issue: str, kinds: frozenset[str]) -> str:
    """A living review has at most twelve issues a year; anything else counts something else."""
    return "" if "update" in kinds and int(issue or 0) > _ISSUES_A_YEAR else issue


def is_preprint_doi(doi: str) -> bool:
    """Tell whether a DOI is one of a preprint server.

    Args:
        doi: from `clean_doi`.

    Returns:
        True for arXiv, bioRxiv, medRxiv, SSRN, Research Square and their like.

    Source:
        The prefixes registered by these servers.
    """
    return bool(_PREPRINT_DOI.match(doi))


def _abstract(text: str) -> str:
    folded = fold(text[: 2 * _ABSTRACT_START])
    return "" if len(folded) < _ABSTRACT_START // 6 else folded[:_ABSTRACT_START]


def _kinds(record: DedupRecord, venue: str, doi: str) -> set[str]:
    kinds = set()
    kind = record.type.lower()
    only_arxiv = record.arxiv_id and not venue and not doi
    if is_preprint_venue(venue) or "preprint" in kind or is_preprint_doi(doi) or only_arxiv:
        kinds.add("preprint")
    if is_registry(venue) or "registr" in kind:
        kinds.add("registration")
    if _MEETING.search(kind):
        kinds.add("conference")
    if "cochrane database" in venue or record.pages.upper().startswith("CD0"):
        kinds.add("update")
    return kinds
