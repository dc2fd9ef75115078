"""Crossref's Unixref XML."""

from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, read_elements

#: The element that is the work itself, the most particular first, and its kind.
_WORKS = (
    ("journal/journal_article", "journal article"),
    ("conference/conference_paper", "conference paper"),
    ("book/content_item", "book chapter"),
    ("dissertation", "dissertation"),
    ("posted_content", "preprint"),
    ("peer_review", "peer review"),
    ("report-paper/report-paper_metadata", "report"),
    ("book/book_metadata", "book"),
    ("book/book_series_metadata", "book"),
    ("book/book_set_metadata", "book"),
    ("conference/proceedings_metadata", "proceedings"),
    ("journal/journal_metadata", "journal"),
    ("database/dataset", "data set"),
)
_DATES = ("publication_date", "posted_date", "approval_date", "review_date")
_ARTICLE_NUMBERS = frozenset({"article_number", "article-number"})
_VENUES = (
    "journal/journal_metadata/full_title",
    "conference/proceedings_metadata/proceedings_title",
    "book/book_metadata/titles/title",
    "book/book_series_metadata/titles/title",
    "posted_content/group_title",
)


class CrossrefXmlReader:
    """Reads `<doi_record>` elements."""

    name = "crossref_xml"
    label = "Crossref XML (Unixref)"

    def confidence(self, head: Head) -> float:
        """Certain when a DOI record begins."""
        return 0.97 if "<doi_record" in head.text else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        return read_elements(source, frozenset({"doi_record"}), _fill)


def _fill(draft: Draft, node: Node) -> None:
    for crossref in node.all("crossref")[:1]:
        _work(draft, crossref)


def _work(draft: Draft, crossref: Node) -> None:
    works = ((node, kind) for path, kind in _WORKS for node in crossref.all(path))
    work, kind = next(works, (crossref, ""))
    draft.add("type", kind)
    draft.add("title", _title(work))
    for one in work.all("contributors/person_name") + work.all("person_name"):
        role = one.attributes.get("contributor_role", "author")
        name = ", ".join(filter(None, (one.first("surname"), one.first("given_name"))))
        draft.authors.append(name) if role == "author" else draft.keep(role, name)
    for one in work.all("contributors/organization"):
        draft.authors.append(one.text)
    draft.add("abstract", work.first("abstract"))
    for rank, date in enumerate(_in_print_first(work)):
        draft.add("year", date.first("year"), tag=date.tag, rank=rank)
    issue_dates = crossref.all("journal/journal_issue/publication_date")
    for one in issue_dates:
        draft.add("year", one.first("year"), tag="journal_issue", rank=90)
    draft.add("volume", crossref.first("journal/journal_issue/journal_volume/volume"))
    draft.add("issue", crossref.first("journal/journal_issue/issue"))
    draft.add("start_page", work.first("pages/first_page"))
    draft.add("end_page", work.first("pages/last_page"))
    for number in work.all("publisher_item/item_number"):
        if number.attributes.get("item_number_type") in _ARTICLE_NUMBERS:
            draft.add("pages", number.text, tag="item_number", rank=1)
    draft.add("doi", work.first("doi_data/doi"))
    draft.link(work.first("doi_data/resource"), column="url")
    draft.add("language", work.attributes.get("language") or _language(crossref))
    venue = crossref.first(*_VENUES)
    if venue != draft.value("title"):
        draft.add("venue", venue)


def _in_print_first(work: Node) -> list[Node]:
    dates = [date for name in _DATES for date in work.all(name)]
    return sorted(dates, key=lambda date: date.attributes.get("media_type") != "print")


def _language(crossref: Node) -> str:
    metadata = ("journal/journal_metadata", "book/book_metadata", "conference/proceedings_metadata")
    found = (
        node.attributes.get("language", "") for path in metadata for node in crossref.all(path)
    )
    return next(filter(None, found), "")


def _title(work: Node) -> str:
    title = work.first("titles/title", "full_title", "proceedings_title", "title")
    subtitle = work.first("titles/subtitle")
    return f"{title.rstrip(' :')}: {subtitle}" if title and subtitle else title
