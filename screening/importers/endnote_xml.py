"""EndNote's XML, also as Bookends and Zotero write it."""

from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, read_elements

_SCALARS = (
    ("title", "titles/title", 0),
    ("abstract", "abstract", 0),
    ("year", "dates/year", 0),
    ("year", "dates/pub-dates/date", 1),
    ("venue", "periodical/full-title", 0),
    ("venue", "titles/secondary-title", 1),
    ("venue", "periodical/abbr-1", 2),
    ("volume", "volume", 0),
    ("issue", "number", 0),
    ("issue", "issue", 1),
    ("pages", "pages", 0),
    ("doi", "electronic-resource-num", 0),
    ("language", "language", 0),
)
_TAKEN = frozenset(
    {"titles", "abstract", "dates", "periodical", "volume", "number", "issue", "pages"}
    | {"electronic-resource-num", "language", "contributors", "keywords", "urls", "ref-type"}
    | {"database", "source-app", "rec-number", "foreign-keys"}
)


class EndnoteXmlReader:
    """Reads `<record>` elements of EndNote's export."""

    name = "endnote_xml"
    label = "EndNote XML"

    def confidence(self, head: Head) -> float:
        """Certain when records with a reference type begin."""
        text = head.text
        if "<record" not in text:
            return 0.0
        return 0.97 if "<ref-type" in text or "<contributors" in text else 0.3

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        return read_elements(source, frozenset({"record"}), _fill)


def _fill(draft: Draft, node: Node) -> None:
    for name, path, rank in _SCALARS:
        for one in node.all(path):
            draft.add(name, one.text, tag=path, rank=rank)
    for kind in node.all("ref-type"):
        draft.add("type", kind.attributes.get("name", "") or kind.text)
    draft.authors.extend(one.text for one in node.all("contributors/authors/author") if one.text)
    for role in ("secondary-authors", "tertiary-authors", "subsidiary-authors"):
        for one in node.all(f"contributors/{role}/author"):
            draft.keep(role, one.text)
    draft.keywords.extend(one.text for one in node.all("keywords/keyword") if one.text)
    for group, column in (("related-urls", "url"), ("web-urls", "url"), ("pdf-urls", "pdf")):
        for one in node.all(f"urls/{group}/url"):
            draft.link(one.text, column=column)
    _rest(draft, node)


def _rest(draft: Draft, node: Node) -> None:
    for child in node.children:
        if child.tag not in _TAKEN:
            draft.keep(child.tag, child.text)
    for title in ("tertiary-title", "alt-title", "short-title"):
        draft.keep(title, node.first(f"titles/{title}"))
