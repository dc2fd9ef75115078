"""PubMed's tagged format (nbib, MEDLINE), also as ERIC writes it."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.identifiers import find_doi
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.tagged import Block, Syntax, on_one_line, read_blocks, records_of

_SYNTAX = Syntax(
    tag="[A-Z][A-Z0-9]{1,3}", after=" {0,3}-", is_blank_end=True, is_continued_by_indent=True
)
_SIGNS = re.compile(r"^(?:PMID ?-|OWN - |PMCR ?-|STAT- )", re.M)
_OTHERS = re.compile(r"^(?:TI  - ?|JT  - ?|DP  - ?|PT  - ?|FAU - ?|LID - ?)", re.M)
_SCALARS = {
    "TI": ("title", 0),
    "BTI": ("title", 1),
    "AB": ("abstract", 0),
    "DP": ("year", 0),
    "DEP": ("year", 2),
    "JT": ("venue", 0),
    "TA": ("venue", 1),
    "VI": ("volume", 0),
    "IP": ("issue", 0),
    "PG": ("pages", 0),
    "LA": ("language", 0),
    "PMID": ("pmid", 0),
    "PT": ("type", 0),
}


class NbibReader:
    """Reads PubMed's tagged format; an empty line ends a record."""

    name = "nbib"
    label = "PubMed (nbib)"

    def confidence(self, head: Head) -> float:
        """Certain with `PMID-`, `OWN -` or `STAT-` at the start of a line and a field of it."""
        text = head.plain
        if not _SIGNS.search(text):
            return 0.0
        return 0.97 if _OTHERS.search(text) else 0.5

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        return records_of(read_blocks(source, _SYNTAX), _fill)


def _fill(draft: Draft, block: Block) -> None:
    names = {tag for tag, _ in block.fields}
    author_tag = "FAU" if "FAU" in names else "AU"
    for tag, text in block.fields:
        value = on_one_line(text)
        if tag in {author_tag, "CN"}:
            draft.authors.extend([value] if value else [])
        elif tag in {"OT", "MH"}:
            draft.keywords.extend([value] if value else [])
        elif tag in {"LID", "AID"}:
            _locator(draft, tag, value)
        elif tag == "TI" and draft.value("title"):
            draft.extend_title(value)
        elif tag in _SCALARS:
            name, rank = _SCALARS[tag]
            draft.add(name, value, tag=tag, rank=rank)
        else:
            draft.keep(tag, value)


def _locator(draft: Draft, tag: str, value: str) -> None:
    if find_doi(value) and ("[doi]" in value or "doi.org" in value):
        draft.add("doi", value.removesuffix("[doi]"), tag=tag)
    elif "://" in value:
        draft.link(value, column="url")
    else:
        draft.keep(tag, value)
