"""Which column holds what: the headers of known exports, and a guess for any other table."""

import re
from collections.abc import Sequence

from screening.importers.draft import FIELDS

_SQUEEZE = re.compile(r"[^\w]+|_+")

#: field -> headers in falling order of trust (lower case, punctuation squeezed to one blank).
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": (
        "title",
        "document title",
        "article title",
        "paper title",
        "item title",
        "primary title",
        "title primary",
        "publication title and subtitle",
        "ti",
        "t1",
        "titel",
        "titre",
        "título",
        "titulo",
        "paper name",
        "name of paper",
        "study title",
        "record title",
        "reference title",
    ),
    "abstract": (
        "abstract",
        "abstract note",
        "abstracts",
        "ab",
        "n2",
        "summary",
        "zusammenfassung",
        "résumé",
        "resumen",
    ),
    "authors": (
        "authors",
        "author",
        "author names",
        "author s",
        "author full names",
        "authors primary",
        "first authors",
        "au",
        "a1",
        "author list",
        "creators",
        "autoren",
        "auteurs",
        "autores",
        "first author",
    ),
    "year": (
        "year",
        "publication year",
        "pub year",
        "py",
        "y1",
        "published year",
        "year published",
        "pubyear",
        "date",
        "publication date",
        "date published",
        "issue date",
        "jahr",
        "año",
        "année",
        "da",
    ),
    "venue": (
        "source title",
        "journal",
        "journal book",
        "publication title",
        "venue",
        "journal conference",
        "journal title",
        "periodical full",
        "secondary title",
        "container title",
        "jf",
        "jo",
        "t2",
        "so",
        "source",
        "publication",
        "published in",
        "conference",
        "journal name",
        "zeitschrift",
        "revista",
        "book title",
    ),
    "volume": ("volume", "vl", "vol", "volume number", "journal volume"),
    "issue": ("issue", "is", "issue number", "journal issue", "number", "no"),
    "pages": ("pages", "page", "pg", "page range", "pagination", "art no"),
    "start_page": ("start page", "page start", "sp", "bp", "first page", "beginning page"),
    "end_page": ("end page", "page end", "ep", "last page", "ending page", "other pages"),
    "doi": (
        "doi",
        "doi link",
        "do",
        "di",
        "digital object identifier",
        "article doi",
        "doi in url",
        "item doi",
    ),
    "pmid": ("pmid", "pubmed id", "pm", "pubmed", "medline pmid"),
    "arxiv_id": ("arxiv id", "arxiv", "eprint", "arxivid"),
    "url": (
        "url",
        "link",
        "urls",
        "ur",
        "links",
        "fulltext url",
        "full text url",
        "pdf link",
        "external url",
        "source linkout",
    ),
    "url_preprint": ("url preprint", "preprint", "preprint url"),
    "url_official": ("url official", "official", "official url", "publisher url"),
    "url_code": ("url code", "code", "code link", "code url", "github"),
    "keywords": (
        "keywords",
        "author keywords",
        "keyword s",
        "keyword",
        "kw",
        "de",
        "tags",
        "manual tags",
        "mesh terms",
        "subject",
    ),
    "language": ("language", "language s", "la", "languages", "language of original document"),
    "type": (
        "document type",
        "type of reference",
        "reference type",
        "publication type",
        "content type",
        "type",
        "item type",
        "ty",
        "pt",
        "dt",
    ),
}


def squeeze(header: str) -> str:
    """Bring a header to lower case words.

    Args:
        header: As written, e.g. "Author(s)_ID".

    Returns:
        e.g. "author s id".

    Source: own definition.
    """
    return _SQUEEZE.sub(" ", header.strip().lower()).strip()


def guess_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Guess which column holds which field.

    Args:
        headers: The header row as written.

    Returns:
        header -> field (one of `FIELDS`); headers not named stay extra. Each field at most once,
        keywords and url several times.

    Source: own definition, from the headers of Scopus, Web of Science, PubMed, Embase, IEEE,
    Springer, Dimensions, Lens, Zotero, Covidence, Rayyan, ASReview, RefWorks, BVS and SciELO.
    """
    squeezed = {squeeze(header): header for header in reversed(headers) if header.strip()}
    mapping: dict[str, str] = {}
    for name in FIELDS:
        for word in _SYNONYMS[name]:
            header = squeezed.get(word)
            if header is None or header in mapping:
                continue
            mapping[header] = name
            if name not in {"keywords", "url"}:
                break
    return mapping


def looks_like_header(cells: Sequence[str]) -> bool:
    """Say whether a row names at least a title column, or two known fields.

    Args:
        cells: A row.

    Returns:
        True when it reads as a header row.

    Source: own definition.
    """
    found = set(guess_mapping(cells).values())
    return "title" in found or len(found) > 1
