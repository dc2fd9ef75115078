"""What one person may see of many records at once: the rule of `blinding`, a few queries a page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from screening.models import Adjudication, Decision, Membership, Note, Record, RecordTag, Source
from screening.rules.consensus import Stage, Status
from screening.rules.roles import Capability
from screening.selectors.blinding import Sight, sight_from
from screening.selectors.stages import in_stage, settings_of

Sights = Mapping[Stage, Mapping[int, Sight]]


def sights_of(*, membership: Membership, records: Sequence[Record]) -> Sights:
    """What the person may see of each record at both stages; as `blinding.sight_of` says it.

    Args:
        membership: Who asks.
        records: Records of the member's review, at most some hundreds.
    """
    return {
        stage: sights_at(membership=membership, records=records, stage=stage) for stage in Stage
    }


def sights_at(
    *, membership: Membership, records: Sequence[Record], stage: Stage
) -> dict[int, Sight]:
    """What the person may see of each record at one stage, by record."""
    nothing = Sight(Status.AWAITING, is_open=False, is_settled=False, decisions=[], ruling=None)
    if not membership.can(Capability.VIEW):
        return {record.pk: nothing for record in records}
    ids = [record.pk for record in records]
    said: dict[int, list[Decision]] = defaultdict(list)
    decisions = Decision.objects.current().filter(record__in=ids, stage=stage)
    for one in decisions.select_related("reviewer__user", "reason").order_by("created_at", "pk"):
        said[one.record_id].append(one)
    rulings = Adjudication.objects.current().filter(record__in=ids, stage=stage)
    ruled = {one.record_id: one for one in rulings.select_related("adjudicator__user", "reason")}
    settings = settings_of(membership.review, stage)
    return {
        record.pk: sight_from(membership, settings, said[record.pk], ruled.get(record.pk))
        if record.review_id == membership.review_id
        else nothing
        for record in records
    }


def held_by_stage(records: Sequence[Record]) -> Mapping[Stage, set[int]]:
    """Which of the records each stage holds now, by id."""
    asked = Record.objects.filter(pk__in=[record.pk for record in records])
    return {stage: set(in_stage(asked, stage).values_list("pk", flat=True)) for stage in Stage}


def with_open_labels(
    records: Sequence[Record], sights: Sights, held: Mapping[Stage, set[int]]
) -> set[int]:
    """The records whose team notes and tags the person sees; as `blinding.are_labels_open`.

    Args:
        records: The records, with their sources.
        sights: What `sights_of` gave for them.
        held: What `held_by_stage` gave for them.
    """
    before = [one.pk for one in records if one.source.kind == Source.Kind.PREVIOUS_VERSION]
    decided = Decision.objects.current().filter(record__in=before)
    judged = set(decided.values_list("record_id", flat=True)) if before else set()
    unjudged = set(before) - judged
    first, full = sights[Stage.TITLE_ABSTRACT], sights[Stage.FULL_TEXT]
    found = set()
    for record in records:
        is_identified = record.source.kind in Source.IDENTIFICATION_KINDS
        is_waiting = is_identified and not first[record.pk].is_settled
        has_gone_on = record.pk in held[Stage.FULL_TEXT] and not is_waiting
        sight = full[record.pk] if has_gone_on else first[record.pk]
        if record.pk in unjudged or sight.is_open:
            found.add(record.pk)
    return found


def labels_of(
    *, membership: Membership, records: Sequence[Record], are_open: set[int]
) -> tuple[Mapping[int, list[str]], Mapping[int, list[Note]]]:
    """Tags and notes by record: one's own, and the team's where they are open.

    Private notes are left out, even one's own: they are no part of a file for others.
    """
    ids = [record.pk for record in records]
    tags: dict[int, list[str]] = defaultdict(list)
    placed = RecordTag.objects.filter(record__in=ids).select_related("tag")
    for one in placed.order_by("tag__label", "pk"):
        is_seen = one.record_id in are_open or one.member_id == membership.pk
        if is_seen and one.tag.label not in tags[one.record_id]:
            tags[one.record_id].append(one.tag.label)
    notes: dict[int, list[Note]] = defaultdict(list)
    written = Note.objects.filter(record__in=ids, is_private=False).select_related("author__user")
    for note in written:
        if note.record_id in are_open or note.author_id == membership.pk:
            notes[note.record_id].append(note)
    return tags, notes
