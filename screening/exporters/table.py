"""The table behind CSV and Excel: its columns, the cells of a record, and what they lose."""

from collections.abc import Mapping

from screening.exporters.exported import Exported
from screening.exporters.readback import note_of, patch_of
from screening.exporters.words import answers_of, criteria_of, included_of, verdicts_of
from screening.importers.delimited import Row, record_of
from screening.importers.headers import guess_mapping
from screening.importers.own import COLUMNS, NAME
from screening.importers.parsed import ParsedRecord

_FIELDS = (
    "title",
    "authors",
    "year",
    "venue",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "arxiv_id",
    "urls",
    "keywords",
    "abstract",
    "language",
    "type",
)
HEADERS = (COLUMNS[0], *_FIELDS, *COLUMNS[1:], NAME)
_MAPPING: Mapping[str, str] = guess_mapping(HEADERS)


def cells_of(one: Exported) -> list[str]:
    """Return the cells of a record below `HEADERS`, but for the last.

    Args:
        one: The record.
    """
    record = one.record
    first, second = one.stage("title_abstract"), one.stage("full_text")
    return [
        one.number,
        record.title,
        "; ".join(record.authors),
        str(record.year or ""),
        record.venue,
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.pmid,
        record.arxiv_id,
        "; ".join(link.raw or link.url for link in record.urls),
        "; ".join(record.keywords),
        record.abstract,
        record.language,
        record.type,
        one.found_in,
        one.duplicate_of,
        *(first.status, first.reason, verdicts_of(first), answers_of(first), criteria_of(first)),
        *(second.status, second.reason, verdicts_of(second)),
        *(answers_of(second), criteria_of(second)),
        "; ".join(one.tags),
        "\n".join(f"{person}: {text}" for person, text in one.notes),
        included_of(one),
    ]


def note_cell(one: Exported, cells: list[str], *, limit: int = 0) -> str:
    """Return the last cell: what reading the others back would lose; at least `{}`.

    Args:
        one: The record.
        cells: Its cells as they stand in the file.
        limit: How many letters the cell holds; 0 = any number. A longer note leaves the
            record's unknown tags out, then all but what people said.
    """
    items = record_of(Row(1, cells, ""), HEADERS[:-1], _MAPPING)
    got = next((item for item in items if isinstance(item, ParsedRecord)), ParsedRecord())
    patch = patch_of(one.record, got, one.prior)
    changes = patch.get("extra", {})
    for name in COLUMNS:  # the reader knows that these are ours
        if changes.get(name, ...) is None:
            del changes[name]
    if not changes:
        patch.pop("extra", None)
    for part in ("extra", "set"):
        if limit and len(note_of(patch)) > limit:
            patch.pop(part, None)
    return note_of(patch)
