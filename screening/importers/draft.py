"""A record in the making: tags become fields by rank, what fits no field is kept as extra."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from screening.importers.identifiers import find_arxiv, find_doi, find_pmid
from screening.importers.links import make_link
from screening.importers.parsed import Link, ParsedRecord, Problem

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d|21\d\d)(?!\d)")
_SCALARS = (
    "title",
    "abstract",
    "venue",
    "volume",
    "issue",
    "language",
    "type",
)
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


class _Candidate(NamedTuple):
    """One value offered for a field; the smallest by rank, then by order, is taken."""

    rank: int
    order: int
    tag: str
    value: str


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

    def add(self, name: str, value: str, *, tag: str = "", rank: int = 0) -> None:
        """Offer a value for a scalar field (title, year, doi, pages, ...)."""
        value = value.strip()
        if len(value) <= _LONGEST_NOTHING and value.lower() in _NO_VALUE:
            return
        self._order += 1
        candidate = _Candidate(rank, self._order, tag or name, value)
        self._found.setdefault(name, []).append(candidate)

    def keep(self, tag: str, value: str) -> None:
        """Keep a value that belongs to no field."""
        if value.strip():
            self.extra.setdefault(tag or "untagged", []).append(value.strip())

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
        return min(found).value if found else ""

    def finish(self) -> ParsedRecord:
        """Settle the fields; the problems met on the way are in `problems` afterwards."""
        doi, pmid = self._doi(), self._pmid()
        arxiv_id = self._arxiv_id(doi)
        scalars = {name: self._take(name) for name in _SCALARS}
        scalars["title"] = " ".join(scalars["title"].split())
        year, pages = self._year(), self._pages()
        if not scalars["title"]:
            self.warn("The record has no title.", self.raw)
        for name in list(self._found):
            self._take(name, nothing=True)
        return ParsedRecord(
            title=scalars["title"],
            abstract=scalars["abstract"],
            authors=tuple(self.authors),
            year=year,
            venue=scalars["venue"],
            volume=scalars["volume"],
            issue=scalars["issue"],
            pages=pages,
            doi=doi,
            pmid=pmid,
            arxiv_id=arxiv_id,
            urls=tuple(self.links),
            keywords=tuple(dict.fromkeys(self.keywords)),
            language=scalars["language"],
            type=scalars["type"],
            extra={tag: tuple(values) for tag, values in self.extra.items()},
            raw_text=self.raw,
            position=self.position,
        )

    def _take(self, name: str, *, nothing: bool = False) -> str:
        found = self._found.pop(name, None)
        if not found:
            return ""
        best = None if nothing else min(found)
        for one in found:
            if best is None or (one is not best and one.value != best.value):
                self.extra.setdefault(one.tag, []).append(one.value)
        return best.value if best else ""

    def _year(self) -> int | None:
        dates = sorted(self._found.pop("year", []))
        year = None
        for date in dates:
            match = _YEAR.search(date.value)
            if match and year is None:
                year = int(match.group())
            if not match or date.value != str(year):
                self.extra.setdefault(date.tag, []).append(date.value)
        if dates and year is None:
            self.warn(f"No year could be read from {dates[0].value[:80]!r}.", dates[0].value)
        return year

    def _pages(self) -> str:
        whole = self._take("pages")
        start, end = self._take("start_page"), self._take("end_page")
        if whole:
            for tag, value in (("start page", start), ("end page", end)):
                if value and value not in whole:
                    self.keep(tag, value)
            return whole
        if not start or not end or start == end or "-" in start or "–" in start:
            return start or end
        return f"{start}-{end}"

    def _doi(self) -> str:
        found = sorted(self._found.pop("doi", []))
        doi = ""
        for one in found:
            this = find_doi(one.value)
            doi = doi or this
            if not this or this.lower() != doi.lower():
                self.extra.setdefault(one.tag, []).append(one.value)
        return doi or next(filter(None, (find_doi(link.raw) for link in self.links)), "")

    def _pmid(self) -> str:
        found = sorted(self._found.pop("pmid", []))
        pmid = ""
        for one in found:
            this = find_pmid(one.value, is_bare=True)
            pmid = pmid or this
            if this != pmid or not this:
                self.extra.setdefault(one.tag, []).append(one.value)
        return pmid or next(filter(None, (find_pmid(link.raw) for link in self.links)), "")

    def _arxiv_id(self, doi: str) -> str:
        arxiv_id = ""
        for one in self._found.pop("arxiv_id", []):
            this = find_arxiv(one.value, is_bare=True)
            arxiv_id = arxiv_id or this
            if not this or this != arxiv_id:
                self.extra.setdefault(one.tag, []).append(one.value)
        if arxiv_id:
            return arxiv_id
        places = [link.raw for link in self.links] + [doi]
        places += [one.value for one in self._found.get("venue", [])]
        return next(filter(None, map(find_arxiv, places)), "")
