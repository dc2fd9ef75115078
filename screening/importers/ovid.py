"""Ovid's own text: two-letter tags, or field names with indented values."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.tagged import Block, Syntax, on_one_line, read_blocks, records_of

_MARKER = re.compile(r"^\s{0,3}<\s*\d+\s*\.?\s*>\s*$")
_MARKED = re.compile(r"^\s{0,3}<\s*\d+\s*\.?\s*>\s*$", re.M)
_TAGGED = re.compile(r"^[A-Z][A-Z0-9]  ?- ", re.M)
_NAMED = re.compile(r"^(?:Title|Source|Author|Accession Number|Publication Type)\s*$", re.M)
_TAGS = Syntax(tag="[A-Z][A-Z0-9]", after="  ?-(?=[ \t]|$)", marker=_MARKER)
_NAMES = Syntax(tag="[A-Z][A-Za-z0-9 /&().-]{1,40}?", after=r"(?=\s*$)", marker=_MARKER)
_SCALARS = {
    "TI": ("title", 0),
    "Title": ("title", 0),
    "Chapter Title": ("title", 1),
    "AB": ("abstract", 0),
    "Abstract": ("abstract", 0),
    "YR": ("year", 0),
    "DP": ("year", 1),
    "Year of Publication": ("year", 0),
    "Date of Publication": ("year", 1),
    "JN": ("venue", 0),
    "Journal Name": ("venue", 0),
    "DI": ("doi", 0),
    "DO": ("doi", 0),
    "DOI Number": ("doi", 0),
    "Digital Object Identifier": ("doi", 0),
    "LG": ("language", 0),
    "Language": ("language", 0),
    "PT": ("type", 0),
    "DT": ("type", 1),
    "Publication Type": ("type", 0),
    "Document Type": ("type", 1),
}
_AUTHORS = frozenset({"AU", "Author", "Authors"})
_KEYWORDS = frozenset({"KW", "Author Keywords", "Keyword", "Keywords", "Key Words"})
_NUMBERS = re.compile(
    r"(?<!\d)(?P<volume>\d+)\s*(?:\((?P<issue>[^)]{1,20})\))?\s*:\s*"
    r"(?P<pages>[A-Za-z]?\d+(?:-[A-Za-z]?\d+)?)"
)
_BARE_VOLUME = re.compile(r"(?:\.|;)\s*(?:Vol\.?\s*)?(?P<volume>\d+)\s*\((?P<issue>[^)]{1,20})\)")
_KIND = re.compile(r"\.?\s*\[[A-Z][A-Za-z ,&/-]{2,40}\]\.?$")
#: [Author], [Inventor, Reprint Author; E-mail: ...]
_ROLES = re.compile(r"(?:(?<!\s)\s++)?\[[^\]]{0,500}+\]")
_FOOTNOTES = re.compile(r"(?:(?<=[\w.])\s+|[,;]\s*)[\d*+#^][\d*+#^,\s]*$")
_DEGREES = re.compile(
    r"(?:[,\s]+(?:M\.?D|Ph\.?\s?D|M\.?Sc|B\.?Sc|M\.?P\.?H|M\.?S|R\.?N|D\.?O|FACSM|FAAN|MBBS|Dr\.?\s?med)\.?)+$"
)
_EDITORS = re.compile(r"^.*\[Ed(?:itor)?s?[^\]]*\]\.?\s+", re.S)
_BARE_PAGES = re.compile(r":\s*(?P<pages>[A-Za-z]?\d+-[A-Za-z]?\d+)(?=,|\.|$)")
_CHAPTER_PAGES = re.compile(r"Chapter pagination: (\d+(?:-\d+)?)")
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Spring|Summer|Fall|Winter)"
)
_LONGEST_NAME = 500  # letters of what is looked at as one name ...
_LONGEST_SOURCE = 4_000  # ... and of a line of the source; it is kept whole besides
_JOURNAL_END = re.compile(rf"(?:\.\s|\.:\d|\s{_MONTHS}[/ .,]|\s\d|;)")


class OvidReader:
    """Reads Ovid's text exports; a line `<12. >` opens a record."""

    name = "ovid"
    label = "Ovid (text)"

    def confidence(self, head: Head) -> float:
        """Certain when numbered markers stand over tags or over field names."""
        text = head.plain
        if not _MARKED.search(text):
            return 0.0
        return 0.96 if _TAGGED.search(text) or _NAMED.search(text) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        syntax = _TAGS if _TAGGED.search(source.head.plain) else _NAMES
        return records_of(read_blocks(source, syntax), _fill)


