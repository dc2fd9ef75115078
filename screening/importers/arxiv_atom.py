"""arXiv's Atom feed."""

from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, read_elements


class ArxivAtomReader:
    """Reads the answer of arXiv's API; an answer without a hit holds no record."""

    name = "arxiv_atom"
    label = "arXiv (Atom)"

    def confidence(self, head: Head) -> float:
        """Certain for an Atom feed of arXiv."""
        is_feed = "<feed" in head.text and "http://www.w3.org/2005/Atom" in head.text
        return 0.97 if is_feed and "arxiv.org" in head.text else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the entries; see `Reader.read`."""
        del options  # the format names its fields itself
        return read_elements(source, frozenset({"entry"}), _fill)


def _fill(draft: Draft, node: Node) -> None:
    draft.add("title", node.first("title"))
    draft.add("abstract", node.first("summary"))
    draft.add("year", node.first("published"), tag="published")
    draft.keep("updated", node.first("updated"))
    draft.add("doi", node.first("doi"))
    draft.add("venue", node.first("journal_ref"), tag="journal_ref")
    draft.add("type", "preprint")
    draft.link(node.first("id"), column="url")
    for link in node.all("link"):
        is_pdf = link.attributes.get("title") == "pdf"
        draft.link(link.attributes.get("href", ""), column="pdf" if is_pdf else "url")
    draft.authors.extend(one.text for one in node.all("author/name") if one.text)
    for one in node.all("category"):
        draft.keywords.append(one.attributes.get("term", ""))
    draft.keep("comment", node.first("comment"))
