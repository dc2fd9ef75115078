"""PubMed's tagged format (nbib), each value on one line."""

import re
from collections.abc import Iterable, Iterator

from screening.exporters.exported import Exported
from screening.exporters.readback import note_of, patch_of, read_back
from screening.exporters.words import flat, notes_of
from screening.exporters.writer import encoded
from screening.importers.nbib import NbibReader
from screening.importers.own import MARK
from screening.importers.parsed import ParsedRecord

_TAG = re.compile(r"[A-Z][A-Z0-9]{1,3}")
_OURS = frozenset({"PMID", "TI", "AB", "FAU", "CN", "OT", "MH", "DP", "JT", "VI", "IP", "PG"})
#: An extra value under one of these would be read as the field, unless the field has a value.
_ALSO = {
    "BTI": "title",
    "DEP": "year",
    "TA": "venue",
    "LA": "language",
    "PT": "type",
    "AU": "authors",
    "LID": "doi",
    "AID": "doi",
}


class NbibWriter:
    """Writes PubMed's format; records without a PubMed id begin with an empty one."""

    name = "nbib"
    label = "PubMed (nbib)"
    ending = "nbib"
    content_type = "application/nbib; charset=utf-8"
    _reader = NbibReader()

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`."""
        for one in records:
            yield encoded(self.entry(one))

    def entry(self, one: Exported) -> str:
        """Write one record.

        Args:
            one: The record.

        Returns:
            Its lines and an empty one.
        """
        lines = _lines(one)
        got = read_back(self._reader, _joined(lines)) or ParsedRecord()
        patch = patch_of(one.record, got, one.prior)
        if patch:
            lines.append(("GN", f"{MARK} {note_of(patch)}"))
        return _joined(lines)


def _joined(lines: list[tuple[str, str]]) -> str:
    return "".join(f"{tag:<4}- {value}\n" for tag, value in lines) + "\n"


def _lines(one: Exported) -> list[tuple[str, str]]:
    record = one.record
    lines = [("TI", record.title), ("AB", record.abstract)]
    lines += [("FAU", name) for name in record.authors]
    lines += [
        ("LA", record.language),
        ("PT", record.type),
        ("DP", str(record.year or "")),
        ("JT", record.venue),
        ("VI", record.volume),
        ("IP", record.issue),
        ("PG", record.pages),
        ("LID", f"{record.doi} [doi]" if record.doi else ""),
    ]
    lines += [("LID", link.raw or link.url) for link in record.urls]
    lines += [("OT", word) for word in record.keywords]
    lines += _extra(record)
    lines += [("GN", note) for note in notes_of(one)]
    written = [(tag, flat(value.replace("\0", ""))) for tag, value in lines]
    return [("PMID", flat(record.pmid)), *((tag, value) for tag, value in written if value)]


def _extra(record: ParsedRecord) -> Iterator[tuple[str, str]]:
    for tag, values in record.extra.items():
        if not _TAG.fullmatch(tag) or tag in _OURS:
            continue
        if tag not in _ALSO or getattr(record, _ALSO[tag]):
            for value in values:
                if not value.startswith(MARK):
                    yield tag, value
