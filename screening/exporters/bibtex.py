"""BibTeX in UTF-8: names joined by `and`, the letters LaTeX takes for commands escaped."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from screening.exporters.exported import Exported
from screening.exporters.readback import note_of, patch_of, read_back
from screening.exporters.types import KINDS, kind_of
from screening.exporters.words import flat, notes_of
from screening.exporters.writer import encoded
from screening.importers.bibtex import BibtexReader
from screening.importers.own import NAME
from screening.importers.parsed import ParsedRecord

_ENTRY = re.compile(r"[a-z]{3,20}")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/+-]*")
_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
_NO_ENTRY = frozenset({"comment", "string", "preamble"})
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_SAFE = "-.:,/[]*()!"  # all that stands for itself in LaTeX
_UNFIT = re.compile(r"[{}\\%#\s]")
#: Fields that this writer fills itself, or whose value would lengthen a list.
_OURS = frozenset(
    (
        "author",
        "title",
        "abstract",
        "year",
        "volume",
        "number",
        "pages",
        "doi",
        "pmid",
        "url",
        "link",
        "eprint",
        "arxivid",
        "arxiv",
        "keywords",
        "keyword",
        "author_keywords",
        "keywords-plus",
        "mesh-terms",
        "index_keywords",
        "language",
        "key",
        "type",
        "annote",
    )
)
#: An extra value under one of these would be read as the field, unless the field has a value.
_ALSO = {
    "date": "year",
    "journal": "venue",
    "journaltitle": "venue",
    "booktitle": "venue",
    "issue": "issue",
    "pubmed_id": "pmid",
    "langid": "language",
}


class BibtexWriter:
    """Writes BibTeX; keys are kept, and made where there is none."""

    name = "bibtex"
    label = "BibTeX"
    ending = "bib"
    content_type = "application/x-bibtex; charset=utf-8"
    _reader = BibtexReader()

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`."""
        for number, one in enumerate(records, 1):
            yield encoded(self.entry(one, number))

    def entry(self, one: Exported, number: int) -> str:
        """Write one record.

        Args:
            one: The record.
            number: Its place in the file, for a key.

        Returns:
            Its entry and an empty line.
        """
        record = one.record
        kind = kind_of(record.type, has_venue=bool(record.venue))
        is_entry = _ENTRY.fullmatch(record.type) and record.type not in _NO_ENTRY
        head = f"@{record.type if is_entry else KINDS[kind][1]}{{{_key(one, number)}"
        values = list(_fields(one, kind))
        got = read_back(self._reader, _joined(head, values)) or ParsedRecord()
        patch = patch_of(record, got, one.prior)
        if patch:
            values.append((NAME, quote(note_of(patch), safe=_SAFE).replace("~", "%7E")))
        return _joined(head, values)


def _joined(head: str, values: list[tuple[str, str]]) -> str:
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in values)
    return f"{head}{lines}\n}}\n\n"


def _key(one: Exported, number: int) -> str:
    kept = one.record.extra.get("key", ())
    if len(kept) == 1 and _KEY.fullmatch(kept[0]):
        return kept[0]
    family = one.record.authors[0].partition(",")[0].split()[-1:] if one.record.authors else []
    plain = unicodedata.normalize("NFKD", "".join(family)).encode("ascii", "ignore").decode()
    letters = re.sub(r"[^A-Za-z]", "", plain)
    return f"{letters or 'record'}{one.record.year or ''}-{one.number or number}"


def _fields(one: Exported, kind: str) -> Iterator[tuple[str, str]]:
    record = one.record
    place = "journal" if kind in {"journal article", "preprint", "other"} else "booktitle"
    named = [
        ("author", " and ".join(record.authors)),
        ("title", record.title),
        (place, record.venue),
        ("year", str(record.year or "")),
        ("volume", record.volume),
        ("number", record.issue),
        ("pages", re.sub(r"(?<=\w)-(?=\w)", "--", record.pages)),
        ("pmid", record.pmid),
        ("eprint", record.arxiv_id),
        ("archiveprefix", "arXiv" if record.arxiv_id else ""),
        ("keywords", _keywords(record.keywords)),
        ("language", record.language),
        ("abstract", record.abstract),
        *_extra(record, place),
        ("annote", " ".join(notes_of(one))),
    ]
    for name, value in named:
        if value:
            yield name, flat(value).translate(_ESCAPES)
    if record.doi and not _UNFIT.search(record.doi):
        yield "doi", record.doi
    for link in record.urls[:1]:
        yield "url", re.sub(r"[{}\\\s]", "", link.raw or link.url)


def _keywords(words: tuple[str, ...]) -> str:
    if any("," in word for word in words):
        return "; ".join(words) + (";" if len(words) == 1 else "")
    return ", ".join(words)


def _extra(record: ParsedRecord, place: str) -> Iterator[tuple[str, str]]:
    for name, values in record.extra.items():
        if not _FIELD.fullmatch(name) or name in _OURS or name in {NAME, place, "archiveprefix"}:
            continue
        if len(values) == 1 and (name not in _ALSO or getattr(record, _ALSO[name])):
            yield name, values[0]
