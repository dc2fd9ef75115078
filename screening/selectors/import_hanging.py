"""What hangs on records of an import, so that it cannot be undone without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from screening.models import DuplicateLink, ImportBatch, ImportProblem, NotDuplicate, Record
from screening.models.records import RecordQuerySet

SHOWN = 20

#: What may hang on a record: the way there from the record, and its name for people.
_PATHS = (
    ("decisions", "decisions"),
    ("adjudications", "rulings"),
    ("removals", "removals before screening"),
    ("record_tags", "tags"),
    ("notes", "notes"),
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


def hanging_on(records: RecordQuerySet) -> list[Hanging]:
    """Say what people did with the records; links that the engine made are made again.

    Args:
        records: Records of one review.

    Returns:
        One entry per kind that is there; empty when nothing hangs on the records.
    """
    found = [
        (records.filter(**{f"{path}__isnull": False}).distinct(), words) for path, words in _PATHS
    ]
    found.append((_linked(records), "links or rulings about duplicates"))
    return [
        Hanging(count, words, list(rows.select_related("review").order_by("pk")[:SHOWN]))
        for rows, words in found
        if (count := rows.count())
    ]


def hanging_on_import(batch: ImportBatch) -> list[Hanging]:
    """Say what hangs on an import: on its records, and rows of later files that it made known."""
    records = Record.objects.filter(batch=batch)
    later = ImportProblem.objects.filter(
        record__batch=batch, severity=ImportProblem.Severity.KNOWN
    ).exclude(batch=batch)
    found = hanging_on(records)
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
