"""Which records a source, several sources together or one file gave: the sets behind the counts."""

from collections.abc import Sequence
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q

from screening.models import DuplicateLink, PreScreenRemoval
from screening.models.records import RecordQuerySet


class Standing(StrEnum):
    """What became of a record before screening, as the list of records can be asked for it."""

    DUPLICATE = "duplicate"
    REMOVED = "removed"
    ALONE = "alone"


STANDING_WORDS = {
    Standing.DUPLICATE: "duplicates of another record",
    Standing.REMOVED: "removed before screening",
    Standing.ALONE: "found in one source alone",
}


def duplicates_in(records: RecordQuerySet) -> RecordQuerySet:
    """Records that stand as a duplicate of another."""
    links = DuplicateLink.objects.standing().filter(record=OuterRef("pk"))
    return records.filter(Exists(links))


def removed_in(records: RecordQuerySet) -> RecordQuerySet:
    """Records removed before screening that are no duplicate as well: those count as such."""
    removals = PreScreenRemoval.objects.filter(record=OuterRef("pk"), undone_at__isnull=True)
    return records.without_duplicates().filter(Exists(removals))


def found_alone(records: RecordQuerySet) -> RecordQuerySet:
    """The kept record of each work that no other source lists."""
    elsewhere = DuplicateLink.objects.standing().filter(kept=OuterRef("pk"))
    elsewhere = elsewhere.exclude(record__source=F("kept__source"))
    return records.without_duplicates().filter(~Exists(elsewhere))


def found_in_all(records: RecordQuerySet, sources: Sequence[int]) -> RecordQuerySet:
    """The kept record of each work that every one of the sources lists.

    Args:
        records: Records of one review.
        sources: Ids of sources; the kept record itself may come from yet another one.
    """
    records = records.without_duplicates()
    for source in sources:
        twins = DuplicateLink.objects.standing().filter(kept=OuterRef("pk"), record__source=source)
        records = records.filter(Q(source=source) | Exists(twins))
    return records


def standing_as(records: RecordQuerySet, standing: str) -> RecordQuerySet:
    """Narrow to one of the sets by its name; an empty name narrows nothing."""
    if standing == Standing.DUPLICATE:
        return duplicates_in(records)
    if standing == Standing.REMOVED:
        return removed_in(records)
    return found_alone(records) if standing == Standing.ALONE else records
