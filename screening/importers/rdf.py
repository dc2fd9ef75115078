"""RDF/XML of bibliographic works (Bibliographic Ontology, Dublin Core, schema.org)."""

from collections.abc import Iterator
from functools import partial

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.identifiers import find_doi
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, XmlRecord, read_elements, stream_records

_NO_WORKS = frozenset(
    {"Person", "Organization", "Agent", "Seq", "Journal", "Attachment", "Memo", "Collection"}
)
_TITLES = ("title", "name", "headline")


class RdfReader:
    """Reads the children of `rdf:RDF` that have a title and are no person or organisation."""

    name = "rdf"
    label = "RDF/XML"

    def confidence(self, head: Head) -> float:
        """Likely when the root is `rdf:RDF`."""
        return 0.9 if "<rdf:RDF" in head.text else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the works; people are looked up in what stands below them only."""
        del options  # the format names its fields itself
        fill = partial(_fill, people=_people(source))
        return read_elements(source, frozenset(), fill, is_record=_is_work)


def _is_work(node: Node) -> bool:
    return node.tag not in _NO_WORKS and bool(node.first(*_TITLES))


def _people(source: SourceFile) -> dict[str, str]:
    names = {}
    for found in stream_records(source, frozenset({"Person"})):
        if isinstance(found, XmlRecord):
            key = found.node.attributes.get("about") or found.node.attributes.get("nodeID", "")
            names[key] = _name(found.node)
    return names


def _name(node: Node) -> str:
    family = node.first("familyName", "surname")
    given = node.first("givenName", "givenname")
    return ", ".join(filter(None, (family, given))) or node.first("name")


def _fill(draft: Draft, node: Node, *, people: dict[str, str]) -> None:
    draft.add("type", node.tag)
    draft.add("title", node.first(*_TITLES))
    draft.add("abstract", node.first("abstract", "description"))
    draft.add("year", node.first("issued", "date", "datePublished"), tag="date")
    for one in node.all("language"):
        draft.add("language", one.text or one.attributes.get("resource", "").rpartition("/")[2])
    for person in node.all("creator") + node.all("author"):
        key = person.attributes.get("resource") or person.attributes.get("nodeID", "")
        name = people.get(key) or next(map(_name, person.children), "") or person.text
        draft.authors.extend([name] if name else [])
    words = node.all("subject") + node.all("keywords")
    draft.keywords.extend(one.text for one in words if one.text)
    for one in node.all("identifier") + node.all("doi") + node.all("id"):
        value = one.text or one.attributes.get("resource", "")
        draft.add("doi", value) if find_doi(value) else draft.keep(one.tag, value)
    about = node.attributes.get("about", "")
    draft.link(about if about.startswith("http") else "", column="url")
    for one in node.all("url") + node.all("codeRepository"):
        draft.link(one.attributes.get("resource", "") or one.text, column=one.tag)
    for child in node.children:
        if child.tag in {"publisher", "isPartOf", "isbn13", "isbn10", "version"}:
            draft.keep(child.tag, child.text)
