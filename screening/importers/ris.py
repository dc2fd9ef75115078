"""RIS in all dialects (Scopus, Ovid, EBSCO, ProQuest, Zotero, EndNote, Rayyan, ASReview, ...)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.names import split_names
from screening.importers.parsed import Item, LinkRole
from screening.importers.reader import ReadOptions
from screening.importers.tagged import Block, Syntax, lines_of, read_blocks, records_of

_START = re.compile(r"^\s{0,8}TY {1,2}- ?", re.M)
_TWO_BLANKS = Syntax(
    tag="[A-Z][A-Z0-9]",
    before="[ \t]{0,8}",
    after="  -",
    starts=frozenset({"TY"}),
    ends=frozenset({"ER"}),
    edges=("TY  -", "ER  -"),
)
_ONE_BLANK = replace(_TWO_BLANKS, after=" {1,2}-", edges=("TY -", "ER -"))
_SENTENCE_END = (".", "!", "?", ":", ";", ")")

#: tag -> (field, rank); the lowest rank present wins.
_FIELDS: dict[str, tuple[str, int]] = {
    "TY": ("type", 0),
    "TI": ("title", 0),
    "T1": ("title", 1),
    "CT": ("title", 2),
    "BT": ("title", 3),
    "ST": ("title", 4),
    "AB": ("abstract", 0),
    "N2": ("abstract", 1),
    "PY": ("year", 0),
    "Y1": ("year", 1),
    "DA": ("year", 2),
    "JF": ("venue", 0),
    "T2": ("venue", 1),
    "JO": ("venue", 2),
    "JA": ("venue", 3),
    "J1": ("venue", 3),
    "VL": ("volume", 0),
    "IS": ("issue", 0),
    "CP": ("issue", 1),
    "SP": ("start_page", 0),
    "EP": ("end_page", 0),
    "DO": ("doi", 0),
    "DI": ("doi", 1),
    "LA": ("language", 0),
}
_AUTHORS = frozenset({"AU", "A1"})
_KEYWORDS = frozenset({"KW", "DE"})
_PERIODICALS = frozenset({"JOUR", "EJOUR", "JFULL", "MGZN", "GEN", "UNPB"})
_CONFERENCES = frozenset({"CONF", "CPAPER"})
#: ProCite writes fields that RIS has no tag for as notes with a label.
_LABELS = {"Language": "language", "Volume ID": "volume", "Proceedings Title": "venue"}
_LABELLED = re.compile(rf"({'|'.join(_LABELS)}): (.+)")
_SPECIAL = frozenset({"A2", "C3", "J2", "M1", "M3", "N1"})
_LINKS = frozenset({"UR", "L1", "L2", "L3", "LK"})


class RisReader:
    """Reads RIS; a record without `ER` ends at the next `TY`, unknown tags are kept."""

    name = "ris"
    label = "RIS"

    def confidence(self, head: Head) -> float:
        """Certain when a line begins with `TY  -`."""
        return 0.95 if _START.search(head.plain) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # RIS names its fields itself
        return records_of(read_blocks(source, syntax_of(source.head.plain)), _fill)


def syntax_of(text: str) -> Syntax:
    """Find how wide the file writes its tags.

    Args:
        text: The beginning of the file, with LF for every line end.

    Returns:
        The syntax; a file with one blank before the dash may have one, all others need two.

    Source: own definition; RIS demands two, and a line of text may well hold "MR - ".
    """
    match = _START.search(text)
    return _ONE_BLANK if match and "TY -" in match.group() else _TWO_BLANKS


def _fill(draft: Draft, block: Block) -> None:
    for tag, text in block.fields:
        field = _FIELDS.get(tag)
        if field is not None:
            name, rank = field
            if "\n" in text:
                draft.add(name, _joined(text, as_paragraphs=name == "abstract"), tag, rank)
            else:
                draft.add(name, text, tag, rank)
        elif tag in _AUTHORS:
            draft.authors += _names(text)
        elif tag in _KEYWORDS:
            draft.keywords += _words(text)
        elif tag in _LINKS:
            for url in _urls(text):
                draft.link(url, column=str(LinkRole.PDF) if tag == "L1" else "url")
        elif tag in _SPECIAL:
            _special(draft, tag, _joined(text, as_paragraphs=True))
        else:
            draft.keep(tag, _joined(text, as_paragraphs=True) if "\n" in text else text)


def _special(draft: Draft, tag: str, value: str) -> None:
    """Take a tag whose meaning hangs on the record's type or on its own words."""
    kind = draft.value("type")
    if tag == "M3" and value.startswith(("10.", "doi:", "https://doi")):
        draft.add("doi", value, tag, 2)
    elif tag == "M1" and kind in _PERIODICALS:
        draft.add("issue", value, tag, 2)
        return
    elif tag == "C3" and kind in _CONFERENCES:
        draft.add("venue", value, tag, -1)
        return
    elif tag == "J2":
        draft.add("venue", value, tag, 0 if kind == "WEB" else 3)  # T2 is a web page's series
        return
    elif tag == "A2" and kind == "BILL":  # a bill's sponsor
        draft.authors += _names(value)
        return
    elif tag == "N1" and (labelled := _LABELLED.match(value)):
        draft.add(_LABELS[labelled.group(1)], labelled.group(2), tag, -1)
    draft.keep(tag, value)


def _words(text: str) -> list[str]:
    if ";" in text:
        parts = (part.strip() for line in lines_of(text) for part in line.split(";"))
        return [part for part in parts if part]
    return lines_of(text)


def _names(text: str) -> list[str]:
    if ";" in text or "\n" in text:
        return [name for line in lines_of(text) for name in _split(line)]
    name = " ".join(text.split()).strip(" ,")
    return [name] if name else []


def _split(line: str) -> Sequence[str]:
    return split_names(line) if ";" in line else _names(line)


def _urls(text: str) -> Iterator[str]:
    for line in lines_of(text):
        parts = re.split(r"[;\s]+(?=https?://)", line) if line.count("://") > 1 else [line]
        yield from filter(None, parts)


def _joined(text: str, *, as_paragraphs: bool) -> str:
    if "\n" not in text:
        return text.strip()
    joined = ""
    for line in lines_of(text):
        is_break = as_paragraphs and joined.endswith(_SENTENCE_END)
        joined = f"{joined}{chr(10) if is_break else ' '}{line}" if joined else line
    return joined
