"""The record as shown: a kept record with the best field of each record of the same report.

Computed at every read. The rows of the records never change, so that undoing a link gives back
exactly what was shown before. Whoever shows, exports or ranks a record's text reads it here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.dedup.best import FIELDS, Listing, best_fields
from screening.models import DuplicateLink, FieldChoice, Record, Source

MANY = 300
EMPTY: Mapping[str, Any] = {"year": None, "authors": [], "keywords": []}
LABELS = {
    "title": "Title",
    "abstract": "Abstract",
    "authors": "Authors",
    "venue": "Venue",
    "year": "Year",
    "volume": "Volume",
    "issue": "Issue",
    "pages": "Pages",
    "doi": "DOI",
    "pmid": "PubMed",
    "arxiv_id": "arXiv",
    "record_type": "Type",
    "language": "Language",
    "keywords": "Keywords",
}


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """What is shown of a record.

    Attributes:
        record: The kept record, or any record by itself.
        duplicates: The records of the same report that stand as its duplicates.
        origins: For each field the record that gives the value shown.
    """

    record: Record
    duplicates: Sequence[Record]
    origins: Mapping[str, Record]
    title: str
    abstract: str
    authors: Sequence[str]
    venue: str
    year: int | None
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    arxiv_id: str
    record_type: str
    language: str
    keywords: Sequence[str]
    urls: Sequence[dict[str, Any]]

    @property
    def pk(self) -> int:
        """Of the record itself."""
        return self.record.pk

    @property
    def first_author(self) -> str:
        """Family name of the first author shown, or empty."""
        return Record(authors=list(self.authors)).first_author

    @property
    def sources(self) -> Sequence[Source]:
        """Every source that lists the report, the record's own first."""
        listed = [self.record.source, *(one.source for one in self.duplicates)]
        return list(dict.fromkeys(listed))


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of a record as shown: its value, where it comes from, what else is given."""

    name: str
    label: str
    value: str
    origin: Record
    others: Sequence[tuple[Record, str]]
    is_chosen: bool


def shown_record(record: Record, *, is_alone: bool = False) -> ShownRecord:
    """What is shown of one record; `is_alone` when it is known to have no duplicates."""
    return _shown(record, [], {}) if is_alone else shown_records([record])[0]


def shown_records(records: Iterable[Record]) -> list[ShownRecord]:
    """What is shown of records, in their order; two queries however many they are.

    Args:
        records: Any records of one review. A duplicate asked for by itself shows its own fields.
    """
    asked = list(records)
    groups = _duplicates(asked)
    choices = _choices([one for group in groups.values() for one in group], asked)
    return [_shown(record, groups.get(record.pk, []), choices) for record in asked]


def shown_by_id(records: Iterable[Record]) -> dict[int, ShownRecord]:
    """What is shown of records, by their ids."""
    return {shown.pk: shown for shown in shown_records(records)}


def _duplicates(records: Sequence[Record]) -> dict[int, list[Record]]:
    """The duplicates of each kept record; of a long list, the whole review's in one query."""
    links = DuplicateLink.objects.standing().select_related("record__source")
    if len(records) > MANY:
        links = links.filter(review__in={record.review_id for record in records})
    else:
        links = links.filter(kept__in=[record.pk for record in records])
    groups: dict[int, list[Record]] = {}
    for link in links.order_by("record_id"):
        groups.setdefault(link.kept_id, []).append(link.record)
    return groups


Choices = Mapping[int, Mapping[str, FieldChoice]]


def _choices(duplicates: Sequence[Record], asked: Sequence[Record]) -> Choices:
    """Which fields a person has chosen from which record; asked only where there is a choice."""
    if not duplicates:
        return {}
    reviews = {record.review_id for record in asked}
    found: dict[int, dict[str, FieldChoice]] = {}
    for choice in FieldChoice.objects.standing().filter(review__in=reviews):
        found.setdefault(choice.record_id, {})[choice.field] = choice
    return found


def _chosen(group: Sequence[Record], choices: Choices) -> dict[str, int]:
    """Per field the record chosen last among those of one report."""
    newest: dict[str, FieldChoice] = {}
    for record in group:
        for name, choice in choices.get(record.pk, {}).items():
            if name not in newest or choice.pk > newest[name].pk:
                newest[name] = choice
    return {name: choice.record_id for name, choice in newest.items()}


def _shown(record: Record, duplicates: Sequence[Record], choices: Choices) -> ShownRecord:
    group = [record, *duplicates]
    if duplicates:
        by_id = {one.pk: one for one in group}
        picked = best_fields(list(map(_listing, group)), _chosen(group, choices))
        origins = {name: by_id[pk] for name, pk in picked.items()}
    else:
        origins = {name: record for name in FIELDS if getattr(record, name)}
    values = {
        name: getattr(origins[name], name) if name in origins else EMPTY.get(name, "")
        for name in FIELDS
    }
    return ShownRecord(
        record=record, duplicates=duplicates, origins=origins, urls=_urls(group), **values
    )


def _listing(record: Record) -> Listing:
    return Listing(record.pk, {name: getattr(record, name) for name in FIELDS})


def _urls(group: Sequence[Record]) -> list[dict[str, Any]]:
    """Every record's links, each address once."""
    listed = [link for record in group for link in record.urls if isinstance(link, dict)]
    return list({str(link.get("url", "")): link for link in reversed(listed)}.values())[::-1]


def shown_fields(shown: ShownRecord) -> list[ShownField]:
    """The fields of a record with duplicates, each with its origin and what the others give."""
    group = [shown.record, *shown.duplicates]
    chosen = _chosen(group, _choices(shown.duplicates, group))
    return [_field(name, origin, group, chosen) for name, origin in shown.origins.items()]


def _field(
    name: str, origin: Record, group: Sequence[Record], chosen: Mapping[str, int]
) -> ShownField:
    value = as_text(getattr(origin, name))
    others = [(one, as_text(getattr(one, name))) for one in group if one.pk != origin.pk]
    return ShownField(
        name=name,
        label=LABELS[name],
        value=value,
        origin=origin,
        others=[(one, text) for one, text in others if text and text != value],
        is_chosen=chosen.get(name) == origin.pk,
    )


def as_text(value: object) -> str:
    """A field's value as one text; "" for none."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
