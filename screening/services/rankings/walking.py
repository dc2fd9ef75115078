"""Handing out by relevance: the top of the newest order, what was put off last."""

from django.utils import timezone

from screening.models import Membership, Record, ScreeningLease, SkippedRecord, StageSettings
from screening.selectors.queue import asker_of, is_free_for, is_open_to
from screening.selectors.rankings.standing import RankedRecords
from screening.selectors.rankings.walk import next_ranked_id

MAX_TRIES = 20


def ranked_record(
    *,
    membership: Membership,
    settings: StageSettings,
    ranked: RankedRecords,
    near: Record | None,
    backwards: bool = False,
    is_ahead: bool = False,
) -> Record | None:
    """The record to hand out by relevance; call it inside the transaction of the lease.

    Args:
        membership: The reviewer.
        settings: The stage.
        ranked: The person's order.
        near: The record on screen. Walking on from one that is not decided puts it off.
        backwards: Go back: to what was put off last, else one place up.
        is_ahead: Only loads ahead; nothing is put off.

    Returns:
        The record with its source, locked; None when none of the order is free.
    """
    if near is not None and not is_ahead:
        if backwards:
            return _back(membership, settings, ranked, near)
        if _needs(membership, settings, near.pk):
            _put_off(membership, settings, near)
        ahead = _loaded_ahead(membership, settings, near)
        if ahead is not None:
            return ahead
    avoid = [near.pk] if near else []
    for _ in range(MAX_TRIES):
        record_id = next_ranked_id(
            membership=membership, settings=settings, ranked=ranked, avoid=avoid
        )
        if record_id is None:
            return None
        record = _locked(record_id)
        if record is not None and _is_free(membership, settings, record_id):
            return record
        avoid.append(record_id)
    return None


def _loaded_ahead(membership: Membership, settings: StageSettings, near: Record) -> Record | None:
    """What was loaded ahead while the record was on screen: it is painted already."""
    leases = ScreeningLease.objects.filter(
        reviewer=membership, stage=settings.stage, expires_at__gt=timezone.now()
    ).exclude(record=near.pk)
    for record_id in leases.order_by("-expires_at").values_list("record", flat=True):
        if _needs(membership, settings, record_id):
            return _locked(record_id)
    return None


def _back(
    membership: Membership, settings: StageSettings, ranked: RankedRecords, near: Record
) -> Record | None:
    skipped = SkippedRecord.objects.filter(member=membership, stage=settings.stage)
    for one in skipped.exclude(record=near.pk).order_by("-skipped_at", "-pk"):
        one.delete()
        if _is_free(membership, settings, one.record_id):
            return _locked(one.record_id)
    ids = ranked.open_ids.tolist()
    place = ids.index(near.pk) if near.pk in ids else 0
    for record_id in reversed(ids[:place]):
        if _is_free(membership, settings, record_id):
            return _locked(record_id)
    return _locked(near.pk)


def _put_off(membership: Membership, settings: StageSettings, record: Record) -> None:
    SkippedRecord.objects.update_or_create(
        member=membership,
        stage=settings.stage,
        record=record,
        defaults={"skipped_at": timezone.now()},
    )


def _locked(record_id: int) -> Record | None:
    records = Record.objects.select_for_update(of=("self",), no_key=True)
    return records.select_related("source").filter(pk=record_id).first()


def _needs(membership: Membership, settings: StageSettings, record_id: int) -> bool:
    return is_open_to(asker_of(membership, settings), record_id)


def _is_free(membership: Membership, settings: StageSettings, record_id: int) -> bool:
    return is_free_for(asker_of(membership, settings), record_id)
