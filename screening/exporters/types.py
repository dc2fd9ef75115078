"""What a record is, in the words of each format: journal article, chapter, thesis, ..."""

import re
from collections.abc import Mapping

#: kind -> (RIS, BibTeX, CSL)
KINDS: Mapping[str, tuple[str, str, str]] = {
    "journal article": ("JOUR", "article", "article-journal"),
    "conference paper": ("CPAPER", "inproceedings", "paper-conference"),
    "book": ("BOOK", "book", "book"),
    "chapter": ("CHAP", "incollection", "chapter"),
    "thesis": ("THES", "phdthesis", "thesis"),
    "report": ("RPRT", "techreport", "report"),
    "preprint": ("UNPB", "unpublished", "article"),
    "dataset": ("DATA", "misc", "dataset"),
    "web page": ("ELEC", "misc", "webpage"),
    "other": ("GEN", "misc", "document"),
}
#: The first expression found in a type's words names the kind.
_SIGNS = (
    ("chapter", re.compile(r"\bchap(?:ter)?\b|incollection|inbook|booksection", re.I)),
    ("conference paper", re.compile(r"conf|proceeding|\bcpaper\b", re.I)),
    ("thesis", re.compile(r"thes(?:is|es)?\b|dissertation", re.I)),
    ("preprint", re.compile(r"preprint|unpb|unpublished|posted-content", re.I)),
    ("report", re.compile(r"\brprt\b|report", re.I)),
    ("dataset", re.compile(r"\bdata(?:set)?\b", re.I)),
    ("web page", re.compile(r"\belec\b|web ?page|online|\bblog", re.I)),
    ("book", re.compile(r"\bbook\b|monograph|\bedbook\b", re.I)),
    ("journal article", re.compile(r"jour|article|review|letter|editorial|comment|trial", re.I)),
)


def kind_of(record_type: str, *, has_venue: bool) -> str:
    """Say what kind of thing a record is.

    Args:
        record_type: The type as its source writes it, in any format's words.
        has_venue: Whether it names a journal, book or series.

    Returns:
        A key of `KINDS`; a venue speaks for a journal article when the type says nothing.

    Source: own definition.
    """
    for kind, sign in _SIGNS:
        if sign.search(record_type):
            return kind
    return "journal article" if has_venue else "other"
