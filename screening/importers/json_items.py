"""JSON of Zotero, Crossref, OpenAlex, Semantic Scholar and CSL: one reader per dialect."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.json_stream import stream_items
from screening.importers.parsed import Item, Problem, Severity
from screening.importers.reader import ReadOptions

Fill = Callable[[Draft, Mapping[str, Any]], None]


class JsonReader:
    """Reads one dialect: recognised by a sign in the file, filled by a function."""

    def __init__(self, name: str, label: str, signs: tuple[str, ...], fill: Fill) -> None:
        """Name the dialect; every one of its signs must stand in the head of the file."""
        self.name = name
        self.label = label
        self._signs = signs
        self._fill = fill

    def confidence(self, head: Head) -> float:
        """Certain when the file is JSON and all signs are there."""
        if head.text.lstrip("\ufeff \t\r\n")[:1] not in {"{", "["}:
            return 0.0
        return 0.95 if all(sign in head.text for sign in self._signs) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the items; see `Reader.read`. The position is the item's number."""
        del options  # the format names its fields itself
        for number, item in enumerate(stream_items(source), 1):
            if isinstance(item, Problem):
                yield item
            elif not isinstance(item.value, dict):
                raw = item.raw[:1000]
                yield Problem(number, "The item is no object.", raw, Severity.REJECTED)
            else:
                draft = Draft(number, raw=item.raw)
                self._fill(draft, item.value)
                yield from draft.items()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return "" if value is None or isinstance(value, dict | bool) else str(value)


def _rest(draft: Draft, item: Mapping[str, Any], taken: frozenset[str]) -> None:
    for name, value in item.items():
        if name not in taken and value not in (None, "", [], {}):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            draft.keep(name, shown)


