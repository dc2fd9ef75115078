"""JSON of Zotero, Crossref, OpenAlex, Semantic Scholar and CSL: one reader per dialect."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.json_shapes import list_of, object_of, objects_of, shown, text_of
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
                yield from self._filled(number, item.raw, item.value)

    def _filled(self, number: int, raw: str, value: Mapping[str, Any]) -> list[Item]:
        draft = Draft(number, raw=raw)
        try:
            self._fill(draft, value)
        except RecursionError:
            message = "Too many lists and objects stand inside each other; no export does that."
            return [Problem(number, message, raw[:1000], Severity.REJECTED)]
        return draft.items()


def _rest(draft: Draft, item: Mapping[str, Any], taken: frozenset[str]) -> None:
    for name, value in item.items():
        if name not in taken and value not in (None, "", [], {}):
            draft.keep(name, shown(value))


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
        draft.add("venue", text_of(data.get(name)), tag=name, rank=rank)
    for name, wanted in names.items():
        draft.add(wanted, text_of(data.get(name)), tag=name)
    for one in objects_of(draft, data, "creators"):
        name = _name(one, "lastName", "firstName") or text_of(one.get("name"))
        role = one.get("creatorType", "author")
        draft.authors.append(name) if role == "author" else draft.keep(str(role), name)
    draft.keywords.extend(text_of(one.get("tag")) for one in objects_of(draft, data, "tags"))
    draft.link(text_of(data.get("url")), column="url")
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
        draft.add(wanted, text_of(item.get(name)), tag=name, rank=rank)
    dates = ("issued", "published", "published-print", "published-online", "created")
    for rank, name in enumerate(dates):
        draft.add("year", _year(item.get(name)), tag=name, rank=rank)
    for one in objects_of(draft, item, "author"):
        name = _name(one, "family", "given")
        draft.authors.append(name or text_of(one.get("literal") or one.get("name")))
    words = "keyword" if item.get("keyword") else "subject"
    if isinstance(item.get(words), str):
        draft.keywords.extend(item[words].split(";"))
    else:
        draft.keywords.extend(map(shown, list_of(draft, item, words)))
    draft.link(text_of(item.get("URL")), column="url")
    taken = {*names, "author", "keyword", "subject", "URL", "issued", "published"}
    _rest(draft, item, frozenset(taken | {"reference", "indexed"}))


def _year(date: Any) -> str:
    if not isinstance(date, dict):
        return text_of(date)
    parts = text_of(date.get("date-parts"))
    return parts or text_of(date.get("raw") or date.get("literal"))


def _name(one: Mapping[str, Any], family: str, given: str) -> str:
    return ", ".join(filter(None, (text_of(one.get(family)), text_of(one.get(given)))))


def fill_openalex(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from a work of OpenAlex."""
    place = object_of(draft, item, "primary_location")
    venue = object_of(draft, place, "source")
    biblio = object_of(draft, item, "biblio")
    draft.add("title", text_of(item.get("title") or item.get("display_name")))
    draft.add("abstract", _inverted(object_of(draft, item, "abstract_inverted_index")))
    draft.add("year", text_of(item.get("publication_year")))
    draft.add("venue", text_of(venue.get("display_name")))
    for name, wanted in (
        ("volume", "volume"),
        ("issue", "issue"),
        ("first_page", "start_page"),
        ("last_page", "end_page"),
    ):
        draft.add(wanted, text_of(biblio.get(name)))
    draft.add("doi", text_of(item.get("doi")))
    draft.add("pmid", text_of(object_of(draft, item, "ids").get("pmid")).rpartition("/")[2])
    draft.add("language", text_of(item.get("language")))
    draft.add("type", text_of(item.get("type")))
    for one in objects_of(draft, item, "authorships"):
        draft.authors.append(text_of(object_of(draft, one, "author").get("display_name")))
    words = objects_of(draft, item, "keywords")
    draft.keywords.extend(text_of(one.get("display_name") or one.get("keyword")) for one in words)
    draft.link(text_of(place.get("landing_page_url")), column="url")
    draft.link(text_of(place.get("pdf_url")), column="pdf")
    for name in ("id", "publication_date", "cited_by_count", "is_retracted"):
        draft.keep(name, str(item.get(name) or ""))


def _inverted(index: Mapping[str, Any]) -> str:
    lists = {word: found for word, found in index.items() if isinstance(found, list)}
    places = [(at, word) for word, found in lists.items() for at in found if isinstance(at, int)]
    return " ".join(word for _, word in sorted(places))


def fill_semantic_scholar(draft: Draft, item: Mapping[str, Any]) -> None:
    """Fill a draft from a paper of Semantic Scholar."""
    ids = object_of(draft, item, "externalIds")
    journal = object_of(draft, item, "journal")
    for name in ("title", "abstract", "year"):
        draft.add(name, text_of(item.get(name)))
    draft.add("venue", text_of(item.get("venue") or journal.get("name")))
    draft.add("volume", text_of(journal.get("volume")))
    draft.add("pages", text_of(journal.get("pages")))
    draft.add("doi", text_of(ids.get("DOI")))
    draft.add("pmid", text_of(ids.get("PubMed")))
    draft.add("arxiv_id", text_of(ids.get("ArXiv")))
    draft.add("type", text_of(item.get("publicationTypes")))
    draft.authors.extend(text_of(one.get("name")) for one in objects_of(draft, item, "authors"))
    draft.link(text_of(item.get("url")), column="url")
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
