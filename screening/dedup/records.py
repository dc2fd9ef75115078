"""What goes into the duplicate engine and what comes out of it."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class DedupRecord:
    """One record as a source lists it. Every field but the id may be empty.

    Attributes:
        id: names the record; unique among those compared.
        title: as delivered.
        authors: names in printed order, in any form.
        year: of publication.
        venue: journal, proceedings or server.
        volume: as delivered.
        issue: as delivered.
        pages: as delivered; an article number is a page.
        doi: a DOI or a link that holds one.
        pmid: a PubMed identifier or link.
        arxiv_id: an arXiv identifier or link.
        abstract: as delivered.
        type: "article", "inproceedings", "preprint" ...; "" when unknown.
    """

    id: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    arxiv_id: str = ""
    abstract: str = ""
    type: str = ""


class Reason(NamedTuple):
    """What one field says about a pair.

    Attributes:
        field: "title", "authors", "year", "doi" ...
        agrees: True speaks for one report, False against it, None says that nothing is known.
        text: the same in plain words.
    """

    field: str
    agrees: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why two records are held to be the same report, or may be.

    Attributes:
        a: id of one record, the smaller one.
        b: id of the other.
        rule: name of the rule that answered.
        score: likeness from 0 to 1; for sorting, it decides nothing.
        reasons: what speaks for it and against it, field by field.
    """

    a: str
    b: str
    rule: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, the smaller first."""
        return self.a, self.b


@dataclass(frozen=True, slots=True)
class DedupResult:
    """The engine's answer over a set of records.

    Attributes:
        merged: groups of ids that are one report, sorted inside and among each other.
        suggested: pairs for a person to judge, likeliest first.
        links: every pair that a rule merged, by the pair of ids.
    """

    merged: tuple[tuple[str, ...], ...] = ()
    suggested: tuple[Link, ...] = ()
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