def _fill(draft: Draft, block: Block) -> None:
    for tag, value in block.fields:
        _take(draft, tag, value)


def _take(draft: Draft, tag: str, text: str) -> None:
    value = on_one_line(text)
    if tag in _AUTHORS:
        bare = _ROLES.sub("", value)
        names = bare.split(";") if ";" in bare else _ROLES.sub("", text).split("\n")
        draft.authors.extend(filter(None, map(_name, names)))
    elif tag in _KEYWORDS:
        words = (word.strip(" .") for word in value.split(";"))
        draft.keywords.extend(word for word in words if word)
    elif tag in {"XL", "JL", "UR", "Link to the Ovid Full Text or citation"}:
        draft.link(value, column="url")
    elif tag == "BT":
        draft.keep(tag, value)
        _book(draft, value)
    elif tag in {"SO", "Source"}:
        draft.keep(tag, value)
        _source(draft, value)
    elif tag in _SCALARS:
        name, rank = _SCALARS[tag]
        kind = _KIND.search(value) if name == "title" else None
        if kind:
            draft.keep("kind", kind.group().strip(" .[]"))
            value = value[: kind.start()]
        draft.add(name, value.rstrip(".") if name == "language" else value, tag=tag, rank=rank)
    else:
        draft.keep(tag, value)


def _name(written: str) -> str:
    """Take footnote marks and degrees off a name; what stands alone after the comma is a name."""
    written = " ".join(written.split())
    if len(written) > _LONGEST_NAME:
        return written
    name = _FOOTNOTES.sub("", written)
    if _DEGREES.fullmatch(f" {name}"):
        return ""
    family, comma, given = name.partition(",")
    bare = _DEGREES.sub("", f" {given}").strip(" ,")
    return f"{family}, {bare}" if comma and bare else name


def _book(draft: Draft, text: str) -> None:
    """Take title, year and the chapter's pages out of Zoological Record's line of the book."""
    text = text[:_LONGEST_SOURCE]
    whole = _EDITORS.sub("", text)
    draft.add("venue", whole.partition("] ")[0] + "]" if whole[:1] == "[" else whole, "BT", 5)
    if chapter := _CHAPTER_PAGES.search(text):
        draft.add("pages", chapter.group(1), "BT", 1)


def _source(draft: Draft, text: str) -> None:
    """Take journal, volume, issue, pages and year out of Ovid's source line."""
    text = _EDITORS.sub("", text[:_LONGEST_SOURCE])
    numbers = _NUMBERS.search(text) or _BARE_VOLUME.search(text) or _BARE_PAGES.search(text)
    for name, value in (numbers.groupdict() if numbers else {}).items():
        draft.add(name, value or "", tag="SO", rank=5)
    end = _JOURNAL_END.search(text)
    draft.add("venue", (text[: end.start()] if end else text).strip(" ."), tag="SO", rank=5)
    year = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    if year:
        draft.add("year", year[-1] if numbers is None else _nearest(text, year), tag="SO", rank=5)


def _nearest(text: str, years: list[str]) -> str:
    """Return the first year that is no page number."""
    pages = _NUMBERS.search(text) or _BARE_PAGES.search(text)
    inside = pages.group("pages") if pages else ""
    return next((year for year in years if year not in inside), years[0])
