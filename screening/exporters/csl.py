"""CSL-JSON as Zotero, pandoc and citation processors read it, one item a line."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from screening.exporters.exported import Exported
from screening.exporters.readback import patch_of, read_back
from screening.exporters.types import KINDS, kind_of
from screening.exporters.words import notes_of
from screening.exporters.writer import encoded
from screening.importers.json_items import CSL
from screening.importers.own import NAME
from screening.importers.parsed import ParsedRecord

_CSL_TYPE = re.compile(r"[a-z]+(?:[-_][a-z]+)*")
#: Variables of CSL 1.0.2 that our reader keeps as extra, and that are one text each.
_VARIABLES = frozenset(
    (
        "publisher",
        "publisher-place",
        "ISSN",
        "ISBN",
        "PMCID",
        "edition",
        "genre",
        "event",
        "event-title",
        "event-place",
        "collection-title",
        "collection-number",
        "archive",
        "archive_location",
        "call-number",
        "source",
        "medium",
        "number-of-pages",
        "title-short",
        "container-title-short",
        "citation-key",
        "version",
        "section",
    )
)


class CslWriter:
    """Writes one JSON list."""

    name = "csl_json"
    label = "CSL-JSON"
    ending = "json"
    content_type = "application/vnd.citationstyles.csl+json; charset=utf-8"

    def stream(self, records: Iterable[Exported]) -> Iterator[bytes]:
        """Write the records; see `Writer.stream`."""
        before = "[\n"
        for number, one in enumerate(records, 1):
            yield encoded(before + self.entry(one, number))
            before = ",\n"
        yield encoded("[]\n" if before == "[\n" else "\n]\n")

    def entry(self, one: Exported, number: int) -> str:
        """Write one record.

        Args:
            one: The record.
            number: Its place in the file, for an id.

        Returns:
            Its object on one line.
        """
        item = _item(one, number)
        got = read_back(CSL, _line(item)) or ParsedRecord()
        patch = patch_of(one.record, got, one.prior)
        if patch:
            item["custom"] = {NAME: patch}
        return _line(item)


def _line(item: dict[str, Any]) -> str:
    text = json.dumps(item, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _item(one: Exported, number: int) -> dict[str, Any]:
    record = one.record
    kind = kind_of(record.type, has_venue=bool(record.venue))
    known = {names[2] for names in KINDS.values()}
    is_ours = _CSL_TYPE.fullmatch(record.type) and record.type in known
    kept = record.extra.get("id", ())
    item: dict[str, Any] = {
        "id": kept[0] if len(kept) == 1 else one.number or f"record-{number}",
        "type": record.type if is_ours else KINDS[kind][2],
        "title": record.title,
        "author": [_name(name) for name in record.authors],
        "issued": {"date-parts": [[record.year]]} if record.year else None,
        "container-title": record.venue,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "URL": record.urls[0].raw or record.urls[0].url if record.urls else "",
        "keyword": ";".join(record.keywords),
        "language": record.language,
        "abstract": record.abstract,
        "note": "\n".join(notes_of(one)),
    }
    extra = {
        name: values[0]
        for name, values in record.extra.items()
        if name in _VARIABLES and len(values) == 1
    }
    return {name: value for name, value in item.items() if value or name == "title"} | extra


def _name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    return {"family": family, "given": given} if comma and given else {"literal": name}
