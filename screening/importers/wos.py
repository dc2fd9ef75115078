"""Web of Science, plain text ("ISI export"), also Inspec and Zoological Record."""

import re
from collections.abc import Iterator

from screening.importers.draft import Draft
from screening.importers.files import Head, SourceFile
from screening.importers.parsed import Item
from screening.importers.reader import ReadOptions
from screening.importers.tagged import Block, Syntax, lines_of, on_one_line, read_blocks, records_of

_SYNTAX = Syntax(
    tag="[A-Z][A-Z0-9]",
    after="(?= |$)",
    starts=frozenset({"PT"}),
    ends=frozenset({"ER"}),
    edges=("PT ", "ER"),
    ignored=frozenset({"FN", "VR", "EF"}),
)
_FIRST = re.compile(r"^(?:FN .*\n(?:VR .*\n)?\s*)?PT [A-Z]\s*$", re.M)
_EMAIL = re.compile(r"(?:(?<!\s)\s++)?\([^()\s@]++@[^()\s]++\)")
_SCALARS = {
    "TI": ("title", 0),
    "AB": ("abstract", 0),
    "SO": ("venue", 0),
    "PY": ("year", 0),
    "PD": ("year", 1),
    "VL": ("volume", 0),
    "IS": ("issue", 0),
    "BP": ("start_page", 0),
    "BR": ("start_page", 1),
    "EP": ("end_page", 0),
    "AR": ("pages", 1),
    "PS": ("pages", 2),
    "DI": ("doi", 0),
    "D2": ("doi", 1),
    "PM": ("pmid", 0),
    "LA": ("language", 0),
    "DT": ("type", 0),
    "PT": ("type", 1),
}


class WosReader:
    """Reads Web of Science's tagged text; `ER` ends a record."""

    name = "wos"
    label = "Web of Science (plain text)"

    def confidence(self, head: Head) -> float:
        """Certain when a record opens with `PT J` and a line of the file with `FN` or `ER`."""
        text = head.plain
        if not _FIRST.search(text):
            return 0.0
        return 0.96 if re.search(r"^(?:FN |ER\s*$)", text, re.M) else 0.4

    def read(self, source: SourceFile, options: ReadOptions) -> Iterator[Item]:
        """Stream the records; see `Reader.read`."""
        del options  # the format names its fields itself
        return records_of(read_blocks(source, _SYNTAX), _fill)


def _fill(draft: Draft, block: Block) -> None:
    names = {tag for tag, _ in block.fields}
    author_tag = "AF" if "AF" in names else "AU"
    has_pages = bool(names & {"BP", "BR"})
    for tag, value in block.fields:
        _take(draft, tag, value, author_tag=author_tag, has_pages=has_pages)


def _take(draft: Draft, tag: str, text: str, *, author_tag: str, has_pages: bool) -> None:
    value = on_one_line(text)
    if tag in {author_tag, "CA"}:
        draft.authors.extend(_EMAIL.sub("", line).strip() for line in lines_of(text))
    elif tag in {"DE", "ID"}:
        words = re.split(r"[;/]\s*", value) if tag == "DE" else value.split(";")
        draft.keywords.extend(word.strip() for word in words if word.strip())
    elif tag in _SCALARS and not (has_pages and tag in {"AR", "PS"}):
        name, rank = _SCALARS[tag]
        draft.add(name, value, tag=tag, rank=rank)
    else:
        draft.keep(tag, value)