def fill_zotero(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from an item of Zotero's API or export."""
    data = item.get("data") if isinstance(item.get("data"), dict) else item
    assert isinstance(data, Mapping)  # noqa: S101 - both branches are; a guard for mypy
    names = {
        "title": "title",
        "abstractNote": "abstract",
        "date": "year",
        "publicationTitle": "venue",
        "volume": "volume",
        "issue": "issue",
        "pages": "pages",
        "DOI": "doi",
        "language": "language",
        "itemType": "type",
    }
    for rank, name in enumerate(("bookTitle", "proceedingsTitle", "conferenceName"), 1):
        draft.add("venue", _text(data.get(name)), tag=name, rank=rank)
    for name, wanted in names.items():
        draft.add(wanted, _text(data.get(name)), tag=name)
    for one in data.get("creators") or []:
        name = ", ".join(filter(None, (one.get("lastName"), one.get("firstName"))))
        name = name or str(one.get("name") or "")
        role = one.get("creatorType", "author")
        draft.authors.append(name) if role == "author" else draft.keep(str(role), name)
    draft.keywords.extend(str(one.get("tag")) for one in data.get("tags") or [])
    draft.link(_text(data.get("url")), column="url")
    taken = {*names, "creators", "tags", "url", "bookTitle", "proceedingsTitle", "conferenceName"}
    _rest(draft, data, frozenset(taken))


def fill_csl(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from CSL-JSON or from a work of Crossref's API (whose titles are lists)."""
    names = {
        "title": "title",
        "abstract": "abstract",
        "container-title": "venue",
        "volume": "volume",
        "issue": "issue",
        "page": "pages",
        "article-number": "pages",
        "DOI": "doi",
        "PMID": "pmid",
        "language": "language",
        "type": "type",
    }
    for rank, (name, wanted) in enumerate(names.items()):
        draft.add(wanted, _text(item.get(name)), tag=name, rank=rank)
    dates = ("issued", "published", "published-print", "published-online", "created")
    for rank, name in enumerate(dates):
        draft.add("year", _year(item.get(name)), tag=name, rank=rank)
    for one in item.get("author") or []:
        name = ", ".join(filter(None, (one.get("family"), one.get("given"))))
        draft.authors.append(name or str(one.get("literal") or one.get("name") or ""))
    words = item.get("keyword") or item.get("subject") or []
    draft.keywords.extend(words.split(";") if isinstance(words, str) else map(str, words))
    draft.link(_text(item.get("URL")), column="url")
    taken = {*names, "author", "keyword", "subject", "URL", "issued", "published"}
    _rest(draft, item, frozenset(taken | {"reference", "indexed"}))


def _year(date: Any) -> str:
    if not isinstance(date, dict):
        return _text(date)
    parts = date.get("date-parts") or [[""]]
    return _text(parts[0]) or _text(date.get("raw") or date.get("literal"))


def fill_openalex(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from a work of OpenAlex."""
    place = item.get("primary_location") or {}
    venue = place.get("source") or {}
    biblio = item.get("biblio") or {}
    draft.add("title", _text(item.get("title") or item.get("display_name")))
    draft.add("abstract", _inverted(item.get("abstract_inverted_index") or {}))
    draft.add("year", _text(item.get("publication_year")))
    draft.add("venue", _text(venue.get("display_name")))
    for name, wanted in (
        ("volume", "volume"),
        ("issue", "issue"),
        ("first_page", "start_page"),
        ("last_page", "end_page"),
    ):
        draft.add(wanted, _text(biblio.get(name)))
    draft.add("doi", _text(item.get("doi")))
    draft.add("pmid", _text((item.get("ids") or {}).get("pmid")).rpartition("/")[2])
    draft.add("language", _text(item.get("language")))
    draft.add("type", _text(item.get("type")))
    for one in item.get("authorships") or []:
        draft.authors.append(_text((one.get("author") or {}).get("display_name")))
    words = item.get("keywords") or []
    draft.keywords.extend(_text(one.get("display_name") or one.get("keyword")) for one in words)
    draft.link(_text(place.get("landing_page_url")), column="url")
    draft.link(_text(place.get("pdf_url")), column="pdf")
    for name in ("id", "publication_date", "cited_by_count", "is_retracted"):
        draft.keep(name, str(item.get(name) or ""))


def _inverted(index: Mapping[str, list[int]]) -> str:
    places = [(at, word) for word, found in index.items() for at in found]
    return " ".join(word for _, word in sorted(places))


def fill_semantic_scholar(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from a paper of Semantic Scholar."""
    ids = item.get("externalIds") or {}
    journal = item.get("journal") or {}
    for name in ("title", "abstract", "year"):
        draft.add(name, _text(item.get(name)))
    draft.add("venue", _text(item.get("venue") or journal.get("name")))
    draft.add("volume", _text(journal.get("volume")))
    draft.add("pages", _text(journal.get("pages")))
    draft.add("doi", _text(ids.get("DOI")))
    draft.add("pmid", _text(ids.get("PubMed")))
    draft.add("arxiv_id", _text(ids.get("ArXiv")))
    draft.add("type", _text(item.get("publicationTypes")))
    draft.authors.extend(_text(one.get("name")) for one in item.get("authors") or [])
    draft.link(_text(item.get("url")), column="url")
    taken = {"title", "abstract", "year", "venue", "journal", "externalIds", "authors", "url"}
    _rest(draft, item, frozenset(taken))


ZOTERO = JsonReader("zotero_json", "Zotero JSON", ('"itemType"',), fill_zotero)
OPENALEX = JsonReader("openalex_json", "OpenAlex JSON", ("https://openalex.org/W",), fill_openalex)
CROSSREF = JsonReader("crossref_json", "Crossref JSON", ('"message-type"',), fill_csl)
SEMANTIC_SCHOLAR = JsonReader(
    "semantic_scholar_json",
    "Semantic Scholar JSON",
    ('"paperId"', '"title"'),
    fill_semantic_scholar,
)
CSL = JsonReader("csl_json", "CSL-JSON", ('"title"', '"type"'), fill_csl)
