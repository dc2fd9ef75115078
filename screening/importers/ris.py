"""RIS in all dialects (Scopus, Ovid, EBSCO, ProQuest, Zotero, EndNote, Rayyan, ASReview, ...)."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.names import split_names
from screening.importers.parsed import Item, LinkRole, Problem
from screening.importers.reader import ReadOptions
from screening.importers.tagged import Block, Syntax, read_blocks

_START = re.compile(r"^\s{0,8}TY {1,2}- ?", re.M)
_TWO_BLANKS = re.compile(r"^\s{0,8}([A-Z][A-Z0-9])  -(?:[ \t]?(.*))?$", re.S)
_ONE_BLANK = re.compile(r"^\s{0,8}([A-Z][A-Z0-9]) {1,2}-(?:[ \t]?(.*))?$", re.S)
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
    "J2": ("venue", 3),
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
_LINKS = frozenset({"UR", "L1", "L2", "L3", "LK"})


class RisReader:
    """Reads RIS; a record without `ER` ends at the next `TY`, unknown tags are kept."""

    name = "ris"
    label = "RIS"

    def confidence(self, head: Head) -> float:
        """Certain when a line begins with `TY  -`."""
        return 0.95 if _START.search(head.text.replace("\r", "\n")) else 0.0

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # RIS names its fields itself
        for block in read_blocks(source.lines(), syntax_of(source.head.text)):
            if isinstance(block, Problem):
                yield block
            else:
                yield from _record(block)


def syntax_of(text: str) -> Syntax:
    """Find how wide the file writes its tags.

    Args:
        text: The beginning of the file.

    Returns:
        The syntax; a file with one blank before the dash may have one, all others need two.

    Source: own definition; RIS demands two, and a line of text may well hold "MR - ".
    """
    match = _START.search(text.replace("\r", "\n"))
    is_narrow = bool(match and "TY -" in match.group())
    return Syntax(
        tag=_ONE_BLANK if is_narrow else _TWO_BLANKS,
        starts=frozenset({"TY"}),
        ends=frozenset({"ER"}),
    )


def _record(block: Block) -> Iterator[Item]:
    draft = Draft(block.position, raw=block.raw_text, problems=block.problems)
    for tag, lines in block.fields:
        _take(draft, tag, lines)
    record = draft.finish()
    yield from draft.problems
    yield record


def _take(draft: Draft, tag: str, lines: list[str]) -> None:
    known = _FIELDS.get(tag)
    if known:
        name, rank = known
        draft.add(name, _joined(lines, as_paragraphs=name == "abstract"), tag=tag, rank=rank)
    elif tag in _AUTHORS:
        for name in lines:
            draft.authors.extend(split_names(name) if ";" in name else _one(name))
    elif tag in _KEYWORDS:
        draft.keywords.extend(line for line in lines if line)
    elif tag in _LINKS:
        for line in lines:
            for url in _urls(line):
                draft.link(url, column=str(LinkRole.PDF) if tag == "L1" else "url")
    else:
        value = _joined(lines, as_paragraphs=True)
        if tag == "M3" and value.startswith(("10.", "doi:", "https://doi")):
            draft.add("doi", value, tag=tag, rank=2)
        draft.keep(tag, value)


def _one(name: str) -> list[str]:
    clean = " ".join(name.split()).strip(" ,")
    return [clean] if clean else []


def _urls(line: str) -> list[str]:
    if line.count("://") > 1:
        return [part for part in re.split(r"[;\s]+(?=https?://)", line) if part]
    return [line] if line else []


def _joined(lines: list[str], *, as_paragraphs: bool) -> str:
    text = lines[0]
    if len(lines) == 1:
        return text
    for line in lines[1:]:
        is_break = as_paragraphs and text.endswith(_SENTENCE_END)
        text = f"{text}{chr(10) if is_break else ' '}{line}" if text else line
    return text
