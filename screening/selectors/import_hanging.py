"""What hangs on records of an import, so that it cannot be undone without a trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.models import (
    Decision,
    DuplicateLink,
    ImportBatch,
    ImportProblem,
    NotDuplicate,
    Note,
    Record,
    RecordTag,
)
from screening.models.records import RecordQuerySet
from screening.selectors.prior import own_rows

SHOWN = 20

#: What may hang on a record: the way there from the record, and its name for people.
_PATHS = (
    ("decisions", "decisions"),
    ("pilot_decisions", "decisions in a pilot round"),
    ("adjudications", "rulings"),
    ("removals", "removals before screening"),
    ("record_tags", "tags"),
    ("notes", "notes"),
    ("discussion", "messages"),
    ("field_choices", "fields that were chosen to be shown"),
    ("report__attempts", "retrieval attempts"),
    ("report__full_texts", "full texts"),
    ("report__study_report", "studies"),
)


@dataclass(frozen=True, slots=True)
class Hanging:
    """One kind of thing that hangs on some records: how many have it, and the first of them."""

    count: int
    words: str
    records: Sequence[Record]

    def __str__(self) -> str:
        one = self.count == 1
        return f"{self.count} record{'' if one else 's'} {'has' if one else 'have'} {self.words}"


def hanging_on(records: RecordQuerySet, but: Mapping[str, Q] | None = None) -> list[Hanging]:
    """Say what people did with the records; links that the engine made are made again.

    Args:
        records: Records of one review.
        but: Rows that do not count, by the way there: what came with the records themselves.

    Returns:
        One entry per kind that is there; empty when nothing hangs on the records.
    """
    found = [(_having(records, path, (but or {}).get(path)), words) for path, words in _PATHS]
    found.append((_linked(records), "links or rulings about duplicates"))
    return [
        Hanging(count, words, list(rows.select_related("review").order_by("pk")[:SHOWN]))
        for rows, words in found
        if (count := rows.count())
    ]


def _having(records: RecordQuerySet, path: str, but: Q | None) -> RecordQuerySet:
    if but is None:
        return records.filter(**{f"{path}__isnull": False}).distinct()
    rows: Mapping[str, QuerySet[Any]] = {
        "decisions": Decision.objects.all(),
        "record_tags": RecordTag.objects.all(),
        "notes": Note.objects.all(),
    }
    return records.filter(Exists(rows[path].filter(record=OuterRef("pk")).exclude(but)))


def hanging_on_import(batch: ImportBatch, ids: list[int] | None = None) -> list[Hanging]:
    """Say what hangs on an import: on its records, and rows of later files that it made known.

    Args:
        batch: The import.
        ids: Look at these of its records only.
    """
    records = Record.objects.filter(batch=batch)
    if ids is not None:
        records = records.filter(pk__in=ids)
    later = ImportProblem.objects.filter(
        record__in=records, severity=ImportProblem.Severity.KNOWN
    ).exclude(batch=batch)
    found = hanging_on(records, own_rows(batch))
    for name in (
        later.order_by("batch__pk").values_list("batch__original_name", flat=True).distinct()
    ):
        rows = records.filter(pk__in=later.filter(batch__original_name=name).values("record"))
        words = f"rows in {name} too, which was read later and counts them as known already"
        found.append(Hanging(rows.count(), words, list(rows.select_related("review")[:SHOWN])))
    return found


def _linked(records: RecordQuerySet) -> RecordQuerySet:
    """Records that a person linked or ruled on."""
    links = DuplicateLink.objects.filter(created_by__isnull=False)
    rulings = NotDuplicate.objects.all()
    return records.filter(
        Q(pk__in=links.values("record"))
        | Q(pk__in=links.values("kept"))
        | Q(pk__in=rulings.values("first"))
        | Q(pk__in=rulings.values("second"))
    )
