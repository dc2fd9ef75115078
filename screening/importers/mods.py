"""MODS, the library of Congress's XML."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.xml_stream import Node, read_elements

_LIFE = re.compile(r"[\s,]*\[\d{4}-(?:\d{4})?\]$")
_POINTS = ("start", "", "end")
_DATES = ("dateIssued", "copyrightDate", "dateCreated", "dateCaptured", "dateOther")
_MAKERS = frozenset({"aut", "author", "creator", "cre", ""})


class ModsReader:
    """Reads `<mods>` elements."""

    name = "mods"
    label = "MODS"

    def confidence(self, head: Head) -> float:
        """Certain when the name space of MODS is declared."""
        return 0.97 if "http://www.loc.gov/mods" in head.text else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        return read_elements(source, frozenset({"mods"}), _fill)


def _fill(draft: Draft, node: Node) -> None:
    for rank, info in enumerate(node.all("titleInfo")):
        is_other = bool(info.attributes.get("type"))
        draft.add("title", _title(info), tag="titleInfo", rank=rank + 100 * is_other)
    for name in node.all("name"):
        _person(draft, name)
    draft.add("abstract", node.first("abstract"))
    for rank, date in enumerate(_DATES):
        for one in node.all(f"originInfo/{date}"):
            point = one.attributes.get("point", "")
            within = _POINTS.index(point) if point in _POINTS else 1
            draft.add("year", one.text, tag=date, rank=10 * rank + within)
    draft.keep("publisher", node.first("originInfo/publisher"))
    terms = (one.first("languageTerm") for one in node.all("language"))
    draft.add("language", "; ".join(dict.fromkeys(filter(None, terms))))
    draft.add("type", node.first("genre", "typeOfResource"))
    for topic in ("topic", "geographic", "temporal"):
        draft.keywords.extend(one.text for one in node.all(f"subject/{topic}") if one.text)
    for identifier in node.all("identifier"):
        kind = identifier.attributes.get("type", "identifier")
        draft.add("doi", identifier.text) if kind == "doi" else draft.keep(kind, identifier.text)
    for one in node.all("location/url"):
        draft.link(one.text, column="url")
    _host(draft, node)
    draft.keep("note", node.first("note"))


def _title(info: Node) -> str:
    title = " ".join(filter(None, (info.first("nonSort"), info.first("title"))))
    subtitle = info.first("subTitle")
    return f"{title.rstrip(' :')}: {subtitle}" if subtitle else title


def _person(draft: Draft, name: Node) -> None:
    parts: dict[str, list[str]] = {}
    for part in name.all("namePart"):
        parts.setdefault(part.attributes.get("type", ""), []).append(part.text)
    family, given = " ".join(parts.get("family", ())), " ".join(parts.get("given", ()))
    named = f"{family}, {given}" if family and given else family or ": ".join(parts.get("", ()))
    whole = _LIFE.sub("", named)
    roles = {role.text.lower() for role in name.all("role/roleTerm")}
    if whole and (not roles or roles & _MAKERS):
        draft.authors.append(whole)
    else:
        draft.keep("contributor", whole)


def _host(draft: Draft, node: Node) -> None:
    hosts = [one for one in node.all("relatedItem") if one.attributes.get("type") == "host"]
    for host in hosts[:1]:
        for info in host.all("titleInfo")[:1]:
            draft.add("venue", _title(info), tag="host")
        for detail in host.all("part/detail"):
            kind = detail.attributes.get("type", "")
            number = detail.first("number", "caption")
            if kind in {"volume", "issue"}:
                draft.add(kind, number, tag=kind)
        draft.add("start_page", host.first("part/extent/start"))
        draft.add("end_page", host.first("part/extent/end"))
        draft.add("year", host.first("part/date", "originInfo/dateIssued"), tag="date", rank=90)
