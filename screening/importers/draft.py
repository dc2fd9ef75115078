"""A record in the making: tags become fields by rank, what fits no field is kept as extra."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from screening.importers.identifiers import find_arxiv, find_doi, find_pmid
from screening.importers.links import make_link
from screening.importers.parsed import Item, Link, ParsedRecord, Problem

_BARE_YEAR = re.compile(r"1[4-9]\d\d|20\d\d|21\d\d")
_YEAR = re.compile(rf"(?<!\d)({_BARE_YEAR.pattern})(?!\d)")
_NO_VALUE = frozenset({"", "n/a", "na", "none", "null", "nan", "-", "–", "—", "[]"})
_LONGEST_NOTHING = max(map(len, _NO_VALUE))
#: Every field a column or tag can be mapped to.
FIELDS = (
    "title",
    "abstract",
    "authors",
    "year",
    "venue",
    "volume",
    "issue",
    "pages",
    "start_page",
    "end_page",
    "doi",
    "pmid",
    "arxiv_id",
    "url",
    "url_preprint",
    "url_official",
    "url_code",
    "keywords",
    "language",
    "type",
)


#: (rank, order, tag, value) offered for a field; the smallest is taken.
_Candidate = tuple[int, int, str, str]


@dataclass(slots=True)
class Draft:
    """Collects the values of one record; `finish` settles which value each field takes.

    A field takes the candidate of the lowest rank, then the first; all others stay in `extra`
    under their own tag. Lists (authors, keywords, links) take every value.
    """

    position: int
    raw: str = ""
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    extra: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _found: dict[str, list[_Candidate]] = field(default_factory=dict)
    _order: int = 0

    def add(self, name: str, value: str, tag: str = "", rank: int = 0) -> None:
        """Offer a value for a scalar field (title, year, doi, pages, ...)."""
        value = value.strip()
        if len(value) <= _LONGEST_NOTHING and value.lower() in _NO_VALUE:
            return
        self._order += 1
        candidate = (rank, self._order, tag or name, value)
        if name in self._found:
            self._found[name].append(candidate)
        else:
            self._found[name] = [candidate]

    def keep(self, tag: str, value: str) -> None:
        """Keep a value that belongs to no field."""
        value = value.strip()
        if not value:
            return
        if tag in self.extra:
            self.extra[tag].append(value)
        else:
            self.extra[tag or "untagged"] = [*self.extra.get(tag or "untagged", ()), value]

    def link(self, raw: str, *, label: str = "", column: str = "") -> None:
        """Add a link, unless the same address is there already."""
        if raw.strip():
            link = make_link(raw.strip(), label=label, column=column)
            if all(link.url != known.url for known in self.links):
                self.links.append(link)

    def warn(self, message: str, raw: str = "") -> None:
        """Note a problem that does not cost the record."""
        self.problems.append(Problem(self.position, message, raw[:1000]))

    def value(self, name: str) -> str:
        """Return the best value of a field so far, or ""."""
        found = self._found.get(name)
        return min(found)[3] if found else ""

    def extend_title(self, value: str) -> None:
        """Add a further line to the title found so far; a colon parts them where no sign does."""
        rank, order, tag, title = self._found["title"][-1]
        mark = "" if title.endswith((".", ":", "?", "!")) else ":"
        self._found["title"][-1] = (rank, order, tag, f"{title}{mark} {value}")

    def items(self) -> list[Item]:
        """Settle the fields: the problems met on the way, then the record."""
        record = self.finish()
        return [*self.problems, record]

    def finish(self) -> ParsedRecord:
        """Settle the fields; the problems met on the way are in `problems` afterwards."""
        doi, pmid = self._doi(), self._identifier("pmid", _bare_pmid) or self._linked(find_pmid)
        arxiv_id, year = self._arxiv_id(doi), self._year()
        chosen = {name: self._best(candidates) for name, candidates in self._found.items()}
        value = chosen.get
        title = value("title", "")
        if "  " in title or not title.isprintable():
            title = " ".join(title.split())
        if not title:
            self.warn("The record has no title.", self.raw)
        return ParsedRecord(
            title=title,
            abstract=value("abstract", ""),
            authors=tuple(self.authors),
            year=year,
            venue=value("venue", ""),
            volume=value("volume", ""),
            issue=value("issue", ""),
            pages=self._pages(chosen),
            doi=doi,
            pmid=pmid,
            arxiv_id=arxiv_id,
            urls=tuple(self.links),
            keywords=tuple(dict.fromkeys(self.keywords)),
            language=value("language", ""),
            type=value("type", ""),
            extra={tag: tuple(values) for tag, values in self.extra.items()},
            raw_text=self.raw,
            position=self.position,
        )

    def _best(self, found: list[_Candidate]) -> str:
        """Return the best candidate of a field; the others that say something else are kept."""
        if len(found) == 1:
            return found[0][3]
        best = min(found)
        for one in found:
            if one[3] != best[3]:
                self._left(one[2], one[3])
        return best[3]

    def _left(self, tag: str, value: str) -> None:
        if tag in self.extra:
            self.extra[tag].append(value)
        else:
            self.extra[tag] = [value]

    def _year(self) -> int | None:
        if "year" not in self._found:
            return None
        dates = self._found.pop("year")
        if len(dates) == 1 and _BARE_YEAR.fullmatch(dates[0][3]):
            return int(dates[0][3])
        dates.sort()
        year = None
        for _, _, tag, value in dates:
            match = _YEAR.search(value)
            if match and year is None:
                year = int(match.group())
            if not match or value != str(year):
                self._left(tag, value)
        if year is None:
            first = dates[0][3]
            self.warn(f"No year could be read from {first[:80]!r}.", first)
        return year

    def _pages(self, chosen: Mapping[str, str]) -> str:
        whole = chosen.get("pages")
        start, end = chosen.get("start_page", ""), chosen.get("end_page", "")
        if whole:
            for tag, value in (("start page", start), ("end page", end)):
                if value and value not in whole:
                    self.keep(tag, value)
            return whole
        if not start or not end or start == end or "-" in start or "–" in start:
            return start or end
        return f"{start}-{end}"

    def _doi(self) -> str:
        return self._identifier("doi", find_doi) or self._linked(find_doi)

    def _arxiv_id(self, doi: str) -> str:
        found = self._identifier("arxiv_id", _bare_arxiv) or self._linked(find_arxiv)
        if found or not (doi or "venue" in self._found):
            return found
        places = [doi, *(value for _, _, _, value in self._found.get("venue", ()))]
        return next(filter(None, map(find_arxiv, places)), "")

    def _linked(self, find: Callable[[str], str]) -> str:
        for link in self.links:
            if identifier := find(link.raw):
                return identifier
        return ""

    def _identifier(self, name: str, find: Callable[[str], str]) -> str:
        """Take the first identifier among the candidates; what says something else is kept."""
        if name not in self._found:
            return ""
        identifier = ""
        candidates = self._found.pop(name)
        if len(candidates) > 1:
            candidates.sort()
        for _, _, tag, value in candidates:
            this = find(value)
            identifier = identifier or this
            if not this or (this != identifier and this.lower() != identifier.lower()):
                self._left(tag, value)
        return identifier


def _bare_pmid(value: str) -> str:
    return find_pmid(value, is_bare=True)


def _bare_arxiv(value: str) -> str:
    return find_arxiv(value, is_bare=True)
