"""RIS as EndNote, Zotero, Covidence, Rayyan and ASReview read it; unknown tags survive."""

import re
from collections.abc import Iterable, Iterator

from screening.exporters.exported import Exported
from screening.exporters.readback import note_of, patch_of, read_back
from screening.exporters.types import KINDS, kind_of
from screening.exporters.words import flat, notes_of
from screening.exporters.writer import encoded
from screening.importers.own import MARK
from screening.importers.parsed import LinkRole, ParsedRecord
from screening.importers.ris import RisReader

_TAG = re.compile(r"[A-Z][A-Z0-9]")
_LOOKS_TAGGED = re.compile(r"\s{0,8}[A-Z][A-Z0-9] {1,2}-")
_RIS_TYPE = re.compile(r"[A-Z]{3,7}")
_RANGE = re.compile(r"([^\s–-]+)-([^\s–-]+)")
#: Tags that this writer fills itself, or that would open, close or lengthen a list.
_OURS = frozenset(
    {"TY", "ER", "TI", "AU", "A1", "KW", "DE", "UR", "L1", "L2", "L3", "LK", "AB", "DO"}
)
#: An extra value under one of these would be read as the field, unless the field has a value.
_ALSO = {
    "T1": "title",
    "CT": "title",
    "BT": "title",
    "ST": "title",
    "N2": "abstract",
    "PY": "year",
    "Y1": "year",
    "DA": "year",
    "JF": "venue",
    "T2": "venue",
    "JO": "venue",
    "JA": "venue",
    "J1": "venue",
    "J2": "venue",
    "VL": "volume",
    "IS": "issue",
    "CP": "issue",
    "SP": "pages",
    "EP": "pages",
    "DI": "doi",
    "M3": "doi",
    "LA": "language",
}


class RisWriter:
    """Writes RIS with CRLF line ends, as the format demands."""

    name = "ris"
    label = "RIS"
    ending = "ris"
    content_type = "application/x-research-info-systems; charset=utf-8"
    _reader = RisReader()

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`."""
        for one in records:
            yield encoded(self.entry(one))

    def entry(self, one: Exported) -> str:
        """Write one record.

        Args:
            one: The record.

        Returns:
            Its lines from `TY` to `ER` and an empty one.
        """
        lines = _lines(one)
        got = read_back(self._reader, _joined(lines))
        if got is None:  # a line of the text reads like a tag: without its breaks it cannot
            lines = [(tag, flat(value)) for tag, value in lines]
            got = read_back(self._reader, _joined(lines)) or ParsedRecord()
        patch = patch_of(one.record, got, one.prior)
        if patch:
            lines.append(("C8", f"{MARK} {note_of(patch)}"))
        return _joined(lines)


def _joined(lines: list[tuple[str, str]]) -> str:
    written = "".join(f"{tag}  - {value}\r\n" for tag, value in lines)
    return f"{written}ER  - \r\n\r\n"


def _lines(one: Exported) -> list[tuple[str, str]]:
    record = one.record
    kind = kind_of(record.type, has_venue=bool(record.venue))
    ris_type = record.type if _RIS_TYPE.fullmatch(record.type) else KINDS[kind][0]
    lines = [("TY", ris_type), ("TI", flat(record.title))]
    lines += [("AU", flat(name)) for name in record.authors]
    lines.append(("PY", str(record.year or "")))
    lines.append(("JF" if kind == "journal article" else "T2", flat(record.venue)))
    lines += [("VL", flat(record.volume)), ("IS", flat(record.issue))]
    pages = _RANGE.fullmatch(record.pages)
    lines += zip(("SP", "EP"), pages.groups() if pages else [flat(record.pages)], strict=False)
    lines.append(("DO", flat(record.doi)))
    if "AN" not in record.extra:
        lines.append(("AN", flat(record.pmid)))
    for link in record.urls:
        lines.append(("L1" if link.role is LinkRole.PDF else "UR", flat(link.raw or link.url)))
    lines += [("KW", flat(word)) for word in record.keywords]
    lines += [("LA", flat(record.language)), ("AB", _paragraphs(record.abstract))]
    lines += _extra(record)
    lines += [("N1", note) for note in notes_of(one)]
    return [(tag, value) for tag, value in lines if value]


def _extra(record: ParsedRecord) -> Iterator[tuple[str, str]]:
    for tag, values in record.extra.items():
        if not _TAG.fullmatch(tag) or tag in _OURS:
            continue
        if tag not in _ALSO or getattr(record, _ALSO[tag]):
            for value in values:
                if not value.startswith(MARK):
                    yield tag, _paragraphs(value)


def _paragraphs(text: str) -> str:
    """A text with its line breaks, but for those before which a line would read like a tag."""
    written = ""
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    for line in map(str.strip, plain.split("\n")):
        if not written or not line:
            written += line
        else:
            written += (" " if _LOOKS_TAGGED.match(line) else "\r\n") + line
    return written
